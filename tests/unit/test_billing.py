"""Marks on a charge: never more than the charge, never less than nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.billing.rules import (
    DocumentUse,
    Mark,
    MarkKind,
    MarkReason,
    PaymentState,
    calls_for_reason,
    payment_status,
    refusals_of_document,
    refusals_to_mark,
)
from app.kernel.money import Money

CHARGED = Money(1033_33)
TODAY = date(2026, 3, 2)


def invoiced(fen: int, on: date = TODAY) -> Mark:
    return Mark(MarkKind.INVOICED, Money(fen), on)


def received(fen: int, on: date = TODAY) -> Mark:
    return Mark(MarkKind.RECEIVED, Money(fen), on)


@pytest.mark.parametrize(
    ("marks", "new", "codes"),
    [
        ([], invoiced(1033_33), []),
        ([], invoiced(1033_34), ["above-charge"]),
        ([invoiced(1000_00)], invoiced(33_33), []),
        ([invoiced(1000_00)], invoiced(33_34), ["above-charge"]),
        ([received(1033_33)], invoiced(1033_33), []),
        ([invoiced(1033_33)], received(1033_33), []),
        ([invoiced(1033_33)], invoiced(-1033_33), []),
        ([invoiced(1033_33), invoiced(-1033_33)], invoiced(1033_33), []),
        ([invoiced(100)], invoiced(-101), ["reversed-too-much"]),
        ([received(100)], invoiced(-100), ["reversed-too-much"]),
        ([], received(0), ["amount-missing"]),
        ([], received(1, date(2026, 3, 3)), ["in-the-future"]),
        ([], received(1033_34, date(2026, 3, 3)), ["above-charge", "in-the-future"]),
    ],
)
def test_marks(marks: list[Mark], new: Mark, codes: list[str]) -> None:
    assert [r.code for r in refusals_to_mark(CHARGED, marks, new, today=TODAY)] == codes


def test_the_refusal_says_how_much_is_left() -> None:
    (refusal,) = refusals_to_mark(CHARGED, [invoiced(1000_00)], invoiced(34_00), today=TODAY)
    assert refusal.params["most"] == Money(33_33)


@pytest.mark.parametrize(
    ("marks", "state", "outstanding", "to_invoice"),
    [
        ([], PaymentState.OPEN, 1033_33, 1033_33),
        ([invoiced(1000_00)], PaymentState.OPEN, 1033_33, 33_33),
        ([invoiced(1033_33)], PaymentState.INVOICED, 1033_33, 0),
        ([received(1)], PaymentState.PARTLY_RECEIVED, 1033_32, 1033_33),
        ([received(1033_33)], PaymentState.SETTLED, 0, 1033_33),
        ([received(1033_33), received(-33)], PaymentState.PARTLY_RECEIVED, 33, 1033_33),
    ],
)
def test_where_a_charge_stands(marks: list[Mark], state: PaymentState, outstanding: int, to_invoice: int) -> None:
    found = payment_status(CHARGED, marks)
    assert (found.state, found.outstanding.fen, found.to_invoice.fen) == (state, outstanding, to_invoice)


def test_a_free_service_is_settled_from_the_start() -> None:
    assert payment_status(Money(0), []).state is PaymentState.SETTLED


marks = st.builds(Mark, st.sampled_from(MarkKind), st.builds(Money, st.integers(-500, 500)), st.just(TODAY))


@given(st.lists(marks, max_size=20), st.integers(0, 600))
def test_accepted_marks_never_leave_the_charge(wishes: list[Mark], charged: int) -> None:
    accepted: list[Mark] = []
    for wish in wishes:
        if not refusals_to_mark(Money(charged), accepted, wish, today=TODAY):
            accepted.append(wish)
        found = payment_status(Money(charged), accepted)
        assert 0 <= found.invoiced.fen <= charged
        assert 0 <= found.received.fen <= charged


@pytest.mark.parametrize(
    ("kind", "fen", "on", "why"),
    [
        (MarkKind.RECEIVED, 100, TODAY, None),
        (MarkKind.RECEIVED, 100, TODAY - timedelta(days=31), None),
        (MarkKind.RECEIVED, 100, TODAY - timedelta(days=32), MarkReason.AFTER_THE_FACT),
        (MarkKind.RECEIVED, 100, TODAY - timedelta(days=41), MarkReason.BEFORE_SERVICE),
        (MarkKind.INVOICED, 100, TODAY - timedelta(days=41), None),
    ],
)
def test_what_calls_for_a_reason(kind: MarkKind, fen: int, on: date, why: MarkReason | None) -> None:
    """The service was over 40 days ago."""
    over = TODAY - timedelta(days=40)
    assert calls_for_reason(Mark(kind, Money(fen), on), service_over=over, today=TODAY) is why


@pytest.mark.parametrize(
    ("uses", "fen", "refused"),
    [
        ([], 100, False),
        ([DocumentUse(7, True, Money(50))], 100, True),
        ([DocumentUse(7, True, Money(50)), DocumentUse(7, True, Money(-50))], 100, False),
        ([DocumentUse(7, False, Money(50))], 100, False),
        ([DocumentUse(8, False, Money(50))], 100, True),
        ([DocumentUse(7, True, Money(50))], -50, False),
    ],
)
def test_a_document_covers_each_charge_of_one_client_once(uses: list[DocumentUse], fen: int, refused: bool) -> None:
    found = refusals_of_document(uses, Mark(MarkKind.INVOICED, Money(fen), TODAY), 7)
    assert bool(found) is refused
