"""Service records for programs."""

from __future__ import annotations

from typing import Any

from app.access import Permission
from app.api import ApiRoom
from app.api.paging import Paged, page
from app.api.room import Said
from app.api.schemas import Amount, Answer, Instant, Listed, PublicId
from app.catalogue.models import ServiceMode
from app.ledger import queries
from app.ledger.models import ServiceRecord
from app.ledger.rules.facts import EvidenceGrade
from app.web.current import current_actor

api = ApiRoom("ledger_api", __name__)


class RecordOut(Answer):
    id: PublicId
    key: str
    provider: PublicId
    instrument: PublicId
    client: PublicId
    mode: ServiceMode
    starts_at: Instant
    ends_at: Instant
    booked_from: Instant | None
    booked_until: Instant | None
    effective_minutes: int
    charged_fen: Amount
    evidence: EvidenceGrade
    internal: bool
    entered_at: Instant


class RecordList(Listed):
    items: list[RecordOut]


def _shown(row: Any) -> RecordOut:
    record, instrument, client, provider = row
    return RecordOut(
        id=record.public_id,
        key=record.source_key,
        provider=provider.public_id,
        instrument=instrument.public_id,
        client=client.public_id,
        mode=record.mode,
        starts_at=record.starts_at,
        ends_at=record.ends_at,
        booked_from=record.booked_from,
        booked_until=record.booked_until,
        effective_minutes=record.effective_minutes,
        charged_fen=record.charged.fen,
        evidence=record.evidence,
        internal=record.internal,
        entered_at=record.entered_at,
    )


@api.operation(
    "GET",
    "/records",
    permission=Permission.RECORD_VIEW,
    summary="Service records the owner of the token may see",
    answer=RecordList,
    query=Paged,
)
def records(query: Paged) -> Said:
    rows, following = page(queries.records_visible(current_actor()), ServiceRecord, query)
    return Said(RecordList(items=[_shown(row) for row in rows], next=following))


@api.operation(
    "GET", "/records/<uuid:record>", permission=Permission.RECORD_VIEW, summary="One record", answer=RecordOut
)
def record(record: str) -> Said:
    return Said(_shown(queries.find_record(record, actor=current_actor())))
