"""§4 One job is one: which records are one job."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, time, timedelta

from tests.oracle.model import SHANGHAI, Ledger, Record, civil_day

Job = tuple[Record, ...]


def jobs(ledger: Ledger, records: Iterable[Record]) -> list[Job]:
    """Every record belongs to one job, by its order number or, without one, by nearness in time."""
    numbered: dict[tuple[str, ...], list[Record]] = defaultdict(list)
    alike: dict[tuple[str, ...], list[Record]] = defaultdict(list)
    for record in records:
        if record.order is not None:
            numbered[record.provider, record.order].append(record)
        else:
            who = (record.provider, ledger.client_of(record), record.user)
            alike[*who, record.instrument, record.purpose].append(record)
    chained = [job for group in alike.values() for job in chains(ledger, group)]
    return [tuple(group) for group in numbered.values()] + chained


def chains(ledger: Ledger, records: list[Record]) -> list[Job]:
    """ "each next start no later than 24:00 of the instrument's first open civil day after …"."""
    found: list[list[Record]] = []
    for record in sorted(records, key=lambda each: (each.start, each.end, each.key)):
        if found and record.start <= latest_next_start(ledger, found[-1]):
            found[-1].append(record)
        else:
            found.append([record])
    return [tuple(chain) for chain in found]


def latest_next_start(ledger: Ledger, chain: list[Record]) -> datetime:
    """ "… the day of the latest end so far"; Reading 9: here too an end at 00:00 belongs to the new day."""
    latest = max(record.end for record in chain)
    open_day = ledger.first_open_day_after(chain[0].instrument, civil_day(latest))
    return datetime.combine(open_day + timedelta(days=1), time(0), SHANGHAI)


def last_of(records: Iterable[Record]) -> Record:
    """ "last … by end and key"."""
    return max(records, key=lambda record: (record.end, record.key))
