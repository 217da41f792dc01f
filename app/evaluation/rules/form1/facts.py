"""The facts of form 1, and one record as a line of its digest."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from app.kernel.civil import civil_day, iso
from app.ledger.rules.facts import ChargeKind, Confirmation, EvidenceGrade, MoneyOn


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
    purpose: str = "other"
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


FIELDS = (
    "key", "unit", "provider", "instrument", "client", "client_person", "started", "ended", "effective_minutes",
    "charged", "evidence", "tax", "voucher", "invoiced", "receipts", "refunds", "confirmation", "kind", "purpose",
    "order", "intermediary", "rating", "posted", "internal", "related", "cancelled", "reported", "attested",
    "verified", "parties_agree", "claimed_elsewhere",
)  # fmt: skip
"""What a line holds, in this order."""

_values = attrgetter(*FIELDS)


def record_line(facts: ServiceFacts) -> str:
    return _LINE.encode([_ordered(v) if type(v) is tuple else v for v in _values(facts)])


def _ordered(amounts: tuple[MoneyOn, ...]) -> Sequence[MoneyOn]:
    return amounts if len(amounts) < 2 else sorted(amounts, key=lambda m: (m.on, m.fen))


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return iso(value)
        case MoneyOn():
            return [value.on.isoformat(), value.fen]
    raise TypeError(f"{type(value).__name__} is no fact")


_LINE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain)
