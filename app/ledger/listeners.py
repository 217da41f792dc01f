"""A charged service becomes a record; later facts become entries on it."""

from __future__ import annotations

from sqlalchemy import select

from app import audit
from app.access import Actor
from app.audit.services import commitment
from app.billing.listeners import ServiceCharged
from app.billing.models import ChargeMark
from app.billing.rules import MarkKind
from app.billing.services import ChargeMarked
from app.booking.queries import opening_of
from app.catalogue.models import Instrument
from app.infra.db import session
from app.kernel.civil import civil_day
from app.kernel.errors import refuse_all
from app.ledger.actions import RecordAction
from app.ledger.models import RecordEntry, ServiceRecord
from app.ledger.queries.witnesses import witness_of
from app.ledger.rules.entries import EntryKind, faults
from app.ledger.rules.facts import EvidenceGrade
from app.ledger.rules.jobs import linked_until, reach_of
from app.usage.services import ServiceConfirmed


def post_record(event: ServiceCharged) -> None:
    """One record per ended service, with what really happened beside what was booked."""
    ended, booking = event.ended, event.ended.booking
    instrument = session.get_one(Instrument, booking.instrument_id)
    row = ServiceRecord(
        source_key=booking.number,
        booking_id=booking.id,
        provider_id=booking.provider_id,
        evaluation_unit_id=instrument.evaluation_unit_id,
        instrument_id=booking.instrument_id,
        client_id=booking.client_id,
        user_id=booking.user_id,
        mode=booking.mode,
        purpose=booking.purpose.value,
        internal=ended.internal,
        starts_at=ended.use.used.start,
        ends_at=ended.use.used.end,
        booked_from=booking.starts_at,
        booked_until=booking.ends_at,
        linked_until=linked_until(ended.use.used.end, opening_of(instrument, reach_of(ended.use.used.end))),
        effective_minutes=ended.use.effective_minutes,
        charged=event.charge.amount,
        posted=booking.quoted,
        evidence=EvidenceGrade.MANUAL,
        entered_at=ended.now,
    )
    session.add(row)
    session.flush()
    after = {"number": booking.number, "minutes": row.effective_minutes, "charged": row.charged}
    audit.record(RecordAction.POSTED, row, actor=ended.actor, now=ended.now, after=after)


def note_confirmation(event: ServiceConfirmed) -> None:
    record = _record_of(event.booking.id)
    entry = RecordEntry(
        record_id=record.id,
        kind=EntryKind.CONFIRMED,
        on=civil_day(event.now),
        rating=event.rating,
        comment=event.comment,
        details={"witness": witness_of(event.booking, event.actor, now=event.now)},
        user_id=event.actor.user_id,
        entered_at=event.now,
    )
    _add(record, entry, event.actor)


def note_money(event: ChargeMarked) -> None:
    """Invoices and receipts of a service; those of a missed booking have no record to stand on."""
    record = session.scalars(select(ServiceRecord).where(ServiceRecord.booking_id == event.charge.booking_id)).first()
    if record is None:
        return
    kind = EntryKind.INVOICED if event.mark.kind is MarkKind.INVOICED else EntryKind.RECEIVED
    entry = RecordEntry(
        record_id=record.id,
        kind=kind,
        on=event.mark.on,
        amount=event.mark.amount,
        document=event.mark.document,
        details=_details(event.mark),
        user_id=event.actor.user_id,
        entered_at=event.now,
    )
    _add(record, entry, event.actor)


def _details(mark: ChargeMark) -> dict[str, str]:
    """What is hashed of a mark: its number only as a keyed commitment, and of the reason that there was one."""
    document = {"document": commitment(mark.document)} if mark.document else {}
    return {"mark": mark.public_id, **document, **({"reason": mark.why.value} if mark.why else {})}


def _record_of(booking_id: int) -> ServiceRecord:
    return session.scalars(select(ServiceRecord).where(ServiceRecord.booking_id == booking_id)).one()


def _add(record: ServiceRecord, entry: RecordEntry, actor: Actor) -> None:
    refuse_all(faults(entry.kind, entry.amount.fen if entry.amount is not None else None, entry.details or {}))
    session.add(entry)
    session.flush()
    after = {"kind": entry.kind, "on": entry.on, "amount": entry.amount, "rating": entry.rating}
    audit.record(RecordAction.ENTRY_ADDED, record, actor=actor, now=entry.entered_at, after=after)
