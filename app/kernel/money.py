"""Money as whole fen (分), so that no amount is ever a binary fraction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor

_FEN = Decimal(1)
_CENT = Decimal("0.01")


def half_up(value: Decimal, step: Decimal = _FEN) -> Decimal:
    """Round to the nearest `step`, halves away from zero: the one rounding rule of the platform."""
    return value.quantize(step, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, order=True, slots=True)
class Money:
    """An amount in fen; may be negative, because corrections reverse and re-post."""

    fen: int

    def __post_init__(self) -> None:
        if type(self.fen) is not int:
            raise TypeError(f"Money takes whole fen, not {type(self.fen).__name__}")

    @classmethod
    def yuan(cls, amount: Decimal | int | str) -> Money:
        """Read an amount in yuan; more than two decimals is an error, not a rounding."""
        value = Decimal(amount)
        if value != value.quantize(_CENT):
            raise ValueError("an amount in yuan has at most two decimals")
        return cls(int(value * 100))

    def in_yuan(self) -> Decimal:
        return (Decimal(self.fen) / 100).quantize(_CENT)

    def __add__(self, other: Money) -> Money:
        return Money(self.fen + other.fen)

    def __sub__(self, other: Money) -> Money:
        return Money(self.fen - other.fen)

    def __neg__(self) -> Money:
        return Money(-self.fen)

    def __bool__(self) -> bool:
        return self.fen != 0

    def times(self, factor: Decimal | int) -> Money:
        """Multiply and round once, half up. Rates and quantities are Decimal, never float."""
        if isinstance(factor, float):
            raise TypeError("a factor is a Decimal or an int")
        return Money(int(half_up(Decimal(self.fen) * factor)))

    def split(self, weights: Sequence[Decimal | int]) -> list[Money]:
        """Divide in proportion to `weights` without losing a fen.

        The remainder goes to the largest fractions, earlier parts first on a tie.
        Weights are not negative and not all zero.
        """
        shares = [Fraction(w) for w in weights]
        whole = sum(shares)
        if whole <= 0 or any(s < 0 for s in shares):
            raise ValueError("weights must not be negative and must not all be zero")
        exact = [self.fen * s / whole for s in shares]
        parts = [floor(e) for e in exact]
        short = self.fen - sum(parts)
        by_fraction = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
        for i in by_fraction[:short]:
            parts[i] += 1
        return [Money(p) for p in parts]


ZERO = Money(0)


def total(amounts: Iterable[Money]) -> Money:
    return Money(sum(a.fen for a in amounts))
