"""What is known of one service: all that verdicts and scores ever read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby

from app.booking.rules.purposes import Purpose
from app.kernel.civil import civil_day


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


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """One service record with its entries. Amounts are fen with tax; keys are opaque and never names.

    `client_person` is the legal person whom the client belongs to after branches and mergers are
    rolled up; None for teams and natural persons. `order` is the commission, contract or sample
    batch where there is one. `attested` and `verified` are false only for history that awaits it.
    """

    key: str
    unit: str
    provider: str
    instrument: str
    client: str
    client_person: str | None
    started: datetime
    ended: datetime
    effective_minutes: int
    charged: int
    evidence: EvidenceGrade
    tax: int = 0
    voucher: int = 0
    invoiced: int = 0
    receipts: tuple[MoneyOn, ...] = ()
    refunds: tuple[MoneyOn, ...] = ()
    confirmation: Confirmation = Confirmation.NONE
    kind: ChargeKind = ChargeKind.SERVICE
    purpose: str = Purpose.OTHER
    order: str | None = None
    intermediary: str | None = None
    rating: int | None = None
    posted: int | None = None
    """What the posted price would have come to, in fen."""
    internal: bool = False
    related: bool = False
    cancelled: bool = False
    reported: bool = False
    """The result or report was delivered."""
    attested: bool = True
    verified: bool = True
    parties_agree: bool = True
    claimed_elsewhere: bool = False

    @property
    def ended_on(self) -> date:
        return civil_day(self.ended)


def paid_on(facts: ServiceFacts) -> date | None:
    """The day since which receipts cover the charge; a free service is paid when it ends.

    A receipt that was taken back counts for nothing, even if it once covered the charge.
    """
    if facts.charged <= 0:
        return facts.ended_on
    since: date | None = None
    held = 0
    for on, receipts in groupby(sorted(facts.receipts, key=_day), key=_day):
        held += _sum(receipts)
        if held < facts.charged:
            since = None
        elif since is None:
            since = on
    return since


def _day(money: MoneyOn) -> date:
    return money.on


def received(facts: ServiceFacts) -> int:
    return _sum(facts.receipts)


def refunded_by(facts: ServiceFacts, last: date) -> int:
    return _sum(r for r in facts.refunds if r.on <= last)


def _sum(amounts: Iterable[MoneyOn]) -> int:
    return sum(a.fen for a in amounts)
