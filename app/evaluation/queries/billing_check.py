"""What was billed against what the ledger says, in the sums that scores read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Select, and_, case, func, select, type_coerce

from app.billing.models import Charge, ChargeMark
from app.billing.rules import MarkKind
from app.infra.db import session
from app.kernel import civil
from app.ledger.models import RecordEntry, ServiceRecord
from app.ledger.rules.entries import EntryKind


@dataclass(frozen=True, slots=True)
class Difference:
    """What is stored or shown, and what it must be: of which unit or record, in which field."""

    subject: str
    field: str
    stored: str
    computed: str


def billing_and_ledger(year: int) -> list[Difference]:
    """Charges, invoices and receipts of bookings whose service ended in the year, against their records."""
    return [
        Difference(f"record {row.key}", name, _number(ledger), _number(billing))
        for row in session.execute(_sides(year))
        for name, ledger, billing in _pairs(row)
        if _number(ledger) != _number(billing)
    ]


def _pairs(row: Any) -> Iterable[tuple[str, Any, Any]]:
    yield "charged", row.charged, row.amount
    yield "invoiced", row.invoiced, row.marked_invoiced
    yield "received", row.received, row.marked_received


def _number(fen: Any) -> str:
    return "" if fen is None else str(int(fen))


def _sides(year: int) -> Select[Any]:
    """Records and charges that differ in any of the three sums."""
    period = civil.year(year)
    entries = _sums(RecordEntry.record_id, RecordEntry, EntryKind.INVOICED, EntryKind.RECEIVED)
    marks = _sums(ChargeMark.charge_id, ChargeMark, MarkKind.INVOICED, MarkKind.RECEIVED)
    ours = func.coalesce(entries.c.invoiced, 0), func.coalesce(entries.c.received, 0)
    theirs = func.coalesce(marks.c.invoiced, 0), func.coalesce(marks.c.received, 0)
    charged, amount = type_coerce(ServiceRecord.charged, BigInteger), type_coerce(Charge.amount, BigInteger)
    return (
        select(
            ServiceRecord.source_key.label("key"), charged.label("charged"), amount.label("amount"),
            ours[0].label("invoiced"), ours[1].label("received"),
            theirs[0].label("marked_invoiced"), theirs[1].label("marked_received"),
        )
        .outerjoin(Charge, Charge.booking_id == ServiceRecord.booking_id)
        .outerjoin(entries, entries.c.key == ServiceRecord.id)
        .outerjoin(marks, marks.c.key == Charge.id)
        .where(
            and_(ServiceRecord.ends_at >= period.start, ServiceRecord.ends_at < period.end),
            ServiceRecord.booking_id.is_not(None),
            (Charge.id.is_(None)) | (charged != amount) | (ours[0] != theirs[0]) | (ours[1] != theirs[1]),
        )
        .order_by(ServiceRecord.id)
    )  # fmt: skip


def _sums(key: Any, row: Any, invoiced: Any, received: Any) -> Any:
    fen = type_coerce(row.amount, BigInteger)
    return (
        select(
            key.label("key"),
            func.sum(case((row.kind == invoiced, fen), else_=0)).label("invoiced"),
            func.sum(case((row.kind == received, fen), else_=0)).label("received"),
        )
        .group_by(key)
        .subquery()
    )
