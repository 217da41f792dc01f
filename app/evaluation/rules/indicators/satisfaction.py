"""满意度: mean rating of five, over the counted services that were rated."""

from __future__ import annotations

from fractions import Fraction

from app.evaluation.rules.indicators.indicator import Indicator, IndicatorCode, Measured, Method, Settings
from app.ledger.rules.exclusions import Measure
from app.ledger.rules.verdicts import Judgement

BEST = 5


class Satisfaction:
    """Setting `least_ratings`: with fewer the value is 0, and the note says so; at least one is needed."""

    def __init__(self, _year: int, settings: Settings) -> None:
        self.least = max(1, settings.get("least_ratings", 1))
        self.ratings = self.stars = 0

    def add(self, one: Judgement) -> None:
        if one.facts.rating is not None and one.verdicts[Measure.COUNT].counts:
            self.ratings += 1
            self.stars += one.facts.rating

    def measured(self) -> Measured:
        if self.ratings < self.least:
            return Measured(Fraction(0), self.ratings, "too-few-ratings" if self.ratings else "no-ratings")
        return Measured(Fraction(self.stars, BEST * self.ratings), self.ratings)


SATISFACTION = Indicator(IndicatorCode.SATISFACTION, "Art. 13 ¶1, further indicators", Method.SHARE, Satisfaction)
