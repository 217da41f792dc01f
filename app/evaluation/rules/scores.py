"""R1: the score of one unit, S = Σ weight · min(1, value ÷ target), exact until it is rounded once to two places."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.evaluation.rules.indicators import INDICATORS, Indicator, Method
from app.evaluation.rules.schemes import Scheme, WeightedIndicator
from app.ledger.rules.verdicts import Judgement

SHOWN = 6
"""Decimal places of values and points as stored and shown; the score is not computed from these."""


@dataclass(frozen=True, slots=True)
class IndicatorScore:
    """One indicator of one unit: value and points to six places, the points exact besides."""

    code: str
    value: Decimal
    target: Decimal | None
    weight: Decimal
    points: Decimal
    exact: Fraction
    records: int
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """`total` is None where the unit is not assessable: none of its records counts."""

    parts: tuple[IndicatorScore, ...]
    total: Decimal | None

    @property
    def policy_points(self) -> Fraction:
        """The sum of the three indicators that Art. 13 names; the higher one wins a tie."""
        return sum((p.exact for p in self.parts if INDICATORS[p.code].policy), Fraction(0))


def rounded(value: Fraction, places: int) -> Decimal:
    """Half up, from the exact value. Scores are not negative, save for income taken back."""
    scale = 10**places
    units = abs(value) * scale
    whole = int(units + Fraction(1, 2))
    return Decimal(whole if value >= 0 else -whole).scaleb(-places)


def share(value: Fraction, target: Decimal | None) -> Fraction:
    """How much of the target is reached, at most 1; without a target the value is the share.

    What earlier years took and is taken back now may outweigh the year: then it is negative, and so are its points.
    """
    return min(Fraction(1), value if target is None else value / Fraction(target))


class Scoring:
    """The year of one unit while its judged records come in, one by one and in any order."""

    def __init__(self, scheme: Scheme, *, group: str, year: int) -> None:
        self.group = group
        self.indicators = [(i, INDICATORS[i.code](year, i.settings)) for i in scheme.indicators]
        self.assessable = False

    def add(self, one: Judgement) -> None:
        self.assessable = self.assessable or any(v.counts for v in one.verdicts.values())
        for _weighted, indicator in self.indicators:
            indicator.add(one)

    def score(self) -> Score:
        parts = tuple(_score(weighted, indicator, self.group) for weighted, indicator in self.indicators)
        return Score(parts, rounded(sum((p.exact for p in parts), Fraction(0)), 2) if self.assessable else None)


def _score(weighted: WeightedIndicator, indicator: Indicator, group: str) -> IndicatorScore:
    measured = indicator.measured()
    target = weighted.target(group) if indicator.method is Method.TARGET else None
    exact = Fraction(weighted.weight) * share(measured.value, target)
    return IndicatorScore(
        code=weighted.code,
        value=rounded(measured.value, SHOWN),
        target=target,
        weight=weighted.weight,
        points=rounded(exact, SHOWN),
        exact=exact,
        records=measured.records,
        note=measured.note,
    )
