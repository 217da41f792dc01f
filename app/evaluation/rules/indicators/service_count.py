"""服务频次: counted services of the year, each client up to a ceiling where the scheme sets one.

What an earlier year took and the service is no longer worth weighs against the client's count.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from app.evaluation.rules.documents import setting
from app.evaluation.rules.indicators.indicator import COMMON, Indicator, Measured, RowColumn
from app.evaluation.rules.readers import whole
from app.ledger.rules.exclusions import Measure
from app.ledger.rules.verdicts import Judgement


class ServiceCount(Indicator):
    code = "service-count"
    clause = "Art. 13 ¶1, service count"
    measure = Measure.COUNT
    columns = (*COMMON, RowColumn.COUNTED_WITH)
    notes = ("client-ceiling-reached",)
    policy = True

    @dataclass(frozen=True, slots=True)
    class Settings:
        """`per_client_ceiling`: the most services of one client that count."""

        per_client_ceiling: int | None = setting(whole(least=1), None)

    def __init__(self, year: int, settings: Settings) -> None:
        super().__init__(year, settings)
        self.ceiling = settings.per_client_ceiling
        self.by_client: Counter[str] = Counter()
        self.records = 0

    def add(self, one: Judgement) -> None:
        value = one.verdicts[Measure.COUNT].value
        if value:
            self.by_client[one.facts.client_person or one.facts.client] += value
            self.records += 1

    def measured(self) -> Measured:
        capped = [n if self.ceiling is None else min(n, self.ceiling) for n in self.by_client.values()]
        note = "client-ceiling-reached" if sum(capped) < self.by_client.total() else None
        return Measured(Fraction(sum(capped)), self.records, note)
