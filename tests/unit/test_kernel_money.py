"""Money is whole fen; splitting loses nothing; rounding is half up, once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.money import ZERO, Money, half_up, total


@pytest.mark.parametrize(
    ("value", "fen"), [("0.5", 1), ("1.5", 2), ("2.5", 3), ("2.4999", 2), ("-0.5", -1), ("-2.5", -3), ("-2.4", -2)]
)
def test_halves_go_away_from_zero(value: str, fen: int) -> None:
    assert half_up(Decimal(value)) == fen
    assert Money(1).times(Decimal(value)) == Money(fen)


@pytest.mark.parametrize("wrong", [1.0, True, "1", Decimal(1), None])
def test_money_takes_whole_fen_only(wrong: object) -> None:
    with pytest.raises(TypeError, match="whole fen"):
        Money(wrong)  # type: ignore[arg-type]


def test_money_never_meets_a_float() -> None:
    with pytest.raises(TypeError, match="Decimal"):
        Money(100).times(0.1)  # type: ignore[arg-type]


@pytest.mark.parametrize(("text", "fen"), [("1033.33", 1033_33), ("0", 0), ("-0.01", -1), ("1E+2", 100_00)])
def test_yuan(text: str, fen: int) -> None:
    assert Money.yuan(text) == Money(fen)
    assert Money(fen).in_yuan() == Decimal(text)


def test_a_third_decimal_is_an_error_not_a_rounding() -> None:
    with pytest.raises(ValueError, match="two decimals"):
        Money.yuan("0.001")


@pytest.mark.parametrize(
    ("fen", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-33, -33, -34]),
        (100, [0, 1], [0, 100]),
        (1, [1, 1], [1, 0]),
        (5, [Decimal("0.2"), Decimal("0.8")], [1, 4]),
        (10, [1, 5, 3], [1, 6, 3]),
    ],
)
def test_splits(fen: int, weights: list[Decimal | int], parts: list[int]) -> None:
    assert Money(fen).split(weights) == [Money(p) for p in parts]


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [2, -1]])
def test_impossible_splits(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        Money(100).split(weights)


weights = st.lists(st.one_of(st.integers(0, 10**6), st.decimals(0, 100, places=3)), min_size=1, max_size=8)


@given(st.integers(-(10**12), 10**12), weights.filter(lambda w: sum(w) > 0))
def test_splitting_loses_nothing_and_is_fair_to_a_fen(fen: int, shares: list[Decimal | int]) -> None:
    parts = Money(fen).split(shares)
    assert total(parts) == Money(fen)
    whole = sum(Decimal(s) for s in shares)
    assert all(abs(p.fen - Decimal(fen) * s / whole) < 1 for p, s in zip(parts, shares, strict=True))


@given(st.integers(-(10**15), 10**15), st.integers(-(10**15), 10**15))
def test_arithmetic(a: int, b: int) -> None:
    assert Money(a) + Money(b) - Money(b) == Money(a)
    assert Money(a) + -Money(a) == ZERO
    assert bool(Money(a)) == (a != 0)
    assert (Money(a) < Money(b)) == (a < b)
    assert Money.yuan(Money(a).in_yuan()) == Money(a)
