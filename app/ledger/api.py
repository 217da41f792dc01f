"""Service records for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from app.api import ApiBlueprint
from app.api.blueprint import ApiResponse
from app.api.paging import Paged, page
from app.api.schemas import Amount, Answer, Instant, Listed, PublicId
from app.booking.rules.purposes import Purpose
from app.catalogue.models import ServiceMode
from app.ledger import queries
from app.ledger.models import RecordEntry, ServiceRecord
from app.ledger.permissions import RecordPermission
from app.ledger.rules.entries import EntryKind
from app.ledger.rules.facts import EvidenceGrade
from app.web.current import current_actor

api = ApiBlueprint("ledger_api", __name__)


class EntryOut(Answer):
    """A later fact about a record: confirmed, invoiced, received or refunded, and on which day."""

    kind: EntryKind
    on: date
    amount_fen: int | None
    rating: int | None
    entered_at: Instant


class RecordOut(Answer):
    id: PublicId
    key: str
    provider: PublicId
    instrument: PublicId
    client: PublicId
    mode: ServiceMode
    purpose: Purpose
    starts_at: Instant
    ends_at: Instant
    booked_from: Instant | None
    booked_until: Instant | None
    effective_minutes: int
    charged_fen: Amount
    evidence: EvidenceGrade
    internal: bool
    entered_at: Instant
    entries: list[EntryOut]


class RecordList(Listed):
    items: list[RecordOut]


def _serialize_record(row: Any, entries: Sequence[RecordEntry]) -> RecordOut:
    record, instrument, client, provider, evidence = row
    return RecordOut(
        id=record.public_id,
        key=record.source_key,
        provider=provider.public_id,
        instrument=instrument.public_id,
        client=client.public_id,
        mode=record.mode,
        purpose=Purpose(record.purpose or Purpose.OTHER),
        starts_at=record.starts_at,
        ends_at=record.ends_at,
        booked_from=record.booked_from,
        booked_until=record.booked_until,
        effective_minutes=record.effective_minutes,
        charged_fen=record.charged.fen,
        evidence=evidence,
        internal=record.internal,
        entered_at=record.entered_at,
        entries=[_entry(one) for one in entries],
    )


def _entry(one: RecordEntry) -> EntryOut:
    return EntryOut(
        kind=one.kind,
        on=one.on,
        amount_fen=one.amount.fen if one.amount is not None else None,
        rating=one.rating,
        entered_at=one.entered_at,
    )


@api.operation(
    "GET",
    "/records",
    permission=RecordPermission.VIEW,
    summary=_l("Service records the owner of the token may see"),
    answer=RecordList,
    query=Paged,
)
def records(query: Paged) -> ApiResponse:
    rows, following = page(queries.records_visible(current_actor()), ServiceRecord, query)
    entries = queries.entries_by_record([row[0].id for row in rows])
    return ApiResponse(
        RecordList(items=[_serialize_record(row, entries.get(row[0].id, ())) for row in rows], next=following)
    )


@api.operation(
    "GET", "/records/<uuid:record>", permission=RecordPermission.VIEW, summary=_l("One record"), answer=RecordOut
)
def record(record: str) -> ApiResponse:
    row = queries.find_record(record, actor=current_actor())
    return ApiResponse(_serialize_record(row, queries.entries_of(row[0])))
