"""Split orders: services that are one for the count, though income and client stay with each."""

from __future__ import annotations

from datetime import date

from app.ledger.rules.facts import ServiceFacts

_Leader = tuple[str, date]


class Orders:
    """Which records are part of an earlier one's order; to be asked in order of end and key.

    Records of one commission, contract or sample batch are one. Without such a number, services of
    one client on one instrument are one while they end within `window_days` civil days counted
    from the first (1 means the same day); None leaves them apart.
    """

    def __init__(self, window_days: int | None) -> None:
        self.window_days = window_days
        self._leaders: dict[tuple[str, ...], _Leader] = {}

    def leader(self, record: ServiceFacts) -> str | None:
        """The key of the record that stands for this one in the count, or None where it stands for itself."""
        if record.order is None and self.window_days is None:
            return None
        group, day = _group(record), record.ended_on
        leader = self._leaders.get(group)
        if leader is None or (record.order is None and (day - leader[1]).days >= (self.window_days or 0)):
            self._leaders[group] = (record.key, day)
            return None
        return leader[0]


def _group(record: ServiceFacts) -> tuple[str, ...]:
    client = record.client_person or record.client
    if record.order is not None:
        return ("order", record.provider, client, record.order)
    return ("instrument", record.provider, client, record.instrument)
