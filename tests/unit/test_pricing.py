"""Prices: the domain's examples, rounding, minimum charge, classes and dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.civil import civil_day
from app.kernel.money import Money
from app.pricing.rules import (
    FALLBACK,
    ClientClass,
    HourlyPrice,
    LineCode,
    QuoteLine,
    in_force,
    price_for,
    quote,
)
from tests.unit.times import t

EXAMPLE = HourlyPrice(hourly_fen=400_00, start_up_fen=200_00, free_minutes=15 + 10)


@pytest.mark.parametrize(
    ("price", "minutes", "fen"),
    [
        (EXAMPLE, 150, 1033_33),
        (EXAMPLE, 25, 200_00),
        (EXAMPLE, 0, 200_00),
        (HourlyPrice(400_00), 60, 400_00),
        (HourlyPrice(400_00, billing_unit_minutes=30), 61, 600_00),
        (HourlyPrice(400_00, billing_unit_minutes=30), 60, 400_00),
        (HourlyPrice(400_00, free_minutes=10, billing_unit_minutes=30), 41, 400_00),
        (HourlyPrice(400_00, minimum_fen=100_00), 6, 100_00),
        (HourlyPrice(400_00, minimum_fen=100_00), 16, 106_67),
        (HourlyPrice(30), 1, 1),
        (HourlyPrice(29), 1, 0),
        (HourlyPrice(0), 600, 0),
    ],
)
def test_quotes(price: HourlyPrice, minutes: int, fen: int) -> None:
    assert quote(price, minutes).total == Money(fen)


def test_every_line_is_shown() -> None:
    assert quote(EXAMPLE, 150).lines == (
        QuoteLine(LineCode.START_UP, Decimal(1), Money(200_00), Money(200_00)),
        QuoteLine(LineCode.MACHINE_TIME, Decimal(125), Money(400_00), Money(833_33), per=60),
    )
    topped = quote(HourlyPrice(100_00, minimum_fen=80_00), 30)
    assert [(line.code, line.amount.fen) for line in topped.lines] == [("machine-time", 50_00), ("minimum", 30_00)]
    assert [line.code for line in quote(HourlyPrice(100_00, minimum_fen=50_00), 30).lines] == ["machine-time"]
    assert quote(HourlyPrice(100_00, minimum_fen=50_01), 30).total == Money(50_01)


@pytest.mark.parametrize("wrong", [{"hourly_fen": -1}, {"hourly_fen": 1, "billing_unit_minutes": 0}])
def test_impossible_prices(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"price|unit"):
        HourlyPrice(**wrong)


def test_a_use_of_negative_length_has_no_price() -> None:
    with pytest.raises(ValueError, match="less than nothing"):
        quote(EXAMPLE, -1)


def test_a_class_without_a_price_pays_the_nearest_wider_one() -> None:
    prices = {ClientClass.FIRM: HourlyPrice(3), ClientClass.OTHER: HourlyPrice(4)}
    paid = {c: found.hourly_fen for c in ClientClass if (found := price_for(c, prices))}
    assert paid == {"own_unit": 4, "academic": 4, "firm": 3, "small_firm": 3, "team": 3, "other": 4}
    assert price_for(ClientClass.ACADEMIC, {ClientClass.FIRM: HourlyPrice(3)}) is None


def test_the_fallback_order_begins_with_oneself_and_ends_with_the_general_price() -> None:
    assert set(FALLBACK) == set(ClientClass)
    assert all((order[0], order[-1]) == (c, ClientClass.OTHER) for c, order in FALLBACK.items())


@dataclass(frozen=True)
class Version:
    name: str
    valid_from: date
    valid_until: date | None = None


OLD = Version("old", date(2025, 1, 1), date(2026, 1, 1))
NEW = Version("new", date(2026, 1, 1))


@pytest.mark.parametrize(
    ("at", "name"),
    [
        ("2024-12-31 23:59:59", None),
        ("2025-01-01 00:00", "old"),
        ("2025-12-31 23:59:59", "old"),
        ("2026-01-01 00:00", "new"),
        ("2099-01-01 00:00", "new"),
    ],
)
def test_the_version_in_force(at: str, name: str | None) -> None:
    found = [one.name for one in (NEW, OLD) if in_force(one, civil_day(t(at)))]
    assert found == ([name] if name else [])


prices = st.builds(
    HourlyPrice,
    hourly_fen=st.integers(0, 10**7),
    start_up_fen=st.integers(0, 10**6),
    free_minutes=st.integers(0, 60),
    billing_unit_minutes=st.integers(1, 60),
    minimum_fen=st.integers(0, 10**6),
)


@given(prices, st.integers(0, 10_000), st.integers(0, 500))
def test_longer_is_never_cheaper_and_the_minimum_holds(price: HourlyPrice, minutes: int, more: int) -> None:
    cost = quote(price, minutes).total.fen
    assert cost >= max(price.minimum_fen, price.start_up_fen)
    assert quote(price, minutes + more).total.fen >= cost


@given(prices, st.integers(0, 10_000))
def test_lines_round_to_the_nearest_fen(price: HourlyPrice, minutes: int) -> None:
    for line in quote(price, minutes).lines:
        assert abs(line.amount.fen * line.per - line.unit_price.fen * line.quantity) * 2 <= line.per
