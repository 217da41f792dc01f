"""Reading schemes, rounds and results, and what a round is computed from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, select
from sqlalchemy.orm import aliased

from app.access import Actor, authorize, scope
from app.accounts.models import User
from app.evaluation.models import Computation, Result, Round, RoundAct, Scheme
from app.evaluation.permissions import ResultPermission
from app.evaluation.rules.states import RUNNING, RoundState
from app.infra import jobs
from app.infra.db import session
from app.infra.locks import locked
from app.infra.tasks import Task, TaskState
from app.kernel.civil import EARLIEST as LONG_AGO
from app.kernel.errors import NotFound, refuse
from app.ledger.rules.years import CutOffs
from app.organisations.models import EvaluationUnit, Organisation


def cut_offs(round_: Round) -> CutOffs:
    """This round's own day, and for other years those of the rounds under the same scheme."""
    own = select(Scheme.code).where(Scheme.id == round_.scheme_id).scalar_subquery()
    rows = session.execute(
        select(Round.year, Round.cut_off)
        .join(Scheme)
        .where(Scheme.code == own, Round.state != RoundState.CLOSED, ~Round.trial)
        .order_by(Scheme.edition)
    )
    return CutOffs({**{row.year: row.cut_off for row in rows}, round_.year: round_.cut_off})


def latest() -> Select[Any]:
    """Ids of the newest computation of each round."""
    return select(func.max(Computation.id)).group_by(Computation.round_id)


Last = aliased(Computation, name="computation")


def rounds() -> Select[Any, Any, Any]:
    """(Round, Scheme, newest Computation or None)."""
    return (
        select(Round, Scheme, Last)
        .join(Scheme, Round.scheme_id == Scheme.id)
        .outerjoin(Last, (Last.round_id == Round.id) & Last.id.in_(latest()))
    )


def find_round(public_id: str) -> Any:
    """The same for one round; the endpoint has asked for permission to see all of them."""
    found = session.execute(rounds().where(Round.public_id == public_id)).first()
    if found is None:
        raise NotFound("round")
    return found


def lock_round(which: ColumnElement[bool]) -> Round | None:
    """The row is locked first and read then: its state stands in other rows, which a waiting SELECT would not see."""
    if session.scalars(locked(select(Round.id).where(which))).first() is None:
        return None
    return session.scalars(select(Round).where(which).execution_options(populate_existing=True)).one()


def newest_computation(round_: Round) -> Computation | None:
    newest = select(Computation).where(Computation.round_id == round_.id).order_by(Computation.id.desc()).limit(1)
    return session.scalars(newest).first()


def year_before(round_: Round) -> int | None:
    """The newest computation of the round a year earlier under the same scheme, in whatever edition."""
    code = select(Scheme.code).where(Scheme.id == round_.scheme_id).scalar_subquery()
    return session.scalar(
        select(func.max(Computation.id))
        .join(Round, Computation.round_id == Round.id)
        .join(Scheme, Round.scheme_id == Scheme.id)
        .where(Round.year == round_.year - 1, Scheme.code == code, Round.state != RoundState.CLOSED)
    )


Earlier = aliased(Result, name="earlier")


def ranking(computation_id: int | None, earlier_id: int | None = None) -> Select[Any, Any, Any, Any]:
    """(Result, Organisation, EvaluationUnit or None, score in the earlier computation or None) of one computation."""
    return (
        select(Result, Organisation, EvaluationUnit, Earlier.score.label("earlier"))
        .join(Organisation, Result.provider_id == Organisation.id)
        .outerjoin(EvaluationUnit, Result.evaluation_unit_id == EvaluationUnit.id)
        .outerjoin(Earlier, and_(Earlier.unit_key == Result.unit_key, Earlier.computation_id == earlier_id))
        .where(Result.computation_id == computation_id)
    )


def results() -> Select[Any, Any, Any, Any, Any, Any]:
    """(Result, Organisation, EvaluationUnit or None, Computation, Round, Scheme), all computations."""
    return (
        select(Result, Organisation, EvaluationUnit, Computation, Round, Scheme)
        .join(Organisation, Result.provider_id == Organisation.id)
        .outerjoin(EvaluationUnit, Result.evaluation_unit_id == EvaluationUnit.id)
        .join(Computation, Result.computation_id == Computation.id)
        .join(Round, Computation.round_id == Round.id)
        .join(Scheme, Round.scheme_id == Scheme.id)
    )


def results_visible(actor: Actor) -> Select[Any, Any, Any, Any, Any, Any]:
    """The newest result of each unit and round that the actor may see."""
    return results().where(Computation.id.in_(latest()), scope(actor, ResultPermission.VIEW, Result))


def find_result(public_id: str, *, actor: Actor) -> Any:
    """One row of `results`; raises NotFound alike for absent and foreign ones."""
    found = session.execute(results().where(Result.public_id == public_id)).first()
    if found is None:
        raise NotFound("result")
    authorize(actor, ResultPermission.VIEW, found[0])
    return found


def acts_of(round_: Round) -> Sequence[Row[RoundAct, User]]:
    """(RoundAct, User or None for the clock and the shell), the first act first."""
    return session.execute(
        select(RoundAct, User)
        .outerjoin(User, RoundAct.user_id == User.id)
        .where(RoundAct.round_id == round_.id)
        .order_by(RoundAct.place)
    ).all()


def running_task(round_: Round) -> Task | None:
    """What somebody has asked for about a round and is not done."""
    return next((task for task in _tasks(round_, TaskState.WAITING, TaskState.RUNNING)), None)


def failure_of(round_: Round, computation: Computation | None) -> Mapping[str, Any] | None:
    """Why the night's or a person's last try came to nothing, unless the round has been computed since."""
    since = computation.as_of if computation else LONG_AGO
    night = jobs.last_mark("compute-rounds")
    failed = (night.outcome or {}).get("failed", ()) if night and night.done_at > since else ()
    asked = [task for task in _tasks(round_, TaskState.FAILED) if task.ended_at and task.ended_at > since]
    by_night: Mapping[str, Any] | None = next((one for one in failed if one["round"] == round_.public_id), None)
    return asked[-1].result if asked else by_night


def _tasks(round_: Round, *states: TaskState) -> list[Task]:
    about = select(Task).where(Task.kind.startswith("evaluation."), Task.state.in_(states)).order_by(Task.id)
    return [task for task in session.scalars(about) if task.params.get("round") == round_.id]


def round_of(code: str, year: int) -> Round:
    """The round of a year under a scheme that has not been closed, the newest edition's first."""
    found = session.scalars(
        select(Round)
        .join(Scheme, Round.scheme_id == Scheme.id)
        .where(Scheme.code == code, Round.year == year, Round.state != RoundState.CLOSED)
        .order_by(Scheme.edition.desc())
    ).first()
    if found is None:
        raise refuse("round-unknown", scheme=code, year=year)
    return found


def newest_scheme(code: str) -> Scheme:
    row = session.scalars(select(Scheme).where(Scheme.code == code).order_by(Scheme.edition.desc()).limit(1)).first()
    if row is None:
        raise refuse("scheme-unknown", "scheme", scheme=code)
    return row


def unfinished(today: date, year: int | None = None) -> list[tuple[int, str]]:
    """(id, public id) of the rounds to be computed: running ones whose year has begun, or those of one year."""
    waiting = (
        select(Round.id, Round.public_id)
        .where(Round.state.in_(RUNNING), Round.year <= today.year, Round.year == (year or Round.year))
        .order_by(Round.year, Round.id)
    )
    return [(id_, public_id) for id_, public_id in session.execute(waiting)]
