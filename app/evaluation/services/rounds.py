"""A round is opened once, computed nightly until its cut-off, and then once for good."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from sqlalchemy import insert, select

from app import audit
from app.access import Actor, require
from app.evaluation import queries
from app.evaluation.actions import RoundAction
from app.evaluation.models import Computation, RecordTaking, Result, Round, RoundState, Scheme
from app.evaluation.permissions import RoundPermission
from app.evaluation.queries import Place
from app.evaluation.queries.computing import basis_of, score, spooled, unspooled
from app.evaluation.rules.basis import Basis
from app.evaluation.rules.forms import CURRENT
from app.evaluation.rules.rounds import RoundResult, UnitResult
from app.evaluation.rules.schemes import read_scheme
from app.evaluation.rules.taking import Taking, taking
from app.infra import tasks
from app.infra.db import session
from app.infra.locks import locked
from app.infra.spool import Spool
from app.infra.tasks import Task, Work
from app.infra.transactions import transaction
from app.kernel.civil import civil_day
from app.kernel.errors import NotFound, refuse
from app.kernel.ids import new_public_id
from app.kernel.money import Money
from app.ledger.queries.selection import FactsQuery
from app.ledger.rules.exclusions import Measure
from app.ledger.rules.verdicts import Judgement

COMPUTE = "evaluation.compute"
AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Run:
    """A round as computed from one look at the ledger, not written yet."""

    round_id: int
    year: int
    as_of: datetime
    state: RoundState
    result: RoundResult
    places: Sequence[Place]
    basis: Basis
    takings: Spool
    """What is stored where the run makes the round final."""


def open_round(scheme: Scheme, year: int, cut_off: date, *, actor: Actor, now: datetime) -> Round:
    """Apply a scheme to a civil year; money has to be in by `cut_off`, which is not before the year is over.

    The same scheme for the same year is the round that is open already; another day for it is refused.
    """
    if cut_off < date(year, 12, 31):
        raise refuse("cut-off-too-early", "cut_off", earliest=date(year, 12, 31))
    standing = session.scalars(select(Round).where(Round.scheme_id == scheme.id, Round.year == year)).first()
    if standing is not None:
        if standing.cut_off != cut_off:
            raise refuse("round-open-already", "cut_off", cut_off=standing.cut_off)
        return standing
    row = Round(scheme_id=scheme.id, year=year, cut_off=cut_off)
    session.add(row)
    session.flush()
    after = {"scheme": scheme.public_id, "year": year, "cut_off": cut_off}
    audit.record(RoundAction.OPENED, row, actor=actor, now=now, after=after)
    return row


def evaluate(round_: Round, *, now: datetime) -> Run:
    """Read and compute; nothing is written, so that it may take its time outside of a writing transaction."""
    scheme = session.get_one(Scheme, round_.scheme_id)
    places = queries.places(read_scheme(scheme.document), FactsQuery(round_.year, now))
    basis = basis_of(round_, scheme, (place.unit for place in places), queries.cut_offs(round_))
    state, takings = _state(round_, civil_day(now)), Spool()

    def take(one: Judgement) -> None:
        if state is RoundState.FINAL:
            takings.put(one.facts.key, spooled(taking(one, round_.public_id, now)))

    result = score(round_, scheme, basis, as_of=now, take=take)
    return Run(round_.id, round_.year, now, state, result, places, basis, takings)


def _state(round_: Round, today: date) -> RoundState:
    if today > round_.cut_off:
        return RoundState.FINAL
    return RoundState.PROVISIONAL if today.year > round_.year else RoundState.OPEN


def record(run: Run, *, actor: Actor, now: datetime) -> Computation | None:
    """Write a run in one short transaction; None where another has made the round final meanwhile."""
    round_ = session.scalars(locked(select(Round).where(Round.id == run.round_id))).one()
    if round_.state is RoundState.FINAL:
        return None
    result = run.result
    computation = Computation(
        round_id=round_.id,
        as_of=run.as_of,
        final=run.state is RoundState.FINAL,
        records=result.records,
        form=CURRENT,
        input_digest=result.input_digest,
        result_digest=result.result_digest,
        basis=run.basis.document(),
    )
    session.add(computation)
    before, after = audit.changes(round_, state=run.state)
    session.flush()
    _write_results(computation, run)
    if computation.final:
        write_takings(round_, (unspooled(key, row) for key, row in run.takings))
    told = {"input": result.input_digest, "result": result.result_digest, "records": result.records, **after}
    audit.record(RoundAction.COMPUTED, round_, actor=actor, now=now, before=before, after=told)
    return computation


def _write_results(computation: Computation, run: Run) -> None:
    places = {place.unit.key: place for place in run.places}
    rows = [_row(computation, places[one.unit.key], one) for one in run.result.results]
    if rows:
        session.execute(insert(Result), rows)


def write_takings(round_: Round, takings: Iterable[Taking]) -> None:
    """What the round took, once and for good."""
    ids = {row.public_id: row.id for row in session.execute(select(Round.id, Round.public_id))}
    rows = (_taking_row(round_, one, ids) for one in takings)
    while chunk := list(islice(rows, AT_ONCE)):
        session.execute(insert(RecordTaking), chunk)


def _taking_row(round_: Round, one: Taking, ids: Mapping[str, int]) -> dict[str, object]:
    return {
        "round_id": round_.id,
        "record_key": one.record,
        "count": one.values[Measure.COUNT],
        "income": Money(one.values[Measure.INCOME]),
        "clients": one.values[Measure.CLIENTS],
        "hours": one.values[Measure.HOURS],
        "outcome": one.outcome,
        "as_of": one.as_of,
        "judged_by_id": ids[one.judged_by],
        "late": one.late,
    }


def _row(computation: Computation, place: Place, one: UnitResult) -> dict[str, object]:
    standing = one.standing
    return {
        "public_id": new_public_id(),
        "computation_id": computation.id,
        "unit_key": one.unit.key,
        "provider_id": place.provider_id,
        "evaluation_unit_id": place.evaluation_unit_id,
        "group": one.group,
        "assessable": one.score.total is not None,
        "parts": one.document()["parts"],
        "score": one.score.total,
        "grade": standing.grade.value if standing else None,
        "rank": standing.rank if standing else None,
    }


def compute_round(round_: Round, *, actor: Actor, now: datetime) -> Computation | None:
    """Compute and write in the present transaction; None where the round is final already."""
    return record(evaluate(round_, now=now), actor=actor, now=now)


def prepare_due(*, now: datetime) -> list[Run]:
    """Every round that is to be computed tonight, computed but not written."""
    return [evaluate(round_, now=now) for round_ in queries.unfinished(civil_day(now))]


def record_due(runs: Sequence[Run], *, actor: Actor, now: datetime) -> dict[str, int]:
    """Write what `look_due` found; how many rounds were computed, and how many of them for good."""
    written = [found for run in runs if (found := record(run, actor=actor, now=now)) is not None]
    return {"computed": len(written), "final": sum(one.final for one in written)}


def compute_due(*, actor: Actor, now: datetime) -> dict[str, int]:
    """Both at once, from a shell: reads outside, writes in a transaction of its own."""
    runs = prepare_due(now=now)
    with transaction():
        return record_due(runs, actor=actor, now=now)


def ask(public_id: str, *, actor: Actor, now: datetime) -> Task:
    """Have a round computed in the background."""
    require(actor, RoundPermission.COMPUTE)
    round_ = session.scalars(select(Round).where(Round.public_id == public_id)).first()
    if round_ is None:
        raise NotFound("round")
    if round_.state is RoundState.FINAL:
        raise refuse("round-final")
    return tasks.start(COMPUTE, {"round": round_.id, "actor": actor.user_id}, owner_id=actor.user_id, now=now)


def _evaluate(task: Task, now: datetime) -> Run:
    return evaluate(session.get_one(Round, task.params["round"]), now=now)


def _record(task: Task, run: Run, now: datetime) -> bool:
    """One unit of work: a round is computed whole or not at all."""
    record(run, actor=Actor(user_id=task.params["actor"]), now=now)
    task.total = task.done = 1
    return False


TASKS = {COMPUTE: Work(_record, _evaluate)}
