"""The facts of form 1 from the rows of the ledger, and what a computation of form 1 kept beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from app.evaluation.rules.form1.facts import ServiceFacts
from app.evaluation.rules.form1.scores import Unit
from app.evaluation.rules.form1.verdicts import CutOffs
from app.kernel.civil import civil_day
from app.ledger.rules.facts import Confirmation, EvidenceGrade, MoneyOn


class RecordRow(Protocol):
    """A service record with the public ids of its instrument and unit; enumerations by value, amounts in fen."""

    id: int
    public_id: str
    import_run_id: int | None
    booking_id: int | None
    provider_id: int
    client_id: int
    intermediary_id: int | None
    purpose: str
    order_number: str | None
    internal: bool
    starts_at: datetime
    ends_at: datetime
    effective_minutes: int
    evidence: str
    charged: int
    instrument: str
    unit: str | None


class EntryRow(Protocol):
    kind: str
    on: date
    fen: int | None
    rating: int | None


@dataclass(frozen=True, slots=True)
class Basis:
    """Units, cut-offs, bodies – (key, row id of the legal person, whether it counts) – and relations by their sides."""

    units: Sequence[Unit]
    cut_offs: CutOffs
    bodies: Mapping[int, tuple[str, int, bool]]
    relations: Mapping[frozenset[int], Sequence[tuple[date, date | None]]]


def read_basis(document: Mapping[str, Any]) -> Basis:
    relations: defaultdict[frozenset[int], list[tuple[date, date | None]]] = defaultdict(list)
    for one, other, since, until in document["relations"]:
        span = date.fromisoformat(since), date.fromisoformat(until) if until else None
        relations[frozenset((one, other))].append(span)
    return Basis(
        [(key, kind, opened) for key, kind, opened in document["units"]],
        CutOffs({int(year): date.fromisoformat(day) for year, day in document["cut_offs"].items()}),
        {id_: (key, person, counts) for id_, key, person, counts in document["bodies"]},
        relations,
    )


def facts_of(
    row: RecordRow, entries: Iterable[EntryRow], basis: Basis, checks: frozenset[tuple[int, str]]
) -> ServiceFacts:
    """`entries` in order of day and entry; `checks` are (import, step) of what was attested and verified by then."""
    bodies = basis.bodies
    _key, provider_person, _counts = bodies[row.provider_id]
    client_key, client_person, counts = bodies[row.client_id]
    provider, summed = bodies[provider_person][0], _Summing(entries)
    run = row.import_run_id
    return ServiceFacts(
        key=row.public_id,
        unit=row.unit or provider,
        provider=provider,
        instrument=row.instrument,
        client=client_key,
        client_person=bodies[client_person][0] if counts else None,
        started=row.starts_at,
        ended=row.ends_at,
        effective_minutes=row.effective_minutes,
        charged=row.charged,
        evidence=_evidence(row, summed.confirmation),
        invoiced=summed.invoiced,
        receipts=tuple(summed.receipts),
        refunds=tuple(summed.refunds),
        confirmation=summed.confirmation,
        purpose=row.purpose or "other",
        order=row.order_number,
        intermediary=bodies[row.intermediary_id][0] if row.intermediary_id else None,
        rating=summed.rating,
        internal=row.internal,
        related=_related(row, (provider_person, client_person), basis),
        attested=run is None or (run, "attested") in checks,
        verified=run is None or (run, "verified") in checks,
    )


class _Summing:
    def __init__(self, entries: Iterable[EntryRow]) -> None:
        self.confirmation, self.rating, self.invoiced = Confirmation.NONE, None, 0
        self.receipts: list[MoneyOn] = []
        self.refunds: list[MoneyOn] = []
        for entry in entries:
            match entry.kind:
                case "confirmed":
                    self.confirmation = Confirmation.CLIENT
                    self.rating = self.rating if entry.rating is None else entry.rating
                case "tacitly-confirmed" if self.confirmation is Confirmation.NONE:
                    self.confirmation = Confirmation.TACIT
                case "invoiced" if entry.fen is not None:
                    self.invoiced += entry.fen
                case "received" if entry.fen is not None:
                    self.receipts.append(MoneyOn(entry.on, entry.fen))
                case "refunded" if entry.fen is not None:
                    self.refunds.append(MoneyOn(entry.on, entry.fen))


def _evidence(row: RecordRow, confirmation: Confirmation) -> EvidenceGrade:
    ours = row.booking_id is not None and row.evidence == EvidenceGrade.MANUAL
    return EvidenceGrade.BOTH_PARTIES if ours and confirmation is Confirmation.CLIENT else EvidenceGrade(row.evidence)


def _related(row: RecordRow, persons: tuple[int, int], basis: Basis) -> bool:
    ones, others, day = {row.provider_id, persons[0]}, {row.client_id, persons[1]}, civil_day(row.ends_at)
    spans = (span for one in ones for other in others for span in basis.relations.get(frozenset((one, other)), ()))
    return any(since <= day and (until is None or day < until) for since, until in spans)
