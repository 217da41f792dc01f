"""Computations of form 1, done again from the ledger as it stood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby
from types import SimpleNamespace
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, or_, select, type_coerce

from app.catalogue.models import ImportRun, ImportState, Instrument
from app.evaluation.models import Computation, Round, Scheme
from app.evaluation.rules.form1.exclusions import counting_rules
from app.evaluation.rules.form1.facts import ServiceFacts
from app.evaluation.rules.form1.rows import Basis, facts_of, read_basis
from app.evaluation.rules.form1.scores import Result, compute
from app.evaluation.rules.schemes import read_scheme
from app.infra.db import session
from app.kernel import civil
from app.ledger.models import HistoryCheck, RecordEntry, ServiceRecord
from app.ledger.rules.entries import EntryKind
from app.organisations.models import EvaluationUnit


def compute_first(computation: Computation, round_: Round, scheme: Scheme) -> Result:
    basis = read_basis(computation.basis)
    rules, document = read_scheme(scheme.document), scheme.document
    records = _facts(computation, round_.year, basis)
    counting = counting_rules(document["counting"])
    return compute(rules, counting, document, basis.units, records, year=round_.year, cut_offs=basis.cut_offs)


def _facts(computation: Computation, year: int, basis: Basis) -> Iterator[ServiceFacts]:
    checks = _checks(computation)
    entries = _entries(computation, year)
    for _end, together in groupby(_records(computation, year), key=lambda row: row.ends_at):
        for row in sorted(together, key=lambda one: str(one.public_id)):
            yield facts_of(row, entries.get(row.id, ()), basis, checks)


def _records(computation: Computation, year: int) -> Iterator[Any]:
    record = ServiceRecord
    rows = session.execute(
        select(
            record.id, record.public_id, record.import_run_id, record.booking_id, record.provider_id, record.client_id,
            record.intermediary_id, record.purpose.label("purpose"), record.order_number, record.internal,
            record.starts_at, record.ends_at, record.effective_minutes, record.evidence,
            type_coerce(record.charged, BigInteger).label("charged"),
            Instrument.public_id.label("instrument"), EvaluationUnit.public_id.label("unit"),
        )
        .join(Instrument, Instrument.id == record.instrument_id)
        .outerjoin(EvaluationUnit, EvaluationUnit.id == record.evaluation_unit_id)
        .where(_concerning(computation, year))
        .order_by(record.ends_at, record.id)
    )  # fmt: skip
    return (SimpleNamespace(**row._mapping) for row in rows)


def _entries(computation: Computation, year: int) -> Mapping[int, list[Any]]:
    entry = RecordEntry
    found: dict[int, list[Any]] = {}
    columns = (entry.record_id, entry.kind, entry.on, type_coerce(entry.amount, BigInteger).label("fen"), entry.rating)
    for row in session.execute(
        select(*columns)
        .join(ServiceRecord, ServiceRecord.id == entry.record_id)
        .where(_concerning(computation, year), entry.entered_at <= computation.as_of)
        .order_by(entry.record_id, entry.on, entry.entered_at, entry.id)
    ):
        found.setdefault(row.record_id, []).append(row)
    return found


def _concerning(computation: Computation, year: int) -> ColumnElement[bool]:
    record, ends, as_of = ServiceRecord, civil.year(year), computation.as_of
    moved = select(RecordEntry.record_id).where(
        RecordEntry.kind.in_([EntryKind.RECEIVED, EntryKind.REFUNDED]),
        RecordEntry.on.between(date(year, 1, 1), date(year, 12, 31)),
    )
    complete = select(ImportRun.id).where(ImportRun.state == ImportState.COMPLETE, ImportRun.completed_at <= as_of)
    served = and_(record.ends_at >= ends.start, record.ends_at < ends.end)
    arrived = or_(record.import_run_id.is_(None), record.import_run_id.in_(complete))
    return and_(or_(served, record.id.in_(moved)), record.entered_at <= as_of, arrived)


def _checks(computation: Computation) -> frozenset[tuple[int, str]]:
    check = HistoryCheck
    rows = session.execute(select(check.import_run_id, check.step).where(check.at <= computation.as_of))
    return frozenset((run, step.value) for run, step in rows)
