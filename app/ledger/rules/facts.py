"""The facts of one service: all that verdicts and scores ever read. None of them has a default."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.kernel.civil import civil_day, civil_year


class EvidenceGrade(StrEnum):
    """How well a record is proved (佐证等级), best first."""

    INTERLOCK = "interlock"
    SCAN = "scan"
    BOTH_PARTIES = "both-parties"
    CAMPUS_SYSTEM = "campus-system"
    IMPORTED = "imported"
    MANUAL = "manual"


class Confirmation(StrEnum):
    NONE = "none"
    CLIENT = "client"
    TACIT = "tacit"
    """No answer within the published days (默认确认)."""


class ChargeKind(StrEnum):
    """What was paid for; only a service is one."""

    SERVICE = "service"
    NO_SHOW = "no-show"
    LATE_CANCELLATION = "late-cancellation"
    DAMAGES = "damages"
    DEPOSIT = "deposit"
    CONSUMABLES = "consumables"
    STORAGE = "storage"


@dataclass(frozen=True, slots=True)
class MoneyOn:
    """An amount in fen and its civil day; a reversal is negative."""

    on: date
    fen: int


Amounts = tuple[MoneyOn, ...]


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """One service record with its entries. Amounts are fen with tax; keys are opaque and never names.

    `provider` and `client_person` are legal persons as branches and mergers stood on the day of the
    service; `client_person` is None for teams and natural persons. `order` is the commission, contract
    or sample batch where there is one. A start up to `linked_until` still belongs to the same job.
    `charged` and `tax` are those of the first charge; what changed it later are the `adjustments`.
    """

    key: str
    unit: str
    provider: str
    instrument: str
    client: str
    client_person: str | None
    user: str
    purpose: str
    order: str | None
    intermediary: str | None
    started: datetime
    ended: datetime
    linked_until: datetime
    entered: datetime
    effective_minutes: int
    booked_minutes: int | None
    """None where nothing was booked."""
    charged: int
    tax: int
    posted: int | None
    """What the posted price came to; None where it is not known."""
    adjustments: Amounts
    invoiced: int
    receipts: Amounts
    refunds: Amounts
    vouchers_deducted: Amounts
    vouchers_afterwards: Amounts
    """Paid out on an innovation voucher after the client had paid."""
    kind: ChargeKind
    evidence: EvidenceGrade
    confirmation: Confirmation
    rating: int | None
    internal: bool
    related: bool
    cancelled: bool
    reported: bool
    """The result or report was delivered."""
    attested: bool
    verified: bool
    parties_agree: bool
    claimed_elsewhere: bool

    @property
    def ended_on(self) -> date:
        return civil_day(self.ended)

    @property
    def service_year(self) -> int:
        return civil_year(self.ended)


NOT_YET_FED: dict[str, str] = {
    "intermediary": "orders do not carry an intermediary yet",
    "tax": "invoices are marked by amount, without their tax",
    "kind": "only services leave a record; a missed booking is a charge without one",
    "cancelled": "a cancelled booking leaves no record",
    "reported": "the delivery of results is not recorded yet",
    "parties_agree": "invoice buyer and payer are not recorded yet",
    "claimed_elsewhere": "claims under other clauses are not brought in yet",
    "adjustments": "no page changes a charge after it was made",
    "refunds": "no page records a refund",
    "vouchers_deducted": "no page records an innovation voucher",
    "vouchers_afterwards": "no page records an innovation voucher",
}
"""Facts that no page can record yet, each with the reason. What rests on them is not offered as a control."""
