"""Hand-computed: §4 Paid, Eligible income."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from tests.oracle.build import YUAN, at, day, entry, record
from tests.oracle.model import Entry, Kind, half_up
from tests.oracle.money import eligible_income, money, paid_on

CHARGE = 106 * YUAN


def receipt(on: str, amount: int) -> Entry:
    return entry(Kind.RECEIPT, on, amount)


def voucher(on: str, amount: int, kind: Kind = Kind.VOUCHER_DEDUCTED) -> Entry:
    return entry(kind, on, amount, what="v")


@pytest.mark.parametrize(
    ("entries", "paid"),
    [
        # "receipts plus vouchers *deducted* cover the charge net of adjustments"
        ([], None),
        ([receipt("2026-07-01", CHARGE - 1)], None),
        ([receipt("2026-07-01", CHARGE)], "2026-07-01"),
        ([receipt("2026-07-01", 6_00), receipt("2026-08-01", 100_00)], "2026-08-01"),
        ([receipt("2026-07-01", 6_00), voucher("2026-08-01", 100_00)], "2026-08-01"),
        ([receipt("2026-07-01", 6_00), voucher("2026-08-01", 100_00, Kind.VOUCHER_AFTERWARDS)], None),
        ([receipt("2026-07-01", 6_00), entry(Kind.CHARGE_DOWN, "2026-09-01", 100_00)], "2026-09-01"),
        # "begins the last unbroken covered stretch" · "Negative receipts (taken back) … un-pay"
        ([receipt("2026-07-01", CHARGE), receipt("2026-08-01", -1)], None),
        ([receipt("2026-07-01", CHARGE), receipt("2026-08-01", -1), receipt("2026-09-01", 1)], "2026-09-01"),
        # "upward adjustments un-pay"
        ([receipt("2026-07-01", CHARGE), entry(Kind.CHARGE_UP, "2026-08-01", 1)], None),
        (
            [receipt("2026-07-01", CHARGE), entry(Kind.CHARGE_UP, "2026-08-01", 1), receipt("2026-09-01", 1)],
            "2026-09-01",
        ),
        # "refunds do not"
        ([receipt("2026-07-01", CHARGE), entry(Kind.REFUND, "2026-08-01", CHARGE)], "2026-07-01"),
        # "at the end of a day": within one day taken back and paid again breaks nothing
        ([receipt("2026-07-01", CHARGE), receipt("2026-08-01", -1), receipt("2026-08-01", 1)], "2026-07-01"),
        # "A void takes a voucher back"
        (
            [receipt("2026-07-01", 6_00), voucher("2026-08-01", 100_00), voucher("2026-09-01", 0, Kind.VOUCHER_VOID)],
            None,
        ),
    ],
)
def test_paid(entries: list[Entry], paid: str | None) -> None:
    assert paid_on(record(), entries) == (None if paid is None else day(paid))


@pytest.mark.parametrize(
    ("entries", "with_tax", "without"),
    [
        # min(106, 106) = 106; × (106 − 6) ÷ 106 = 100
        ([receipt("2026-07-01", CHARGE)], 106_00, 100_00),
        # min(106, 106 − 53) = 53 → 50
        ([receipt("2026-07-01", CHARGE), entry(Kind.REFUND, "2026-08-01", 53_00)], 53_00, 50_00),
        # more received than charged: the charge
        ([receipt("2026-07-01", 200_00)], 106_00, 100_00),
        # overpaid by 94 and 94 refunded: the charge still
        ([receipt("2026-07-01", 200_00), entry(Kind.REFUND, "2026-08-01", 94_00)], 106_00, 100_00),
        # 40 by voucher: 106 − 40 = 66; 66 × 100 ÷ 106 = 62.2641… → 62.26
        ([receipt("2026-07-01", 66_00), voucher("2026-07-01", 40_00)], 66_00, 62_26),
        # 40 paid afterwards by voucher: 106 − 40 = 66
        ([receipt("2026-07-01", CHARGE), voucher("2026-09-01", 40_00, Kind.VOUCHER_AFTERWARDS)], 66_00, 62_26),
        # never below zero: 66 refunded of 66, voucher 40 → min(106, 40) − 40 = 0
        ([receipt("2026-07-01", 66_00), voucher("2026-07-01", 40_00), entry(Kind.REFUND, "2026-08-01", 66_00)], 0, 0),
        # charge 106 − 53 = 53, received 106: 53
        ([receipt("2026-07-01", CHARGE), entry(Kind.CHARGE_DOWN, "2026-08-01", 53_00)], 53_00, 50_00),
    ],
)
def test_eligible_income(entries: list[Entry], with_tax: int, without: int) -> None:
    assert eligible_income(record(), entries, without_tax=False) == with_tax
    assert eligible_income(record(), entries, without_tax=True) == without


def test_what_is_missing_is_said() -> None:
    """ "Until paid, all measures are 0 (reason unpaid, amount missing shown)"."""
    assert money(record(), [receipt("2026-07-01", 6_00)]).missing == 100_00


def test_half_up_rounds_a_half_up() -> None:
    assert half_up(Fraction(5, 2)) == 3
    assert half_up(Fraction(249, 100)) == 2
    assert half_up(Fraction(89995, 1000), 2) == 90
    assert half_up(Fraction(89994, 1000), 2) == Fraction(8999, 100)


def test_income_is_rounded_half_up_per_record() -> None:
    """1 分 × (200 − 100) ÷ 200 = ½ 分 → 1 分."""
    half = record(charged=200, tax=100)
    entries = [receipt("2026-07-01", 200), entry(Kind.REFUND, "2026-08-01", 199)]
    assert eligible_income(half, entries, without_tax=True) == 1


def test_an_end_at_midnight_belongs_to_the_new_day() -> None:
    """ "an end at 00:00 belongs to the new day"."""
    midnight = replace(record(), start=at("2026-12-31", 22), end=at("2027-01-01", 0))
    assert midnight.day == date(2027, 1, 1)
