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


class BillingCode(StrEnum):
    AMOUNT_MISSING = "amount-missing"
    ABOVE_CHARGE = "above-charge"
    REVERSED_TOO_MUCH = "reversed-too-much"
    IN_THE_FUTURE = "in-the-future"


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
