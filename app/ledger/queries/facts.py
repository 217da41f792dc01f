"""The facts of a year as the rules read them: a few statements for every two thousand records."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, select, type_coerce

from app.accounts.models import User
from app.booking.rules.purposes import Purpose
from app.catalogue.models import ImportRun, Instrument
from app.infra.db import session
from app.kernel import civil
from app.ledger.models import HistoryCheck, RecordEntry, ServiceRecord
from app.ledger.queries.selection import FactsQuery
from app.ledger.rules.attestation import HistoryStep
from app.ledger.rules.entries import Entry, EntryKind, changed, summary
from app.ledger.rules.facts import ChargeKind, EvidenceGrade, ServiceFacts
from app.ledger.rules.organisations import Body, OrganisationGraph, Relation
from app.ledger.rules.takings import Reading, Taken
from app.ledger.rules.witnesses import Witness
from app.organisations.models import EvaluationUnit, Kind, Organisation, RelatedParty

AT_ONCE = 2000
NO_BODIES = frozenset({Kind.START_UP_TEAM, Kind.NATURAL_PERSON})

UNFED: dict[str, Any] = {
    "intermediary": None,
    "tax": 0,
    "kind": ChargeKind.SERVICE,
    "cancelled": False,
    "reported": False,
    "parties_agree": True,
    "claimed_elsewhere": False,
}
"""Facts of NOT_YET_FED that no row holds: nothing speaks against a service that nobody can record."""

TakenOf = Callable[[Sequence[str]], Mapping[str, Taken]]
"""What final rounds took of these records, by their keys."""


def nothing_taken(_keys: Sequence[str]) -> Mapping[str, Taken]:
    return {}


def readings(query: FactsQuery, graph: OrganisationGraph, taken_of: TakenOf = nothing_taken) -> Iterator[Reading]:
    """Every record of the query, shelf by shelf; however many there are, few are in memory at once.

    What was entered at or after the as-of is not seen: with the same graph the same question keeps its answer.
    """
    checks = _checks(query.as_of)
    for rows in _chunks(_stream(_records(query))):
        entries = _entries([row.id for row in rows], query.as_of)
        taken = taken_of([row.public_id for row in rows])
        for row in rows:
            rows_of = [_entry(one, row.completed_at) for one in entries[row.id]]
            before = taken.get(row.public_id)
            new = before is not None and changed(rows_of, before.as_of, query.year)
            yield Reading(_facts(row, rows_of, graph, checks), before, new)


def _chunks(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while chunk := list(islice(rows, AT_ONCE)):
        yield chunk


def facts(query: FactsQuery, graph: OrganisationGraph) -> Iterator[ServiceFacts]:
    return (reading.facts for reading in readings(query, graph))


def _stream(statement: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    yield from session.connection().execute(statement.execution_options(yield_per=AT_ONCE))


def _records(query: FactsQuery) -> Select[*tuple[Any, ...]]:
    record = ServiceRecord
    return (
        select(
            record.id, record.public_id, record.import_run_id, record.booking_id, record.provider_id,
            record.client_id, record.user_label, record.purpose, record.order_number, record.internal,
            record.starts_at, record.ends_at, record.booked_from, record.booked_until, record.linked_until,
            record.effective_minutes, record.evidence, record.entered_at, ImportRun.completed_at,
            _fen(record.charged).label("charged"), _fen(record.posted).label("posted"),
            Instrument.public_id.label("instrument"), EvaluationUnit.public_id.label("unit"),
            User.public_id.label("user"),
        )
        .join(Instrument, Instrument.id == record.instrument_id)
        .outerjoin(EvaluationUnit, EvaluationUnit.id == record.evaluation_unit_id)
        .outerjoin(User, User.id == record.user_id)
        .outerjoin(ImportRun, ImportRun.id == record.import_run_id)
        .where(query.records())
        # Shelf by shelf: what may be one job lies together, however text and absent values are sorted.
        .order_by(record.order_number, record.instrument_id, record.user_id, record.user_label, record.purpose,
                  record.ends_at, record.id)
    )  # fmt: skip


def _fen(amount: Any) -> ColumnElement[int]:
    """The bare number: facts are in fen, and there are hundreds of thousands of them."""
    return type_coerce(amount, BigInteger)


def _entries(record_ids: Sequence[int], as_of: datetime) -> Mapping[int, Sequence[Any]]:
    entry = RecordEntry
    columns = (entry.record_id, entry.public_id, entry.kind, entry.on, _fen(entry.amount).label("fen"), entry.rating)
    found: defaultdict[int, list[Any]] = defaultdict(list)
    rows = session.execute(
        select(*columns, entry.details, entry.entered_at)
        .where(entry.record_id.in_(record_ids), entry.entered_at < as_of)
        .order_by(entry.on, entry.entered_at, entry.id)
    )
    for row in rows:
        found[row.record_id].append(row)
    return found


def organisation_graph() -> OrganisationGraph:
    """The graph as it is now: every body, and all relations."""
    columns = (Organisation.id, Organisation.public_id, Organisation.kind, Organisation.parent_id)
    bodies = session.execute(select(*columns, Organisation.merged_into_id, Organisation.merged_on))
    party = RelatedParty
    sides = select(party.one_id, party.other_id, party.controller_id, party.valid_from, party.valid_until)
    return OrganisationGraph(
        {
            row.id: Body(row.public_id, row.kind not in NO_BODIES, row.parent_id, row.merged_into_id, row.merged_on)
            for row in bodies
        },
        tuple(Relation(*row) for row in session.execute(sides.order_by(party.id))),
    )


Checks = frozenset[tuple[int, str]]
"""(import, step) of what was stood for."""


def _checks(as_of: datetime) -> Checks:
    """What was attested and verified by then."""
    rows = session.execute(select(HistoryCheck.import_run_id, HistoryCheck.step).where(HistoryCheck.at < as_of))
    return frozenset((run, step) for run, step in rows)


def _entry(row: Any, arrived: datetime | None) -> Entry:
    """What came with an import is there from the moment when the whole import is."""
    entered = row.entered_at if arrived is None else max(row.entered_at, arrived)
    return Entry(row.public_id, row.kind, row.on, row.fen, row.rating, row.details, entered)


def _facts(row: Any, entries: Sequence[Entry], graph: OrganisationGraph, checks: Checks) -> ServiceFacts:
    day, total = civil.civil_day(row.ends_at), summary(entries)
    provider, client = graph.person(row.provider_id, day), graph.bodies[row.client_id]
    return ServiceFacts(
        key=row.public_id,
        unit=row.unit or graph.person(row.provider_id, None).key,
        provider=provider.key,
        instrument=row.instrument,
        client=client.key,
        client_person=graph.person(row.client_id, day).key if client.counts else None,
        user=row.user or _pseudonym(provider.key, row.user_label),
        purpose=row.purpose or Purpose.OTHER.value,
        order=row.order_number,
        started=row.starts_at,
        ended=row.ends_at,
        linked_until=row.linked_until,
        entered=row.completed_at or row.entered_at,
        effective_minutes=row.effective_minutes,
        booked_minutes=_minutes(row.booked_from, row.booked_until),
        charged=row.charged,
        posted=row.posted,
        adjustments=total.adjustments,
        invoiced=total.invoiced,
        receipts=total.receipts,
        refunds=total.refunds,
        vouchers_deducted=total.vouchers_deducted,
        vouchers_afterwards=total.vouchers_afterwards,
        evidence=_evidence(row, entries),
        confirmation=total.confirmation,
        rating=total.rating,
        internal=row.internal,
        related=graph.related(row.provider_id, row.client_id, day),
        **_stood_for(row.import_run_id, checks),
        **UNFED,
    )


def _stood_for(run: int | None, checks: Checks) -> dict[str, Any]:
    """Only history that was imported waits for somebody to stand for it."""
    return {
        "attested": run is None or (run, HistoryStep.ATTESTED) in checks,
        "verified": run is None or (run, HistoryStep.VERIFIED) in checks,
    }


def _pseudonym(provider: str, label: str) -> str:
    """Who used it, as another system calls them; what is hashed for good holds no label that could be a name."""
    return hashlib.sha256(f"{provider}\0{label}".encode()).hexdigest()


def _minutes(start: datetime | None, end: datetime | None) -> int | None:
    return None if start is None or end is None else int((end - start).total_seconds()) // 60


def _evidence(row: Any, entries: Sequence[Entry]) -> EvidenceGrade:
    """What the platform recorded has the word of both parties where two people stand for it."""
    witnessed = any(one.kind is EntryKind.CONFIRMED and one.details.get("witness") == Witness.BOTH for one in entries)
    if row.booking_id is not None and row.evidence is EvidenceGrade.MANUAL and witnessed:
        return EvidenceGrade.BOTH_PARTIES
    grade: EvidenceGrade = row.evidence
    return grade
