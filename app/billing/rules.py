"""What may be marked as invoiced and received on a charge, and where the charge then stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.kernel.errors import Refusal
from app.kernel.money import ZERO, Money, total


class MarkKind(StrEnum):
    INVOICED = "invoiced"
    RECEIVED = "received"


class MarkReason(StrEnum):
    """What about the day of a receipt calls for a reason."""

    BEFORE_SERVICE = "before-service"
    AFTER_THE_FACT = "after-the-fact"


PROMPT_DAYS = 31
"""Marked later than that, a receipt says why only now."""


class BillingCode(StrEnum):
    AMOUNT_MISSING = "amount-missing"
    ABOVE_CHARGE = "above-charge"
    REVERSED_TOO_MUCH = "reversed-too-much"
    IN_THE_FUTURE = "in-the-future"
    REASON_MISSING = "mark-reason-missing"
    BOTH_SIDES = "marks-for-both-sides"
    DOCUMENT_USED = "document-used-already"


class PaymentState(StrEnum):
    OPEN = "open"
    INVOICED = "invoiced"
    PARTLY_RECEIVED = "partly-received"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Mark:
    """One entry of the provider's finance; a wrong one is taken back by a negative one (冲红)."""

    kind: MarkKind
    amount: Money
    on: date


def calls_for_reason(mark: Mark, *, service_over: date, today: date) -> MarkReason | None:
    """Money from before the service, or marked long after its day, is not self-evident."""
    if mark.kind is not MarkKind.RECEIVED:
        return None
    if mark.on < service_over:
        return MarkReason.BEFORE_SERVICE
    return MarkReason.AFTER_THE_FACT if (today - mark.on).days > PROMPT_DAYS else None


def marked(marks: Sequence[Mark], kind: MarkKind) -> Money:
    """The net of one kind."""
    return total(m.amount for m in marks if m.kind is kind)


def refusals_to_mark(charged: Money, marks: Sequence[Mark], new: Mark, *, today: date) -> tuple[Refusal, ...]:
    """Σ invoiced and Σ received each stay between nothing and the gross amount of the charge."""
    before = marked(marks, new.kind)
    after = before + new.amount
    found: list[Refusal] = []
    if not new.amount:
        found.append(Refusal(BillingCode.AMOUNT_MISSING, {}, "amount"))
    if new.amount > ZERO and after > charged:
        params = {"charged": charged, "marked": before, "most": charged - before}
        found.append(Refusal(BillingCode.ABOVE_CHARGE, params, "amount"))
    if new.amount < ZERO and after < ZERO:
        found.append(Refusal(BillingCode.REVERSED_TOO_MUCH, {"marked": before}, "amount"))
    if new.on > today:
        found.append(Refusal(BillingCode.IN_THE_FUTURE, {"latest": today}, "on"))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class DocumentUse:
    """A document number as marked before by the same provider: for whom, on this charge or another, for how much."""

    client_id: int
    here: bool
    amount: Money


def refusals_of_document(uses: Sequence[DocumentUse], mark: Mark, client_id: int) -> tuple[Refusal, ...]:
    """One document may cover many charges of one client, but each of them once, and no other client's."""
    if mark.amount < ZERO:
        return ()
    stands_here = total(use.amount for use in uses if use.here) > ZERO
    foreign = any(use.client_id != client_id for use in uses)
    return (Refusal(BillingCode.DOCUMENT_USED, {}, "document"),) if stands_here or foreign else ()


@dataclass(frozen=True, slots=True)
class PaymentStatus:
    """Where one charge stands."""

    charged: Money
    invoiced: Money
    received: Money

    @property
    def to_invoice(self) -> Money:
        return self.charged - self.invoiced

    @property
    def outstanding(self) -> Money:
        return self.charged - self.received

    @property
    def state(self) -> PaymentState:
        if self.received >= self.charged:
            return PaymentState.SETTLED
        if self.received > ZERO:
            return PaymentState.PARTLY_RECEIVED
        return PaymentState.INVOICED if self.invoiced >= self.charged else PaymentState.OPEN


def payment_status(charged: Money, marks: Sequence[Mark]) -> PaymentStatus:
    return PaymentStatus(charged, marked(marks, MarkKind.INVOICED), marked(marks, MarkKind.RECEIVED))
