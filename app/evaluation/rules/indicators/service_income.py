"""服务收入: eligible income of the year in 万元; refunds of earlier services weigh against it."""

from __future__ import annotations

from fractions import Fraction

from app.evaluation.rules.indicators.indicator import Indicator, IndicatorCode, Measured, Method, Settings
from app.ledger.rules.exclusions import Measure
from app.ledger.rules.verdicts import Judgement

FEN_PER_WAN_YUAN = 1_000_000


class ServiceIncome:
    def __init__(self, _year: int, _settings: Settings) -> None:
        self.fen = self.records = 0

    def add(self, one: Judgement) -> None:
        value = one.verdicts[Measure.INCOME].value
        self.fen += value
        self.records += value != 0

    def measured(self) -> Measured:
        return Measured(Fraction(self.fen, FEN_PER_WAN_YUAN), self.records)


SERVICE_INCOME = Indicator(
    IndicatorCode.SERVICE_INCOME, "Art. 13 ¶1, service income", Method.TARGET, ServiceIncome, policy=True
)
