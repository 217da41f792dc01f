"""服务客户数量: distinct external bodies whose services of the year come to the floor of the scheme."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from app.evaluation.rules.indicators.indicator import Indicator, IndicatorCode, Measured, Method, Settings
from app.ledger.rules.amounts import kept
from app.ledger.rules.exclusions import Measure
from app.ledger.rules.verdicts import Judgement


class ClientCount:
    """Setting `floor_fen`: what a client must have paid for counted services of the year, net of refunds."""

    def __init__(self, _year: int, settings: Settings) -> None:
        self.floor = settings.get("floor_fen", 0)
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


CLIENT_COUNT = Indicator(
    IndicatorCode.CLIENT_COUNT, "Art. 13 ¶1, client count", Method.TARGET, ClientCount, policy=True
)
