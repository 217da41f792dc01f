"""Down to the rows: the stored verdicts of a computation, read by index, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Row, Select, case, func, select, type_coerce
from sqlalchemy.orm import aliased

from app.catalogue.models import Instrument
from app.evaluation.models import Computation, RecordVerdict, Result, Round, Scheme
from app.evaluation.queries import latest
from app.evaluation.rules.indicators import Population
from app.evaluation.rules.rows import curable
from app.infra.db import session
from app.kernel.money import Money
from app.kernel.names import Names
from app.ledger.models import RecordEntry, ServiceRecord
from app.ledger.rules.entries import EntryKind
from app.ledger.rules.exclusions import Measure, Reason
from app.organisations.models import Organisation

V = RecordVerdict
Leader = aliased(ServiceRecord, name="leader")


@dataclass(frozen=True, slots=True)
class Missing:
    """What one thing still to be done would bring: services and what was charged for them."""

    reason: Reason
    records: int
    charged: Money


@dataclass(frozen=True, slots=True)
class OfClient:
    """What counts of one legal person: services, and what was kept of their money."""

    names: Names
    records: int
    kept: Money


def counts(measure: Measure) -> ColumnElement[bool]:
    column: ColumnElement[bool] = getattr(V, f"{measure}_counts")
    return column


def value(measure: Measure) -> ColumnElement[int]:
    column: ColumnElement[int] = getattr(V, f"{measure}_value")
    return column


def _own(result: Result, population: Population = Population.CONCERNED) -> list[ColumnElement[bool]]:
    own = [V.computation_id == result.computation_id, V.unit_key == result.unit_key]
    return [*own, V.external.is_(True)] if population is Population.EXTERNAL else own


def rows(result: Result, population: Population) -> Select[Any]:
    """RecordVerdict, ServiceRecord, Instrument and Organisation (the client) by these names, `leader`, `invoices`."""
    invoice = RecordEntry.record_id == ServiceRecord.id, RecordEntry.kind == EntryKind.INVOICED
    seen = select(Computation.as_of).where(Computation.id == result.computation_id).scalar_subquery()
    invoices = (
        select(func.aggregate_strings(RecordEntry.document, ", "))
        .where(*invoice, RecordEntry.entered_at <= seen)
        .correlate(ServiceRecord)
    )
    return (
        select(V, ServiceRecord, Instrument, Organisation, Leader.source_key.label("leader"),
               invoices.scalar_subquery().label("invoices"))
        .join(ServiceRecord, ServiceRecord.public_id == V.record_key)
        .join(Instrument, Instrument.id == ServiceRecord.instrument_id)
        .join(Organisation, Organisation.id == ServiceRecord.client_id)
        .outerjoin(Leader, Leader.public_id == V.counted_with)
        .where(*_own(result, population))
    )  # fmt: skip


def totals(result: Result, population: Population, columns: Mapping[str, ColumnElement[int]]) -> Mapping[str, int]:
    """Sums over the rows of a unit, by name, in one look."""
    sums = [func.coalesce(func.sum(column), 0).label(name) for name, column in columns.items()]
    found = session.execute(select(*sums).where(*_own(result, population))).one()
    return {name: int(number) for name, number in found._mapping.items()}


def once(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """1 for a row of which it holds, so that a sum counts them."""
    return case((condition, 1), else_=0)


def tallies(result: Result) -> Mapping[Measure, tuple[int, int]]:
    """(counted, not counted) under each measure."""
    counted = {measure.value: once(counts(measure)) for measure in Measure}
    found = totals(result, Population.CONCERNED, {**counted, "every": case((V.id.is_not(None), 1), else_=0)})
    return {measure: (found[measure], found["every"] - found[measure]) for measure in Measure}


def lacking(result: Result) -> list[Missing]:
    """Records that nothing but curable reasons keep from counting, summed by reason."""
    charged = func.sum(type_coerce(V.charged, BigInteger))
    not_counted = select(V.reasons, func.count(), charged).where(*_own(result), ~counts(Measure.COUNT))
    groups = [(text, number, int(fen)) for text, number, fen in session.execute(not_counted.group_by(V.reasons))]
    return [Missing(reason, number, Money(fen)) for reason, (number, fen) in curable(groups).items()]


def by_client(result: Result, measure: Measure) -> list[OfClient]:
    """Counted records by the body that counts as the client, the most first: branches stand under their head."""
    number, kept = func.sum(value(measure)), func.sum(type_coerce(V.kept, BigInteger))
    counted = select(V.client_key, number, kept).where(*_own(result), value(measure) != 0).group_by(V.client_key)
    found = session.execute(counted).all()
    called = select(Organisation.public_id, Organisation.name, Organisation.name_en)
    bodies = session.execute(called.where(Organisation.public_id.in_(sorted(key for key, _, _ in found))))
    names = {body.public_id: Names(body.name, body.name_en) for body in bodies}
    clients = [OfClient(names[key], int(number), Money(int(fen))) for key, number, fen in found]
    return sorted(clients, key=lambda one: (-one.records, -one.kept.fen, one.names))


def verdicts_of(record: ServiceRecord) -> Sequence[Row[RecordVerdict, Result, Round, Scheme]]:
    """What each round's newest computation makes of one record, the newest year first."""
    return session.execute(
        select(V, Result, Round, Scheme)
        .join(Computation, V.computation_id == Computation.id)
        .join(Result, (Result.computation_id == V.computation_id) & (Result.unit_key == V.unit_key))
        .join(Round, Computation.round_id == Round.id)
        .join(Scheme, Round.scheme_id == Scheme.id)
        .where(V.record_key == record.public_id, Computation.id.in_(latest()))
        .order_by(Round.year.desc(), Round.id.desc())
    ).all()


def kept(result: Result) -> bool:
    """Whether the rows of its computation are stored: those of an earlier one were replaced by the next."""
    return session.scalar(select(V.id).where(V.computation_id == result.computation_id).limit(1)) is not None
