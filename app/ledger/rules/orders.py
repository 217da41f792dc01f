"""Split orders: services that are one for the count, though income and client stay with each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from app.ledger.rules.facts import ServiceFacts

_Leader = tuple[str, date]


def stand_ins(records: Iterable[ServiceFacts], window_days: int | None) -> dict[str, str]:
    """For each record that is part of an earlier one's order, the key of that earlier record.

    Records of one commission, contract or sample batch are one. Without such a number, services of
    one client on one instrument are one while they end within `window_days` civil days counted
    from the first (1 means the same day); None leaves them apart.
    """
    leaders: dict[tuple[str, ...], _Leader] = {}
    behind: dict[str, str] = {}
    for record in sorted(records, key=lambda r: (r.ended, r.key)):
        if record.order is None and window_days is None:
            continue
        group, day = _group(record), record.ended_on
        leader = leaders.get(group)
        if leader is None or (record.order is None and (day - leader[1]).days >= (window_days or 0)):
            leaders[group] = (record.key, day)
        else:
            behind[record.key] = leader[0]
    return behind


def _group(record: ServiceFacts) -> tuple[str, ...]:
    client = record.client_person or record.client
    if record.order is not None:
        return ("order", record.provider, client, record.order)
    return ("instrument", record.provider, client, record.instrument)
