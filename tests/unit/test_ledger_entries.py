"""Entries: each kind with its own details, sums, and who stands behind a confirmation."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from app.ledger.rules.entries import KINDS, Entry, EntryKind, changed, faults, summary
from app.ledger.rules.facts import Confirmation, MoneyOn
from app.ledger.rules.witnesses import Witness, witness
from tests.unit.services import day

ID = "01a20fae-0e7e-7d1b-ac14-67ecb826a33f"
HASH = "0" * 64
K = EntryKind


def entry(kind: EntryKind, fen: int | None = None, on: str = "2026-03-01", **more: Any) -> Entry:
    values: dict[str, Any] = {"key": ID, "rating": None, "details": {}, "entered": day(on), **more}
    return Entry(kind=kind, on=date.fromisoformat(on), fen=fen, **values)


def test_every_kind_has_its_rule() -> None:
    assert set(KINDS) == set(EntryKind)


@pytest.mark.parametrize(
    ("kind", "fen", "details"),
    [
        (K.CONFIRMED, None, {"witness": "both"}),
        (K.CONFIRMED, None, {}),
        (K.INVOICED, 100, {"mark": ID, "document": HASH}),
        (K.RECEIVED, -100, {"mark": ID, "reason": "before-service"}),
        (K.ADJUSTED, -100, {"reason": "agreed-less"}),
        (K.VOUCHER_DEDUCTED, 100, {"voucher": HASH}),
        (K.VOUCHER_VOID, None, {"entry": ID}),
    ],
)
def test_entries_as_they_should_be(kind: EntryKind, fen: int | None, details: dict[str, Any]) -> None:
    assert faults(kind, fen, details) == ()


@pytest.mark.parametrize(
    ("kind", "fen", "details", "code"),
    [
        ("gift", 100, {}, "entry-kind-unknown"),
        (K.RECEIVED, 100, {"payer": "Zhang San"}, "entry-details"),
        (K.RECEIVED, 100, {"document": "INV-0042"}, "entry-details"),
        (K.RECEIVED, 100, {"mark": 7}, "entry-details"),
        (K.RECEIVED, 100, {"reason": "Paid by Zhang"}, "entry-details"),
        (K.ADJUSTED, 100, {}, "entry-details"),
        (K.VOUCHER_DEDUCTED, 100, {}, "entry-details"),
        (K.VOUCHER_DEDUCTED, -100, {"voucher": HASH}, "entry-amount"),
        (K.VOUCHER_VOID, 100, {"entry": ID}, "entry-amount"),
        (K.RECEIVED, None, {}, "entry-amount"),
        (K.RECEIVED, 0, {}, "entry-amount"),
        (K.CONFIRMED, 1, {}, "entry-amount"),
    ],
)
def test_entries_that_are_none(kind: str, fen: int | None, details: dict[str, Any], code: str) -> None:
    assert [refusal.code for refusal in faults(kind, fen, details)] == [code]


def test_the_sum_of_entries() -> None:
    deducted = entry(K.VOUCHER_DEDUCTED, 300, key="v1")
    found = summary(
        [
            entry(K.TACITLY_CONFIRMED),
            entry(K.CONFIRMED, rating=3),
            entry(K.CONFIRMED),
            entry(K.INVOICED, 1000),
            entry(K.INVOICED, -200),
            entry(K.RECEIVED, 700),
            entry(K.REFUNDED, 50),
            entry(K.ADJUSTED, -10),
            deducted,
            entry(K.VOUCHER_AFTERWARDS, 40),
            entry(K.VOUCHER_VOID, on="2026-04-01", details={"entry": "v1"}),
        ]
    )
    assert (found.confirmation, found.rating, found.invoiced) == (Confirmation.CLIENT, 3, 800)
    first, later = date(2026, 3, 1), date(2026, 4, 1)
    assert (found.receipts, found.refunds) == ((MoneyOn(first, 700),), (MoneyOn(first, 50),))
    assert (found.adjustments, found.vouchers_afterwards) == ((MoneyOn(first, -10),), (MoneyOn(first, 40),))
    assert found.vouchers_deducted == (MoneyOn(first, 300), MoneyOn(later, -300))


def test_silence_is_less_than_a_word() -> None:
    assert summary([entry(K.TACITLY_CONFIRMED)]).confirmation is Confirmation.TACIT
    assert summary([]).confirmation is Confirmation.NONE


@pytest.mark.parametrize("entries", [
    [entry(K.VOUCHER_VOID, details={"entry": "v1"})],
    [entry(K.VOUCHER_DEDUCTED, 5, key="v1"), *[entry(K.VOUCHER_VOID, details={"entry": "v1"})] * 2],
])  # fmt: skip
def test_a_void_takes_back_one_voucher_once(entries: list[Entry]) -> None:
    with pytest.raises(ValueError, match="void"):
        summary(entries)


@pytest.mark.parametrize(
    ("on", "entered", "new"),
    [
        ("2026-05-01", "2026-04-01", True),
        ("2026-05-01", "2026-03-31", False),
        ("2026-12-31", "2027-01-05", True),
        ("2027-01-01", "2027-01-05", False),
    ],
)
def test_what_is_newer_than_a_final_round(on: str, entered: str, new: bool) -> None:
    since: datetime = day("2026-04-01")
    assert changed([entry(K.RECEIVED, 1, on, entered=day(entered))], since, 2026) is new


@pytest.mark.parametrize(
    ("recorded_by", "confirmed_by", "of_provider", "near", "found"),
    [
        ({1}, 9, {1}, False, Witness.BOTH),
        ({9, 1}, 9, {1}, False, Witness.BOTH),
        ({9}, 9, set(), False, Witness.CLIENT_ALONE),
        ({9}, 8, set(), False, Witness.CLIENT_ALONE),
        ({1}, 1, {1}, False, Witness.PROVIDER_ALONE),
        ({1}, 9, {1, 9}, False, Witness.PROVIDER_ALONE),
        ({1}, 9, {1}, True, Witness.PROVIDER_ALONE),
        (set(), 9, set(), False, Witness.CLIENT_ALONE),
    ],
)
def test_two_parties_are_two_people(
    recorded_by: set[int], confirmed_by: int, of_provider: set[int], near: bool, found: Witness
) -> None:
    assert witness(recorded_by, confirmed_by, of_provider=of_provider, near=near) is found
