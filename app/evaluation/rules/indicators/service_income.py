"""服务收入: eligible income of the year in 万元; refunds of earlier services weigh against it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from app.evaluation.rules.indicators.indicator import Indicator, IndicatorCode, Measured, Method, Settings
from app.ledger.rules.exclusions import Measure
from app.ledger.rules.verdicts import Judgement

FEN_PER_WAN_YUAN = 1_000_000


def measure(judged: Sequence[Judgement], _year: int, _settings: Settings) -> Measured:
    verdicts = [one.verdicts[Measure.INCOME] for one in judged]
    fen = sum(v.value for v in verdicts)
    return Measured(Fraction(fen, FEN_PER_WAN_YUAN), sum(v.value != 0 for v in verdicts))


SERVICE_INCOME = Indicator(
    IndicatorCode.SERVICE_INCOME, "Art. 13 ¶1, service income", Method.TARGET, measure, policy=True
)
