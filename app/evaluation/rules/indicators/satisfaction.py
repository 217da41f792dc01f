"""满意度: mean rating of five, over the counted services that were rated."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from app.evaluation.rules.indicators.indicator import Indicator, IndicatorCode, Measured, Method, Settings
from app.ledger.rules.exclusions import Measure
from app.ledger.rules.verdicts import Judgement

BEST = 5


def measure(judged: Sequence[Judgement], _year: int, settings: Settings) -> Measured:
    """Setting `least_ratings`: with fewer the value is 0, and the note says so; at least one is needed."""
    ratings = [j.facts.rating for j in judged if j.verdicts[Measure.COUNT].counts and j.facts.rating is not None]
    if len(ratings) < max(1, settings.get("least_ratings", 1)):
        return Measured(Fraction(0), len(ratings), "too-few-ratings" if ratings else "no-ratings")
    return Measured(Fraction(sum(ratings), BEST * len(ratings)), len(ratings))


SATISFACTION = Indicator(IndicatorCode.SATISFACTION, "Art. 13 ¶1, further indicators", Method.SHARE, measure)
