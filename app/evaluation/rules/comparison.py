"""Other methods of scoring, for comparison and sensitivity only: here another's figures can change yours.

A matrix has one row per candidate and one column per indicator, bigger being better unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, localcontext
from enum import Enum

Column = Sequence[Decimal]
Matrix = Sequence[Column]
_ZERO, _ONE, _HUNDRED = Decimal(0), Decimal(1), Decimal(100)
PRECISION = 34


class Direction(Enum):
    MORE = 1
    LESS = -1


def ratio_to_maximum(values: Column) -> list[Decimal]:
    """0 to 100; nothing at all gives 0 to everybody."""
    best = max(values, default=_ZERO)
    return [v / best * _HUNDRED if best > 0 else _ZERO for v in values]


def min_max(values: Column) -> list[Decimal]:
    """0 to 100; a constant column tells nobody apart and gives 100 to everybody."""
    least, span = min(values, default=_ZERO), _span(values)
    return [(v - least) / span * _HUNDRED if span else _HUNDRED for v in values]


def percentile(values: Column) -> list[Decimal]:
    """The share of candidates that one is not worse than, 0 to 100."""
    return [Decimal(sum(other <= v for other in values)) / len(values) * _HUNDRED for v in values]


def efficacy(values: Column) -> list[Decimal]:
    """功效系数 60 + 40·x: the last still has 60."""
    return [60 + points * 40 / _HUNDRED for points in min_max(values)]


def _span(values: Column) -> Decimal:
    return max(values) - min(values) if values else _ZERO


def entropy_weights(matrix: Matrix) -> list[Decimal]:
    """Weights that sum to 1, larger where candidates differ more. Where nobody differs, all weigh the same.

    Values are not negative; 0·ln 0 counts as 0, and a column of nothing but zeros tells nobody apart.
    """
    with localcontext(prec=PRECISION):
        columns = list(zip(*matrix, strict=True))
        told = [_ONE - _entropy(column) for column in columns]
        whole = sum(told)
        return [t / whole if whole else _ONE / len(columns) for t in told]


def _entropy(column: Column) -> Decimal:
    if not _span(column):
        return _ONE
    whole = sum(column)
    shares = [v / whole for v in column if v > 0]
    return -sum((p * p.ln() for p in shares), _ZERO) / Decimal(len(column)).ln()


def topsis(matrix: Matrix, weights: Column, directions: Sequence[Direction]) -> list[Decimal]:
    """Closeness to the ideal candidate, 0 to 1; candidates that are all alike are all at 1."""
    with localcontext(prec=PRECISION):
        columns = list(zip(*matrix, strict=True))
        weighted = [_normalised(c, w, d) for c, w, d in zip(columns, weights, directions, strict=True)]
        best, worst = [max(c) for c in weighted], [min(c) for c in weighted]
        return [_closeness(row, best, worst) for row in zip(*weighted, strict=True)]


def _normalised(column: Column, weight: Decimal, direction: Direction) -> list[Decimal]:
    """Vector normalisation; where less is better the sign is turned, so that more always is."""
    length = sum((v * v for v in column), _ZERO).sqrt()
    return [direction.value * weight * v / length if length else _ZERO for v in column]


def _closeness(row: Column, best: Column, worst: Column) -> Decimal:
    to_best, to_worst = _distance(row, best), _distance(row, worst)
    return to_worst / (to_best + to_worst) if to_best + to_worst else _ONE


def _distance(one: Column, other: Column) -> Decimal:
    return sum(((a - b) ** 2 for a, b in zip(one, other, strict=True)), _ZERO).sqrt()
