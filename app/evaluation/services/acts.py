"""What people do with a round besides having it computed: close one opened by mistake, make one final."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import func, insert, select

from app import audit
from app.access import Actor, require
from app.evaluation.actions import RoundAction
from app.evaluation.models import Computation, RecordTaking, Round, RoundAct, Scheme
from app.evaluation.permissions import RoundPermission
from app.evaluation.queries import lock_round, newest_computation
from app.evaluation.queries.computing import Computed, is_current, unspooled
from app.evaluation.queries.verification import Verified, verified
from app.evaluation.rules.states import NEXT, RoundState
from app.evaluation.rules.taking import Taking
from app.infra import tasks
from app.infra.db import session
from app.infra.locks import locked
from app.infra.spool import Spool
from app.infra.tasks import Task, Work
from app.kernel.civil import civil_day
from app.kernel.errors import NotFound, refuse
from app.kernel.money import Money
from app.ledger.rules.exclusions import Measure

FINALISE = "evaluation.finalise"
AT_ONCE = 2000


def take(
    round_: Round,
    state: RoundState,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
    computation: Computation | None = None,
) -> None:
    """Add an act to the list; what the audit is told is the caller's."""
    place = session.scalar(select(func.count()).where(RoundAct.round_id == round_.id)) or 0
    session.add(
        RoundAct(
            round_id=round_.id,
            place=place + 1,
            state=state,
            at=now,
            actor=actor.key,
            user_id=actor.user_id,
            reason=reason,
            computation_id=computation.id if computation else None,
        )
    )
    session.flush()
    session.refresh(round_, ["state"])


def close(public_id: str, reason: str, *, actor: Actor, now: datetime) -> Round:
    """Take back a round opened by mistake: it stays in the list with the reason and is computed no more."""
    round_ = _locked(public_id, actor)
    _require_next(round_, RoundState.CLOSED)
    take(round_, RoundState.CLOSED, actor=actor, now=now, reason=_given(reason))
    audit.record(RoundAction.CLOSED, round_, actor=actor, now=now, after={"state": RoundState.CLOSED})
    return round_


def ask_final(public_id: str, computation: str, reason: str, *, actor: Actor, now: datetime) -> Task:
    """Have the round made final with the computation one has looked at, once it has been verified in the background."""
    round_ = _locked(public_id, actor)
    looked_at = _require_ready(round_, computation)
    params = {"round": round_.id, "computation": looked_at.id, "reason": _given(reason), "actor": actor.user_id}
    return tasks.start(FINALISE, params, owner_id=actor.user_id, now=now)


def finalise(public_id: str, computation: str, reason: str, *, actor: Actor, now: datetime) -> Computation:
    """The same at once, in the present transaction."""
    round_ = _locked(public_id, actor)
    looked_at = _require_ready(round_, computation)
    return _freeze(Final(round_.id, looked_at.id, _given(reason), verified(looked_at)), actor=actor, now=now)


@dataclass(frozen=True, slots=True)
class Final:
    """A computation that has been verified and is to be frozen."""

    round_id: int
    computation_id: int
    reason: str
    verified: Verified


def _freeze(final: Final, *, actor: Actor, now: datetime) -> Computation:
    if final.verified.differences:
        raise refuse("round-differs", number=len(final.verified.differences))
    # One after the other: of two years made final at the same moment, the second knows of the first.
    session.execute(locked(select(Round.id).order_by(Round.id)))
    round_ = lock_round(Round.id == final.round_id)
    if round_ is None:
        raise NotFound("round")
    computation = session.get_one(Computation, final.computation_id)
    _require_ready(round_, computation.public_id)
    _write_takings(round_, final.verified.takings)
    take(round_, RoundState.FINAL, actor=actor, now=now, reason=final.reason, computation=computation)
    after = {"state": RoundState.FINAL, "computation": computation.public_id, "result": computation.result_digest}
    audit.record(RoundAction.FINALISED, round_, actor=actor, now=now, after=after)
    session.refresh(computation, ["final"])
    return computation


def _write_takings(round_: Round, takings: Spool) -> None:
    """What the round takes, once and for good."""
    ids = {row.public_id: row.id for row in session.execute(select(Round.id, Round.public_id))}
    rows = (_taking_row(round_, unspooled(key, row), ids) for key, row in takings)
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


def _locked(public_id: str, actor: Actor) -> Round:
    require(actor, RoundPermission.DECIDE)
    round_ = lock_round(Round.public_id == public_id)
    if round_ is None:
        raise NotFound("round")
    return round_


def _require_next(round_: Round, state: RoundState) -> None:
    if state not in NEXT[round_.state]:
        raise refuse(f"round-{round_.state.value}")


def _require_ready(round_: Round, computation: str) -> Computation:
    """Past its cut-off, computed after it and after all that is final, and not again since somebody looked."""
    if round_.trial:
        raise refuse("round-trial")
    newest = newest_computation(round_)
    if newest is None or civil_day(newest.as_of) <= round_.cut_off:
        raise refuse("round-before-cut-off", cut_off=round_.cut_off)
    _require_next(round_, RoundState.FINAL)
    if newest.public_id != computation:
        raise refuse("round-computed-since", "computation")
    if not is_current(Computed(newest, round_, session.get_one(Scheme, round_.scheme_id))):
        raise refuse("round-of-before-a-final")
    return newest


def _given(reason: str) -> str:
    if not reason.strip():
        raise refuse("reason-missing", "reason")
    return reason.strip()


def _verify(task: Task, _now: datetime) -> Final:
    params = task.params
    looked_at = session.get_one(Computation, params["computation"])
    return Final(params["round"], looked_at.id, params["reason"], verified(looked_at))


def _finalise(task: Task, final: Final, now: datetime) -> bool:
    _freeze(final, actor=Actor(user_id=task.params["actor"]), now=now)
    task.total = task.done = 1
    return False


TASKS = {FINALISE: Work(_finalise, _verify)}
