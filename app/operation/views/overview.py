"""The operator's page of health: who leads, what ran when, what waits, when the last backup was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.catalogue.queries import announced
from app.infra import jobs
from app.infra.tasks import Task, TaskState
from app.jobs.table import JOBS
from app.kernel.civil import civil_year
from app.kernel.errors import Refusal
from app.operation import queries
from app.operation.permissions import OperationPermission
from app.operation.views.blueprint import blueprint
from app.web.current import current_actor, now
from app.web.labels import choices, message
from app.web.listing import Column, Empty, Filter, Listing

JOB_WORDS: Mapping[str, LazyString] = {
    "expire-requests": _l("Let requests expire that nobody decided"),
    "free-no-shows": _l("Free the time of bookings nobody came to"),
    "tidy": _l("Forget old keys and counters"),
    "seal-audit": _l("Seal the audit of the day"),
    "verify-audit": _l("Verify the audit chain"),
    "compute-rounds": _l("Compute the yearly evaluation"),
}

TASK_WORDS: Mapping[str, LazyString] = {
    "catalogue.check": _l("Check a list of instruments"),
    "catalogue.apply": _l("Bring a list of instruments in"),
    "ledger.check": _l("Check past use"),
    "ledger.apply": _l("Bring past use in"),
    "evaluation.compute": _l("Compute the yearly evaluation"),
    "evaluation.finalise": _l("Make a yearly evaluation final"),
}


@dataclass(frozen=True)
class Worked:
    """One job as the page shows it; nothing of a job that never ran."""

    words: LazyString
    period: str
    done_at: datetime | None
    outcome: Any


def _task_words(task: Task) -> str:
    return str(TASK_WORDS.get(task.kind, task.kind))


def _progress(task: Task) -> str:
    return f"{task.done} / {task.total}" if task.total is not None else str(task.done)


def _failure(task: Task) -> str:
    if task.state is not TaskState.FAILED or not isinstance(task.result, dict):
        return ""
    refused = [message(Refusal(r["code"], r["params"])) for r in task.result.get("refusals", [])]
    return " ".join(refused) or _("a defect: %(kind)s", kind=task.result.get("defect", ""))


TASKS = Listing(
    columns=(
        Column("kind", _l("Task"), _task_words, sort=Task.kind),
        Column("state", _l("State"), lambda t: t.state, sort=Task.state),
        Column("progress", _l("Progress"), _progress),
        Column("created", _l("Begun"), lambda t: t.created_at, sort=Task.created_at),
        Column("ended", _l("Ended"), lambda t: t.ended_at, sort=Task.ended_at),
        Column("result", _l("Why it failed"), _failure),
    ),
    order=(Task.id.desc(),),
    filters=(Filter("state", _l("State"), lambda: choices(TaskState), lambda chosen: Task.state == chosen),),
    empty=Empty(why=_l("No long task has been started yet.")),
    file_name="tasks",
)


@blueprint.get("/operation", permission=OperationPermission.VIEW)
def overview() -> ResponseReturnValue:
    marks = queries.last_marks()
    lease = jobs.lease()
    return TASKS.answer(
        queries.tasks(actor=current_actor()),
        "operation/overview.html",
        lease=lease,
        leader_lives=lease.heartbeat_at >= now() - current_app.config["JOBS_LEASE"],
        worked=[_worked(job.name, marks.get(job.name)) for job in JOBS],
        backlog=queries.backlog(),
        mail_leaves=bool(current_app.config["SMTP_URL"]),
        backup=marks.get("backup"),
        verified=marks.get("verify-audit"),
        unknown_years=_unknown_years(),
    )


def _unknown_years() -> list[int]:
    """This year and the next, where their public holidays are not known: for somebody to enter."""
    this = civil_year(now())
    return sorted({this, this + 1} - announced((this, this + 1)))


def _worked(name: str, mark: jobs.JobMark | None) -> Worked:
    words = JOB_WORDS[name]
    return Worked(words, mark.period, mark.done_at, mark.outcome) if mark else Worked(words, "", None, None)
