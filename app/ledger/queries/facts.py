"""The facts of a year as the rules read them: a handful of statements, whatever the number of records."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, or_, select, type_coerce

from app.booking.rules.purposes import Purpose
from app.catalogue.models import ImportRun, ImportState, Instrument
from app.infra.db import session
from app.kernel import civil
from app.ledger.models import EntryKind, HistoryCheck, RecordEntry, ServiceRecord
from app.ledger.rules.around import Around, Body, Span, both_ways
from app.ledger.rules.facts import Confirmation, EvidenceGrade, MoneyOn, ServiceFacts
from app.ledger.rules.history.steps import HistoryStep
from app.organisations.models import EvaluationUnit, Kind, Organisation, RelatedParty
from app.organisations.queries import tops

AT_ONCE = 2000
NO_BODIES = frozenset({Kind.START_UP_TEAM, Kind.NATURAL_PERSON})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Records that concern a civil year, as the ledger stood at an instant; all providers, or some of them."""

    year: int
    as_of: datetime
    provider_ids: Collection[int] | None = None

    def records(self) -> ColumnElement[bool]:
        """Ended in the year, or paid or refunded in it; money of later years changes what earlier ones showed."""
        ends = civil.year(self.year)
        moved = select(RecordEntry.record_id).where(
            RecordEntry.kind.in_([EntryKind.RECEIVED, EntryKind.REFUNDED]),
            RecordEntry.on.between(date(self.year, 1, 1), date(self.year, 12, 31)),
        )
        served = and_(ServiceRecord.ends_at >= ends.start, ServiceRecord.ends_at < ends.end)
        return and_(or_(served, ServiceRecord.id.in_(moved)), self._there(), self._of_providers())

    def _there(self) -> ColumnElement[bool]:
        complete = select(ImportRun.id).where(
            ImportRun.state == ImportState.COMPLETE, ImportRun.completed_at <= self.as_of
        )
        own = ServiceRecord.import_run_id.is_(None)
        return and_(ServiceRecord.entered_at <= self.as_of, or_(own, ServiceRecord.import_run_id.in_(complete)))

    def _of_providers(self) -> ColumnElement[bool]:
        if self.provider_ids is None:
            return ServiceRecord.id.is_not(None)
        return ServiceRecord.provider_id.in_(sorted(self.provider_ids))


_Entries = Collection[Any]
_Checked = frozenset[tuple[int, str]]
"""(import, step) of what was stood for."""


def facts(wanted: Wanted, around: Around) -> Iterator[ServiceFacts]:
    """One ServiceFacts per record, in order of end and key; however many there are, few are in memory at once.

    What was entered after `as_of` is not seen: with the same surroundings the same question keeps its answer.
    """
    checked = _checked(wanted.as_of)
    for _end, together in groupby(_with_entries(wanted), key=lambda found: found[0].ends_at):
        # By key here and not in the database: the engines do not sort text alike.
        for row, entries in sorted(together, key=lambda found: found[0].public_id):
            yield _facts(row, entries, around, checked)


def _with_entries(wanted: Wanted) -> Iterator[tuple[Any, _Entries]]:
    """Records and entries as two streams in the same order, side by side."""
    waiting = groupby(_stream(_entries(wanted)), key=lambda entry: (entry.ends_at, entry.record_id))
    place, entries = next(waiting, _NO_MORE)
    for row in _stream(_records(wanted)):
        here = (row.ends_at, row.id)
        while place is not None and place < here:  # of a record that was not there yet when the other stream began
            place, entries = next(waiting, _NO_MORE)
        yield row, tuple(entries) if place == here else ()


_NO_MORE: tuple[Any, Iterator[Any]] = (None, iter(()))


def _stream(statement: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    yield from session.connection().execute(statement.execution_options(yield_per=AT_ONCE))


def _records(wanted: Wanted) -> Select[*tuple[Any, ...]]:
    record = ServiceRecord
    return (
        select(
            record.id, record.public_id, record.import_run_id, record.booking_id, record.provider_id,
            record.client_id, record.intermediary_id, record.purpose, record.order_number, record.internal,
            record.starts_at, record.ends_at, record.effective_minutes, record.evidence,
            _fen(record.charged).label("charged"),
            Instrument.public_id.label("instrument"), EvaluationUnit.public_id.label("unit"),
        )
        .join(Instrument, Instrument.id == record.instrument_id)
        .outerjoin(EvaluationUnit, EvaluationUnit.id == record.evaluation_unit_id)
        .where(wanted.records())
        .order_by(record.ends_at, record.id)
    )  # fmt: skip


def _entries(wanted: Wanted) -> Select[*tuple[Any, ...]]:
    entry = RecordEntry
    return (
        select(
            ServiceRecord.ends_at, entry.record_id, entry.kind, entry.on, _fen(entry.amount).label("fen"), entry.rating
        )
        .join(ServiceRecord, ServiceRecord.id == entry.record_id)
        .where(wanted.records(), entry.entered_at <= wanted.as_of)
        .order_by(ServiceRecord.ends_at, entry.record_id, entry.on, entry.entered_at, entry.id)
    )


def providers_outside_units(wanted: Wanted) -> Select[int]:
    """Row ids of the bodies with records of no evaluation unit: these are scored under the body itself."""
    outside = ServiceRecord.evaluation_unit_id.is_(None)
    return select(ServiceRecord.provider_id).where(wanted.records(), outside).distinct()


def _fen(amount: Any) -> ColumnElement[int]:
    """The bare number: facts are in fen, and there are hundreds of thousands of them."""
    return type_coerce(amount, BigInteger)


def around() -> Around:
    """The surroundings as they are now: every body with the legal person it counts as, and all relations."""
    columns = (Organisation.id, Organisation.public_id, Organisation.kind)
    rows = session.execute(select(*columns, Organisation.parent_id, Organisation.merged_into_id)).all()
    top = tops({row.id: row.merged_into_id or row.parent_id for row in rows})
    keys = {row.id: row.public_id for row in rows}
    bodies = {row.id: Body(row.public_id, keys[top[row.id]], top[row.id], row.kind not in NO_BODIES) for row in rows}
    sides = select(RelatedParty.one_id, RelatedParty.other_id, RelatedParty.valid_from, RelatedParty.valid_until)
    return Around(bodies, both_ways(session.execute(sides)))


def _checked(as_of: datetime) -> _Checked:
    """What was attested and verified by then."""
    rows = session.execute(select(HistoryCheck.import_run_id, HistoryCheck.step).where(HistoryCheck.at <= as_of))
    return frozenset((run, step) for run, step in rows)


def _facts(row: Any, entries: _Entries, around: Around, checked: _Checked) -> ServiceFacts:
    provider, client = around.bodies[row.provider_id], around.bodies[row.client_id]
    told, run = _Told(entries), row.import_run_id
    return ServiceFacts(
        key=row.public_id,
        unit=row.unit or provider.person,
        provider=provider.person,
        instrument=row.instrument,
        client=client.key,
        client_person=client.person if client.counts else None,
        started=row.starts_at,
        ended=row.ends_at,
        effective_minutes=row.effective_minutes,
        charged=row.charged,
        evidence=_evidence(row, told.confirmation),
        invoiced=told.invoiced,
        receipts=tuple(told.receipts),
        refunds=tuple(told.refunds),
        confirmation=told.confirmation,
        purpose=row.purpose or Purpose.OTHER.value,
        order=row.order_number,
        intermediary=around.bodies[row.intermediary_id].key if row.intermediary_id else None,
        rating=told.rating,
        internal=row.internal,
        related=_related(row, provider, client, around.relations),
        attested=run is None or (run, HistoryStep.ATTESTED) in checked,
        verified=run is None or (run, HistoryStep.VERIFIED) in checked,
    )


class _Told:
    """What the entries of one record say, one after the other."""

    def __init__(self, entries: _Entries) -> None:
        self.confirmation, self.rating, self.invoiced = Confirmation.NONE, None, 0
        self.receipts: list[MoneyOn] = []
        self.refunds: list[MoneyOn] = []
        for _ends, _record, kind, on, fen, rating in entries:
            if kind is EntryKind.CONFIRMED:
                self.confirmation = Confirmation.CLIENT
                self.rating = self.rating if rating is None else rating
            elif kind is EntryKind.TACITLY_CONFIRMED:
                if self.confirmation is Confirmation.NONE:
                    self.confirmation = Confirmation.TACIT
            elif fen is not None:
                self._money(kind, on, fen)

    def _money(self, kind: EntryKind, on: date, fen: int) -> None:
        if kind is EntryKind.INVOICED:
            self.invoiced += fen
        else:
            (self.receipts if kind is EntryKind.RECEIVED else self.refunds).append(MoneyOn(on, fen))


def _evidence(row: Any, confirmation: Confirmation) -> EvidenceGrade:
    """What the platform itself recorded and the client confirmed has the word of both parties."""
    ours = row.booking_id is not None and row.evidence is EvidenceGrade.MANUAL
    grade: EvidenceGrade = row.evidence
    return EvidenceGrade.BOTH_PARTIES if ours and confirmation is Confirmation.CLIENT else grade


def _related(row: Any, provider: Body, client: Body, relations: Mapping[tuple[int, int], Sequence[Span]]) -> bool:
    """On the day of the service; a relation of the legal person binds its branches."""
    sides = {(p, c) for p in (row.provider_id, provider.person_id) for c in (row.client_id, client.person_id)}
    spans = [span for side in sides for span in relations.get(side, ())]
    if not spans:
        return False
    day = civil.civil_day(row.ends_at)
    return any(since <= day and (until is None or day < until) for since, until in spans)
