"""Jobs: services that are one for the count, over any number of days and over New Year.

With an order number, all records of that number at one provider. Without one, records of the same
provider, client, user, instrument and purpose of which each starts before the instrument's first open day
after the latest end so far is over. Whether a record counts plays no part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import TypeVar

from app.booking.rules.opening import Opening, hours_on
from app.kernel.civil import at, civil_day
from app.kernel.period import Period
from app.ledger.rules.facts import ServiceFacts

T = TypeVar("T")
Key = tuple[str, ...]

LONGEST_CLOSURE = timedelta(days=62)
"""Beyond that nobody takes up the same job: an instrument that stays closed longer is asked for the next day."""


def reach_of(ended: datetime) -> Period:
    """The days whose opening hours decide how far a use reaches."""
    return Period(ended, ended + LONGEST_CLOSURE)


def linked_until(ended: datetime, opening: Opening) -> datetime:
    """24:00 of the instrument's first open civil day after the day of the end."""
    first = civil_day(ended) + timedelta(days=1)
    days = (first + timedelta(days=n) for n in range(LONGEST_CLOSURE.days))
    return at(next((day for day in days if hours_on(opening, day)), first) + timedelta(days=1))


def shelf(facts: ServiceFacts) -> Key:
    """Records of one job share this: the ledger hands them over shelf by shelf, so that one is in memory at a time."""
    if facts.order is not None:
        return ("order", facts.order)
    return ("instrument", facts.instrument, facts.user, facts.purpose)


def jobs(found: Iterable[T], facts_of: Callable[[T], ServiceFacts]) -> Iterator[list[T]]:
    """Every job with its members in order of end and key. Raises ValueError where a shelf comes in pieces."""
    seen: set[int] = set()
    for key, together in groupby(found, key=lambda one: shelf(facts_of(one))):
        if hash(key) in seen:
            raise ValueError("records come shelf by shelf")
        seen.add(hash(key))
        yield from _of_shelf(list(together), facts_of)


def _of_shelf(together: list[T], facts_of: Callable[[T], ServiceFacts]) -> Iterator[list[T]]:
    parties: defaultdict[Key, list[T]] = defaultdict(list)
    for one in together:
        parties[_parties(facts_of(one))].append(one)
    for members in parties.values():
        found = [members] if facts_of(members[0]).order is not None else _linked(members, facts_of)
        yield from (sorted(job, key=lambda one: (facts_of(one).ended, facts_of(one).key)) for job in found)


def _parties(facts: ServiceFacts) -> Key:
    if facts.order is not None:
        return (facts.provider,)
    return (facts.provider, facts.client_person or facts.client)


def _linked(members: list[T], facts_of: Callable[[T], ServiceFacts]) -> Iterator[list[T]]:
    """Cut where a start lies beyond what the days before reach to."""
    job: list[T] = []
    reach = None
    for one in sorted(members, key=lambda one: facts_of(one).started):
        facts = facts_of(one)
        if reach is not None and facts.started > reach:
            yield job
            job, reach = [], None
        job.append(one)
        reach = facts.linked_until if reach is None else max(reach, facts.linked_until)
    yield job
