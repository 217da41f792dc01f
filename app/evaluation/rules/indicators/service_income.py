"""服务收入: eligible income of the year in 万元; refunds of earlier services weigh against it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from app.evaluation.rules.indicators.indicator import COMMON, Indicator, Measured, RowColumn, Unit
from app.ledger.rules.exclusions import Measure
from app.ledger.rules.verdicts import Judgement

FEN_PER_WAN_YUAN = 1_000_000


class ServiceIncome(Indicator):
    code = "service-income"
    clause = "Art. 13 ¶1, service income"
    measure = Measure.INCOME
    unit = Unit.WAN_YUAN
    columns = (RowColumn.PAID_ON, RowColumn.INVOICES, *COMMON)
    policy = True

    def __init__(self, year: int, settings: Any) -> None:
        super().__init__(year, settings)
        self.fen = self.records = 0

    def add(self, one: Judgement) -> None:
        value = one.verdicts[Measure.INCOME].value
        self.fen += value
        self.records += value != 0

    def measured(self) -> Measured:
        return Measured(Fraction(self.fen, FEN_PER_WAN_YUAN), self.records)
