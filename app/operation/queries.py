"""What an operator looks at to know that the platform does its work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from app.access import Actor, scope
from app.infra.db import session
from app.infra.jobs import JobMark
from app.infra.outbox import OutboxMessage
from app.infra.tasks import Task
from app.operation.permissions import TaskPermission


@dataclass(frozen=True, slots=True)
class Backlog:
    """Messages that wait, since when, and those given up."""

    waiting: int
    oldest: datetime | None
    given_up: int


def last_marks() -> dict[str, JobMark]:
    """The newest mark of every job, by name."""
    newest = select(JobMark.job, func.max(JobMark.period).label("period")).group_by(JobMark.job).subquery()
    same = (JobMark.job == newest.c.job) & (JobMark.period == newest.c.period)
    return {mark.job: mark for mark in session.scalars(select(JobMark).join(newest, same))}


def backlog() -> Backlog:
    waiting, oldest = session.execute(
        select(func.count(), func.min(OutboxMessage.created_at)).where(OutboxMessage.next_try_at.is_not(None))
    ).one()
    failed = OutboxMessage.next_try_at.is_(None) & OutboxMessage.sent_at.is_(None) & OutboxMessage.failure.is_not(None)
    given_up = session.scalar(select(func.count()).select_from(OutboxMessage).where(failed)) or 0
    return Backlog(waiting, oldest, given_up)


def tasks(*, actor: Actor) -> Select[Any]:
    return select(Task).where(scope(actor, TaskPermission.VIEW, Task))
