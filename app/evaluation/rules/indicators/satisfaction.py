"""满意度: mean rating of five, over the counted services that were rated."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from app.evaluation.rules.documents import setting
from app.evaluation.rules.indicators.indicator import Indicator, Measured, Method, RowColumn, Unit
from app.evaluation.rules.readers import whole
from app.ledger.rules.exclusions import Measure
from app.ledger.rules.verdicts import Judgement

BEST = 5


class Satisfaction(Indicator):
    code = "satisfaction"
    clause = "Art. 13 ¶1, further indicators"
    measure = Measure.COUNT
    method = Method.SHARE
    unit = Unit.SHARE
    columns = (RowColumn.EVIDENCE, RowColumn.COUNTS, RowColumn.RATING, RowColumn.REASONS, RowColumn.MISSING)
    notes = ("no-ratings", "too-few-ratings")

    @dataclass(frozen=True, slots=True)
    class Settings:
        """`least_ratings`: with fewer the value is 0, and the note says so."""

        least_ratings: int = setting(whole(least=1), 1)

    def __init__(self, year: int, settings: Settings) -> None:
        super().__init__(year, settings)
        self.ratings = self.stars = 0

    def add(self, one: Judgement) -> None:
        if one.facts.rating is not None and one.verdicts[Measure.COUNT].counts:
            self.ratings += 1
            self.stars += one.facts.rating

    def measured(self) -> Measured:
        if self.ratings < self.settings.least_ratings:
            return Measured(Fraction(0), self.ratings, "too-few-ratings" if self.ratings else "no-ratings")
        return Measured(Fraction(self.stars, BEST * self.ratings), self.ratings)
