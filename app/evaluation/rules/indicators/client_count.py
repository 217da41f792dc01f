"""服务客户数量: distinct external bodies whose services of the year come to the floor of the scheme."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from app.evaluation.rules.documents import setting
from app.evaluation.rules.indicators.indicator import Indicator, Measured
from app.evaluation.rules.readers import whole
from app.ledger.rules.amounts import kept
from app.ledger.rules.exclusions import Measure
from app.ledger.rules.verdicts import Judgement


class ClientCount(Indicator):
    code = "client-count"
    clause = "Art. 13 ¶1, client count"
    measure = Measure.CLIENTS
    notes = ("clients-below-floor",)
    policy = True

    @dataclass(frozen=True, slots=True)
    class Settings:
        """`floor_fen`: what a client must have paid for counted services of the year, net of refunds."""

        floor_fen: int = setting(whole(), 0)

    def __init__(self, year: int, settings: Settings) -> None:
        super().__init__(year, settings)
        self.floor = settings.floor_fen
        self.kept: Counter[str] = Counter()
        self.records = 0

    def add(self, one: Judgement) -> None:
        if one.verdicts[Measure.CLIENTS].counts:
            self.kept[str(one.facts.client_person)] += kept(one.facts)
            self.records += 1

    def measured(self) -> Measured:
        enough = sum(fen >= self.floor for fen in self.kept.values())
        note = "clients-below-floor" if enough < len(self.kept) else None
        return Measured(Fraction(enough), self.records, note)
