"""Indicators: what each reads out of a judged year."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from app.evaluation.rules.indicators import INDICATORS, Measured
from app.ledger.rules.facts import ChargeKind, Confirmation, ServiceFacts
from tests.unit.rounds import judged
from tests.unit.services import paid, service
from tests.unit.times import t


def measured(code: str, records: list[ServiceFacts], **settings: Any) -> Measured:
    kind = INDICATORS[code]
    indicator = kind(2025, kind.Settings(**settings))
    for one in judged(*records):
        indicator.add(one)
    return indicator.measured()


def spread(*changes: dict[str, Any]) -> list[ServiceFacts]:
    """One service a month, so that nothing is a split order."""
    return [service(f"{n:02}", **{"ended": t(f"2025-{n:02}-05 10:00")} | c) for n, c in enumerate(changes, 1)]


THREE = spread({}, {}, {"client": "mill", "client_person": "mill"})
RELATED = {"related": True}


@pytest.mark.parametrize(
    ("records", "settings", "expected"),
    [
        (THREE, {}, Measured(Fraction(3), 3)),
        (THREE, {"per_client_ceiling": 1}, Measured(Fraction(2), 3, "client-ceiling-reached")),
        (
            spread({}, {"client": "branch"}),
            {"per_client_ceiling": 1},
            Measured(Fraction(1), 2, "client-ceiling-reached"),
        ),
        (
            spread(*({"client_person": None, "client": team} for team in ("one", "two"))),
            {"per_client_ceiling": 1},
            Measured(Fraction(2), 2),
        ),
        (spread({}, RELATED), {}, Measured(Fraction(1), 1)),
        (spread({"client_person": None, "client": "team"}), {}, Measured(Fraction(1), 1)),
        ([], {}, Measured(Fraction(0), 0)),
    ],
)
def test_service_count(records: list[ServiceFacts], settings: dict[str, Any], expected: Measured) -> None:
    assert measured("service-count", records, **settings) == expected


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (THREE, Measured(Fraction(3, 10), 3)),
        (spread({"charged": 1, "receipts": paid(("2025-02-01", 1))}), Measured(Fraction(0), 0)),
        (spread({}, RELATED), Measured(Fraction(1, 10), 1)),
        (
            [service("voucher", vouchers_afterwards=paid(("2025-03-01", 250_00)))],
            Measured(Fraction(75, 1000), 1),
        ),
    ],
)  # fmt: skip
def test_service_income_is_in_wan_yuan(records: list[ServiceFacts], expected: Measured) -> None:
    assert measured("service-income", records) == expected


@pytest.mark.parametrize(
    ("records", "settings", "expected"),
    [
        (THREE, {}, Measured(Fraction(2), 3)),
        (THREE, {"floor_fen": 1500_00}, Measured(Fraction(1), 3, "clients-below-floor")),
        (THREE, {"floor_fen": 2000_00}, Measured(Fraction(1), 3, "clients-below-floor")),
        (spread({"client": "branch"}, {}), {}, Measured(Fraction(1), 2)),
        (spread({"client_person": None}), {}, Measured(Fraction(0), 0)),
    ],
)
def test_client_count(records: list[ServiceFacts], settings: dict[str, Any], expected: Measured) -> None:
    assert measured("client-count", records, **settings) == expected


@pytest.mark.parametrize(
    ("records", "settings", "expected"),
    [
        (spread({"rating": 5}, {"rating": 4}, {}), {}, Measured(Fraction(9, 10), 2)),
        (spread({"rating": 5}, RELATED | {"rating": 1}), {}, Measured(Fraction(1), 1)),
        (spread({}, {}), {}, Measured(Fraction(0), 0, "no-ratings")),
        (spread({"rating": 5}, {"rating": 5}), {"least_ratings": 3}, Measured(Fraction(0), 2, "too-few-ratings")),
    ],
)
def test_satisfaction(records: list[ServiceFacts], settings: dict[str, Any], expected: Measured) -> None:
    assert measured("satisfaction", records, **settings) == expected


COMPLETE = {"invoiced": 1000_00}


@pytest.mark.parametrize(
    ("records", "settings", "expected"),
    [
        (spread(COMPLETE), {}, Measured(Fraction(1), 1)),
        (spread({}), {}, Measured(Fraction(2, 3), 1)),
        (spread(COMPLETE, {"receipts": (), "confirmation": Confirmation.TACIT}), {}, Measured(Fraction(3, 6), 2)),
        (spread(COMPLETE, RELATED | {"receipts": ()}), {}, Measured(Fraction(4, 6), 2)),
        (spread(COMPLETE, {"internal": True, "receipts": ()}), {}, Measured(Fraction(1), 1)),
        (spread(COMPLETE, {"cancelled": True, "receipts": ()}), {}, Measured(Fraction(1), 1)),
        (spread(COMPLETE, {"kind": ChargeKind.NO_SHOW}), {}, Measured(Fraction(1), 1)),
        (spread({"charged": 0, "receipts": ()}), {}, Measured(Fraction(1), 1)),
        (spread({"reported": True}, {}, {}), {"required": ("report",)}, Measured(Fraction(1, 3), 3)),
        (spread({"rating": 3}, {}, {}), {"required": ("rating",)}, Measured(Fraction(1, 3), 3)),
        (
            [service(ended=t("2024-12-05 10:00"), receipts=paid(("2025-06-01", 1000_00)))],
            {},
            Measured(Fraction(0), 0, "no-external-services"),
        ),
        ([], {}, Measured(Fraction(0), 0, "no-external-services")),
    ],
)
def test_completeness(records: list[ServiceFacts], settings: dict[str, Any], expected: Measured) -> None:
    assert measured("completeness", records, **settings) == expected
