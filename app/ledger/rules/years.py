"""The year in which a service stands: civil years of Asia/Shanghai, with published cut-offs (到账截止日)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.ledger.rules.amounts import paid_on
from app.ledger.rules.facts import ServiceFacts


@dataclass(frozen=True, slots=True)
class CutOffs:
    """The last day on which money for a service year may come in, for the years that have published one."""

    dates: Mapping[int, date]

    def __post_init__(self) -> None:
        if any(on < date(year, 12, 31) for year, on in self.dates.items()):
            raise ValueError("a cut-off does not come before its year is over")

    def of(self, year: int) -> date | None:
        return self.dates.get(year)


def year_of(facts: ServiceFacts, cut_offs: CutOffs) -> int | None:
    """One year for all measures: that of the service where it was paid by the cut-off, else that of being paid.

    None until it is paid. Without a published cut-off it is the year of being paid, at the earliest that
    of the service.
    """
    paid, service = paid_on(facts), facts.service_year
    if paid is None:
        return None
    last = cut_offs.of(service)
    if last is None:
        return max(paid.year, service)
    return service if paid <= last else max(paid.year, service + 1)
