"""A round is opened, and computed every night until a person makes it final or closes it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import DBAPIError

from app import audit
from app.access import Actor, require
from app.evaluation import queries
from app.evaluation.actions import RoundAction
from app.evaluation.models import Computation, RecordVerdict, Result, Round, Scheme
from app.evaluation.permissions import RoundPermission
from app.evaluation.queries.computing import basis_of, score
from app.evaluation.queries.subjects import Subject, subjects
from app.evaluation.queries.verdict_rows import Rows
from app.evaluation.rules.basis import Basis
from app.evaluation.rules.forms import CURRENT
from app.evaluation.rules.rounds import RoundResult, UnitResult
from app.evaluation.rules.schemes import read_scheme
from app.evaluation.rules.states import RUNNING, RoundState
from app.evaluation.services import acts
from app.infra import tasks
from app.infra.db import session
from app.infra.tasks import Task, Work
from app.infra.transactions import wants_retry
from app.kernel import canonical
from app.kernel.civil import civil_day
from app.kernel.errors import NotFound, Refusal, Refused, refuse
from app.kernel.ids import new_public_id
from app.ledger.queries.selection import FactsQuery

COMPUTE = "evaluation.compute"
AT_ONCE = 2000
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Run:
    """A round as computed from one look at the ledger, not written yet."""

    round_id: int
    year: int
    as_of: datetime
    result: RoundResult
    subjects: Sequence[Subject]
    basis: Basis
    rows: Rows


@dataclass(frozen=True, slots=True)
class Failure:
    """A round that could not be computed: what stood in the way, as codes with their figures or a kind of defect."""

    round: str
    refusals: Sequence[Refusal]
    defect: str

    def document(self) -> dict[str, Any]:
        said = [{"code": one.code, "params": canonical.plain(dict(one.params))} for one in self.refusals]
        return {"round": self.round, "refusals": said, "defect": self.defect}


@dataclass(frozen=True, slots=True)
class Due:
    """Every round that was to be computed: runs to be written, and those that failed beside them."""

    runs: Sequence[Run]
    failures: Sequence[Failure]


def open_round(scheme: Scheme, year: int, cut_off: date, *, actor: Actor, now: datetime) -> Round:
    """Apply a scheme to a civil year; money has to be in by `cut_off`, which is not before the year is over.

    A year that the scheme's validity does not cover is opened as a trial. The same scheme for the same year is
    the round that is open already; another day for it is refused until that round is closed.
    """
    if cut_off < date(year, 12, 31):
        raise refuse("cut-off-too-early", "cut_off", earliest=date(year, 12, 31))
    same = select(Round).where(Round.scheme_id == scheme.id, Round.year == year, Round.state != RoundState.CLOSED)
    standing = session.scalars(same).first()
    if standing is not None:
        if standing.cut_off != cut_off:
            raise refuse("round-open-already", "cut_off", cut_off=standing.cut_off)
        return standing
    row = Round(scheme_id=scheme.id, year=year, cut_off=cut_off, trial=not scheme.validity.covers(year))
    session.add(row)
    session.flush()
    acts.take(row, RoundState.OPEN, actor=actor, now=now)
    after = {"scheme": scheme.public_id, "year": year, "cut_off": cut_off, "trial": row.trial}
    audit.record(RoundAction.OPENED, row, actor=actor, now=now, after=after)
    return row


def evaluate(round_: Round, *, now: datetime) -> Run:
    """Read and compute; nothing is written, so that it may take its time outside of a writing transaction."""
    scheme = session.get_one(Scheme, round_.scheme_id)
    assessed = subjects(read_scheme(scheme.document), FactsQuery(round_.year, now))
    basis = basis_of(round_, scheme, (subject.unit for subject in assessed), queries.cut_offs(round_))
    rows = Rows(round_.year)
    result = score(round_, scheme, basis, as_of=now, take=rows.take)
    return Run(round_.id, round_.year, now, result, assessed, basis, rows)


def record(run: Run, *, actor: Actor, now: datetime) -> Computation | None:
    """Write a run in one short transaction; None where somebody has made the round final, or closed it, meanwhile."""
    round_ = queries.lock_round(Round.id == run.round_id)
    if round_ is None or round_.state not in RUNNING:
        return None
    result = run.result
    computation = Computation(
        round_id=round_.id,
        as_of=run.as_of,
        records=result.records,
        form=CURRENT,
        verdicts=run.rows.number,
        input_digest=result.input_digest,
        result_digest=result.result_digest,
        basis=run.basis.document(),
    )
    session.add(computation)
    session.flush()
    _write_results(computation, run)
    _replace_verdicts(computation, run.rows)
    told: dict[str, Any] = {"input": result.input_digest, "result": result.result_digest, "records": result.records}
    if round_.state is RoundState.OPEN and civil_day(run.as_of).year > round_.year:
        acts.take(round_, RoundState.PROVISIONAL, actor=actor, now=now)
        told |= {"state": RoundState.PROVISIONAL}
    audit.record(
        RoundAction.COMPUTED, round_, actor=actor, now=now, after={**told, "computation": computation.public_id}
    )
    return computation


def _write_results(computation: Computation, run: Run) -> None:
    by_key = {subject.unit.key: subject for subject in run.subjects}
    rows = [_row(computation, by_key[one.unit.key], one) for one in run.result.results]
    if rows:
        session.execute(insert(Result), rows)


def _replace_verdicts(computation: Computation, rows: Rows) -> None:
    """The rows behind the figures; those of the computation before are read no more."""
    earlier = select(Computation.id).where(
        Computation.round_id == computation.round_id, Computation.id != computation.id
    )
    session.execute(delete(RecordVerdict).where(RecordVerdict.computation_id.in_(earlier)))
    stored = rows.stored()
    while chunk := list(islice(stored, AT_ONCE)):
        session.execute(insert(RecordVerdict), [{**row, "computation_id": computation.id} for row in chunk])


def _row(computation: Computation, subject: Subject, one: UnitResult) -> dict[str, object]:
    ranking = one.ranking
    return {
        "public_id": new_public_id(),
        "computation_id": computation.id,
        "unit_key": one.unit.key,
        "provider_id": subject.provider_id,
        "evaluation_unit_id": subject.evaluation_unit_id,
        "group": one.group,
        "assessable": one.score.total is not None,
        "parts": one.document()["parts"],
        "score": one.score.total,
        "grade": ranking.grade.value if ranking else None,
        "rank": ranking.rank if ranking else None,
    }


def compute_round(round_: Round, *, actor: Actor, now: datetime) -> Computation | None:
    """Compute and write in the present transaction; None where the round is final already."""
    return record(evaluate(round_, now=now), actor=actor, now=now)


def prepare_due(*, now: datetime, year: int | None = None) -> Due:
    """Every round that is to be computed, or those of one year, computed but not written; none stops another."""
    runs: list[Run] = []
    failures: list[Failure] = []
    for id_, public_id in queries.unfinished(civil_day(now), year):
        try:
            runs.append(evaluate(session.get_one(Round, id_), now=now))
        except Refused as refused:
            failures.append(Failure(public_id, refused.refusals, ""))
        except Exception as defect:
            if isinstance(defect, DBAPIError) and (defect.connection_invalidated or wants_retry(defect)):
                raise  # the database's trouble, not the round's: the whole is tried again
            log.exception("a round failed")
            session.rollback()
            failures.append(Failure(public_id, (), type(defect).__name__))
    return Due(runs, failures)


def record_due(due: Due, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Write what `prepare_due` found: how many rounds were computed, and which could not be."""
    written = [found for run in due.runs if (found := record(run, actor=actor, now=now)) is not None]
    return {"computed": len(written), "failed": [one.document() for one in due.failures]}


def ask(public_id: str, *, actor: Actor, now: datetime) -> Task:
    """Have a round computed in the background."""
    require(actor, RoundPermission.COMPUTE)
    round_ = session.scalars(select(Round).where(Round.public_id == public_id)).first()
    if round_ is None:
        raise NotFound("round")
    if round_.state not in RUNNING:
        raise refuse(f"round-{round_.state.value}")
    return tasks.start(COMPUTE, {"round": round_.id, "actor": actor.user_id}, owner_id=actor.user_id, now=now)


def _evaluate(task: Task, now: datetime) -> Run:
    return evaluate(session.get_one(Round, task.params["round"]), now=now)


def _record(task: Task, run: Run, now: datetime) -> bool:
    """One unit of work: a round is computed whole or not at all."""
    record(run, actor=Actor(user_id=task.params["actor"]), now=now)
    task.total = task.done = 1
    return False


TASKS = {COMPUTE: Work(_record, _evaluate)}
