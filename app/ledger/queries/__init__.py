"""Reading the ledger: records with what later facts say of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, case, exists, literal, or_, select, type_coerce
from sqlalchemy.orm import aliased

from app.access import Actor, authorize, scope
from app.accounts.models import User
from app.booking.models import Booking
from app.catalogue.models import ImportRun, ImportState, Instrument
from app.infra.db import session
from app.infra.files import StoredFile
from app.kernel.errors import NotFound
from app.ledger.models import HistoryCheck, RecordEntry, ServiceRecord
from app.ledger.permissions import RecordPermission
from app.ledger.rules.attestation import HistoryStep
from app.ledger.rules.entries import EntryKind
from app.ledger.rules.facts import EvidenceGrade
from app.ledger.rules.witnesses import Witness
from app.organisations.models import EvaluationUnit, Organisation

Client, Provider = aliased(Organisation), aliased(Organisation)


def arrived() -> ColumnElement[bool]:
    """Records of an import stand in the ledger when, and only when, the whole import is in."""
    complete = select(ImportRun.id).where(ImportRun.state == ImportState.COMPLETE)
    return or_(ServiceRecord.import_run_id.is_(None), ServiceRecord.import_run_id.in_(complete))


def evidence_now() -> ColumnElement[EvidenceGrade]:
    """As verdicts read it: what the platform recorded has the word of both parties where two people stand for it."""
    both = type_coerce(RecordEntry.details, Text).contains(f'"witness":"{Witness.BOTH}"')
    of_record = RecordEntry.record_id == ServiceRecord.id, RecordEntry.kind == EntryKind.CONFIRMED
    confirmed = exists().where(*of_record, both)
    ours = and_(ServiceRecord.booking_id.is_not(None), ServiceRecord.evidence == EvidenceGrade.MANUAL, confirmed)
    graded = literal(EvidenceGrade.BOTH_PARTIES, ServiceRecord.evidence.type)
    return case((ours, graded), else_=ServiceRecord.evidence)


def _with_parties() -> Select[Any, Any, Any, Any, Any]:
    return (
        select(ServiceRecord, Instrument, Client, Provider, evidence_now())
        .join(Instrument, ServiceRecord.instrument_id == Instrument.id)
        .join(Client, ServiceRecord.client_id == Client.id)
        .join(Provider, ServiceRecord.provider_id == Provider.id)
        .where(arrived())
    )


def records_visible(actor: Actor) -> Select[Any, Any, Any, Any, Any]:
    """(ServiceRecord, Instrument, client, provider, evidence as it stands) the actor may see."""
    return _with_parties().where(scope(actor, RecordPermission.VIEW, ServiceRecord))


def find_record(public_id: str, *, actor: Actor) -> Any:
    """The same row for one record; raises NotFound alike for absent and foreign ones."""
    row = session.execute(_with_parties().where(ServiceRecord.public_id == public_id)).first()
    if row is None:
        raise NotFound("record")
    authorize(actor, RecordPermission.VIEW, row[0])
    return row


def record_of(booking_id: int) -> ServiceRecord | None:
    return session.scalars(select(ServiceRecord).where(ServiceRecord.booking_id == booking_id)).first()


def booking_of(record: ServiceRecord) -> Booking | None:
    """None for past use from another system."""
    return None if record.booking_id is None else session.get_one(Booking, record.booking_id)


def user_and_unit(record: ServiceRecord) -> tuple[str, str]:
    """Who used it – for past use as the other system called them – and the evaluation unit it is scored under."""
    user = session.get_one(User, record.user_id).name if record.user_id else record.user_label
    unit = session.get_one(EvaluationUnit, record.evaluation_unit_id).name if record.evaluation_unit_id else ""
    return user, unit


def entries_of(record: ServiceRecord) -> Sequence[RecordEntry]:
    return session.scalars(select(RecordEntry).where(RecordEntry.record_id == record.id).order_by(RecordEntry.id)).all()


def entries_by_record(record_ids: Sequence[int]) -> Mapping[int, Sequence[RecordEntry]]:
    """The later facts of many records, oldest first, by one statement."""
    found: defaultdict[int, list[RecordEntry]] = defaultdict(list)
    wanted = select(RecordEntry).where(RecordEntry.record_id.in_(record_ids)).order_by(RecordEntry.id)
    for entry in session.scalars(wanted):
        found[entry.record_id].append(entry)
    return found


def history_runs() -> Select[Any, Any, Any]:
    """(ImportRun, StoredFile, provider): the caller says which."""
    return (
        select(ImportRun, StoredFile, Organisation)
        .join(StoredFile, ImportRun.file_id == StoredFile.id)
        .join(Organisation, ImportRun.provider_id == Organisation.id)
    )


def stood_for(step: HistoryStep) -> ColumnElement[bool]:
    """Imports for which somebody has taken this step."""
    return ImportRun.id.in_(select(HistoryCheck.import_run_id).where(HistoryCheck.step == step))


def history_steps(run: ImportRun) -> Sequence[Any]:
    """(HistoryCheck, person, organisation) in order."""
    return session.execute(
        select(HistoryCheck, User, Organisation)
        .join(User, HistoryCheck.user_id == User.id)
        .join(Organisation, HistoryCheck.organisation_id == Organisation.id)
        .where(HistoryCheck.import_run_id == run.id)
        .order_by(HistoryCheck.id)
    ).all()
