"""What a round is computed from: the frozen basis, the dated ledger, and what earlier rounds took."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from app.evaluation.models import Computation, RecordTaking, Round, Scheme
from app.evaluation.queries.first_form import compute_first
from app.evaluation.rules.basis import Assumed, Basis, EarlierRules, Unit, read_basis
from app.evaluation.rules.rounds import RoundResult, compute
from app.evaluation.rules.schemes import read_scheme
from app.evaluation.rules.states import RoundState
from app.evaluation.rules.taking import Taking, added, first_taking, taking
from app.infra.db import session
from app.infra.spool import Spool
from app.kernel.civil import iso, parse_instant
from app.ledger.queries.facts import organisation_graph, readings
from app.ledger.queries.selection import FactsQuery
from app.ledger.rules.exclusions import Measure
from app.ledger.rules.takings import Outcome, Taken
from app.ledger.rules.verdicts import Judgement
from app.ledger.rules.years import CutOffs

Take = Callable[[Taking], None]
See = Callable[[Judgement], None]
Again = tuple[str, str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Computed:
    """A computation with its round and scheme."""

    computation: Computation
    round: Round
    scheme: Scheme


def basis_of(round_: Round, scheme: Scheme, units: Iterable[Unit], cut_offs: CutOffs) -> Basis:
    """All that is frozen: earlier years that are not final yet are taken for what their last computation would take."""
    computed = _computed(scheme.document["beneficiary"], round_)
    finals = [one for one in computed if one.computation.final]
    assumed = _assumed(computed, round_, scheme)
    closed: dict[int, datetime] = {}
    for one in finals:
        closed.setdefault(one.round.year, one.computation.as_of)
    return Basis(
        units=tuple(units),
        cut_offs=cut_offs,
        graph=organisation_graph(),
        closed=closed,
        earlier={one.round.public_id: _rules(one) for one in [*finals, *assumed]},
        assumed=tuple(Assumed(one.round.public_id, one.computation.as_of) for one in assumed),
    )


def _computed(beneficiary: str, round_: Round) -> list[Computed]:
    """The last computation of every other round of the beneficiary that is no trial and not closed, by as-of."""
    last = select(func.max(Computation.id)).group_by(Computation.round_id)
    rows = session.execute(
        select(Computation, Round, Scheme)
        .join(Round, Computation.round_id == Round.id)
        .join(Scheme, Round.scheme_id == Scheme.id)
        .where(Round.id != round_.id, Computation.id.in_(last), Round.state != RoundState.CLOSED, ~Round.trial)
        .order_by(Computation.as_of, Round.id)
    )
    return [Computed(*row) for row in rows if row.Scheme.document["beneficiary"] == beneficiary]


def is_current(one: Computed) -> bool:
    """Whether every other round that is final by now was taken for final: else its records would be taken twice."""
    basis = one.computation.basis
    known = set(basis.get("earlier", ())) - {key for key, _as_of in basis.get("assumed", ())}
    others = _computed(one.scheme.document["beneficiary"], one.round)
    return {other.round.public_id for other in others if other.computation.final} <= known


def _assumed(computed: Sequence[Computed], round_: Round, scheme: Scheme) -> list[Computed]:
    """One round for every earlier year that none has closed: one of the same scheme before others."""
    closed = {one.round.year for one in computed if one.computation.final}
    running = [one for one in computed if one.round.year < round_.year and one.round.year not in closed]
    running.sort(key=lambda one: (one.round.year, one.scheme.code != scheme.code, one.round.id))
    by_year: dict[int, Computed] = {}
    for one in running:
        by_year.setdefault(one.round.year, one)
    return list(by_year.values())


def _rules(one: Computed) -> EarlierRules:
    days = one.computation.basis["cut_offs"].items()
    cut_offs = CutOffs({int(year): date.fromisoformat(day) for year, day in days})
    return EarlierRules(one.scheme.document["counting"], cut_offs)


def score(
    round_: Round, scheme: Scheme, basis: Basis, *, as_of: datetime, take: Callable[[Judgement], None] = lambda _: None
) -> RoundResult:
    """Compute a round from its basis and the ledger as it stood."""
    found = readings(query_of(round_, basis, as_of), basis.graph, TakenBefore(basis).of)
    return compute(read_scheme(scheme.document), scheme.document, basis, found, year=round_.year, take=take)


def query_of(round_: Round, basis: Basis, as_of: datetime, providers: Sequence[int] | None = None) -> FactsQuery:
    since = [*basis.closed.values(), *(one.as_of for one in basis.assumed)]
    return FactsQuery(round_.year, as_of, min(since, default=None), providers)


def score_again(one: Computed, take: Take = lambda _: None, see: See = lambda _: None) -> Again:
    """A computation done again under its own form: (input digest, result digest, results as published).

    `take` is handed what it takes of each record, `see` each judgement of the form of today.
    """
    computation, round_ = one.computation, one.round
    if computation.form == 1:
        first = compute_first(computation, round_, one.scheme)
        for judgement in first.judged:
            take(first_taking(judgement, round_.public_id, computation.as_of))
        return first.input_digest, first.result_digest, first.results

    def keep(judgement: Judgement) -> None:
        take(taking(judgement, round_.public_id, computation.as_of))
        see(judgement)

    basis = read_basis(computation.basis)
    again = score(round_, one.scheme, basis, as_of=computation.as_of, take=keep)
    return again.input_digest, again.result_digest, [result.document() for result in again.results]


class TakenBefore:
    """What earlier rounds took: final ones from their table, those assumed computed again."""

    def __init__(self, basis: Basis) -> None:
        assumed = {one.round for one in basis.assumed}
        wanted = select(Round.id, Round.public_id).where(Round.public_id.in_(sorted(basis.earlier)))
        self.keys = {row.id: row.public_id for row in session.execute(wanted)}
        self.final = sorted(id_ for id_, key in self.keys.items() if key not in assumed)
        self.assumed = [_spooled(one) for one in basis.assumed]

    def of(self, records: Sequence[str]) -> Mapping[str, Taken]:
        found: dict[str, Taken] = {}
        for one in self._stored(records):
            found[one.record] = added(found.get(one.record), one)
        for spool in self.assumed:
            for key, row in spool.get(records).items():
                found[key] = added(found.get(key), unspooled(key, row))
        return found

    def _stored(self, records: Sequence[str]) -> list[Taking]:
        row = RecordTaking
        if not self.final:
            return []
        wanted = select(row).where(row.record_key.in_(records), row.round_id.in_(self.final))
        rows = session.scalars(wanted.order_by(row.as_of, row.id))
        return [_taking(one, self.keys) for one in rows]


def _taking(row: RecordTaking, keys: Mapping[int, str]) -> Taking:
    values = {Measure.COUNT: row.count, Measure.INCOME: row.income.fen}
    values |= {Measure.CLIENTS: row.clients, Measure.HOURS: row.hours}
    return Taking(row.record_key, values, row.outcome, row.as_of, keys[row.judged_by_id], row.late)


def takings_of(round_: Round) -> list[Taking]:
    """What a final round took, as stored."""
    keys = {row.id: row.public_id for row in session.execute(select(Round.id, Round.public_id))}
    rows = session.scalars(select(RecordTaking).where(RecordTaking.round_id == round_.id))
    return [_taking(row, keys) for row in rows]


def _spooled(assumed: Assumed) -> Spool:
    """What the computation of that as-of would take."""
    row = session.execute(
        select(Computation, Round, Scheme)
        .join(Round, Computation.round_id == Round.id)
        .join(Scheme, Round.scheme_id == Scheme.id)
        .where(Round.public_id == assumed.round, Computation.as_of == assumed.as_of)
        .order_by(Computation.id)
    ).first()
    if row is None:
        raise LookupError(f"round {assumed.round} has no computation of {iso(assumed.as_of)}")
    spool = Spool()
    score_again(Computed(*row), lambda one: spool.put(one.record, spooled(one)))
    return spool


def spooled(one: Taking) -> list[Any]:
    values = [one.values[measure] for measure in Measure]
    return [*values, one.outcome.value, iso(one.as_of), one.judged_by, one.late]


def unspooled(record: str, row: Sequence[Any]) -> Taking:
    *values, outcome, as_of, judged_by, late = row
    numbers = dict(zip(Measure, values, strict=True))
    return Taking(record, numbers, Outcome(outcome), parse_instant(as_of), judged_by, late)
