"""服务客户数量: distinct external bodies whose services of the year come to the floor of the scheme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from app.evaluation.rules.indicators.indicator import Indicator, IndicatorCode, Measured, Method, Settings
from app.ledger.rules.exclusions import Measure
from app.ledger.rules.verdicts import Judgement


def measure(judged: Sequence[Judgement], _year: int, settings: Settings) -> Measured:
    """Setting `floor_fen`: what a client must have been charged in counted services of the year."""
    counted = [one for one in judged if one.verdicts[Measure.CLIENTS].counts]
    charged: Counter[str] = Counter()
    for one in counted:
        charged[str(one.facts.client_person)] += one.facts.charged
    enough = sum(fen >= settings.get("floor_fen", 0) for fen in charged.values())
    note = "clients-below-floor" if enough < len(charged) else None
    return Measured(Fraction(enough), len(counted), note)


CLIENT_COUNT = Indicator(IndicatorCode.CLIENT_COUNT, "Art. 13 ¶1, client count", Method.TARGET, measure, policy=True)
