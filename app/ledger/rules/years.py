"""The year in which a service counts: civil years of Asia/Shanghai, with a published cut-off (到账截止日).

Count, clients and hours go by the end of the service; income goes by the later of the end and the
receipt. Money that came after the cut-off of its service year takes count and income together to
the year of the receipt, once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from app.kernel.civil import civil_year
from app.ledger.rules.facts import ServiceFacts, paid_on


@dataclass(frozen=True, slots=True)
class CutOffs:
    """The last day on which money for a year may come in; years without a date of their own follow the custom."""

    dates: Mapping[int, date] = field(default_factory=dict)
    month: int = 3
    day: int = 31

    def __post_init__(self) -> None:
        if any(on < date(year, 12, 31) for year, on in self.dates.items()):
            raise ValueError("a cut-off does not come before its year is over")

    def of(self, year: int) -> date:
        return self.dates.get(year) or date(year + 1, self.month, self.day)


@dataclass(frozen=True, slots=True)
class Years:
    """None until the money is there."""

    service: int
    count: int | None
    income: int | None


def years_when_paid(facts: ServiceFacts, cut_offs: CutOffs) -> Years:
    """Where the scheme asks for payment."""
    service = civil_year(facts.ended)
    paid = paid_on(facts)
    if paid is None:
        return Years(service, None, None)
    income = max(service, paid.year)
    return Years(service, service if paid <= cut_offs.of(service) else income, income)


def years_when_served(facts: ServiceFacts) -> Years:
    """Where the scheme counts unpaid services too; a receipt then changes nothing any more."""
    service = civil_year(facts.ended)
    return Years(service, service, service)
