"""Long work as rows: run in chunks by the jobs process, each chunk one transaction, progress visible."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Integer, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, Row, session
from app.infra.locks import locked
from app.infra.transactions import wants_retry
from app.infra.types import CanonicalJson
from app.kernel.errors import DomainError

log = logging.getLogger(__name__)


class TaskState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Task(Row, Base):
    """`done` of `total` units; `cursor` is what the next chunk starts from, `result` what it left behind."""

    __tablename__ = "tasks"

    kind: Mapped[str]
    state: Mapped[TaskState] = mapped_column(default=TaskState.WAITING, index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    params: Mapped[Any] = mapped_column(CanonicalJson)
    cursor: Mapped[Any] = mapped_column(CanonicalJson, nullable=True)
    result: Mapped[Any] = mapped_column(CanonicalJson, nullable=True)
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int | None] = mapped_column(Integer)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


# kind → does one chunk of about 500 rows; True when there is more to do.
Step = Callable[[Task, datetime], bool]
_steps: dict[str, Step] = {}


def runs(kind: str) -> Callable[[Step], Step]:
    def register(step: Step) -> Step:
        _steps[kind] = step
        return step

    return register


def kinds() -> set[str]:
    return set(_steps)


def start(kind: str, params: Any, *, owner_id: int | None, now: datetime, provider_id: int | None = None) -> Task:
    if kind not in _steps:
        raise LookupError(kind)
    task = Task(kind=kind, params=params, owner_id=owner_id, provider_id=provider_id, created_at=now)
    session.add(task)
    session.flush()
    return task


def run_one_chunk(*, now: datetime) -> bool:
    """Advance the oldest unfinished task by one chunk; False when nothing waits. The caller commits."""
    waiting = select(Task).where(Task.state.in_([TaskState.WAITING, TaskState.RUNNING])).order_by(Task.id).limit(1)
    task = session.scalars(locked(waiting)).first()
    if task is None:
        return False
    advance(task, now=now)
    return True


def run_chunk_of(public_id: str, *, now: datetime) -> Task:
    """Advance this very task by one chunk unless it has ended, for a command that waits for it."""
    task = session.scalars(locked(select(Task).where(Task.public_id == public_id))).one()
    if task.ended_at is None:
        advance(task, now=now)
    return task


def advance(task: Task, *, now: datetime) -> None:
    """One chunk of this task. An error ends the task as failed and keeps what was done before.

    A defect too: tried for ever, it would keep every later task waiting.
    """
    task.state = TaskState.RUNNING
    try:
        with session.begin_nested():
            more = _steps[task.kind](task, now)
    except DomainError as error:
        task.state, task.ended_at = TaskState.FAILED, now
        task.result = {"refusals": [{"code": r.code, "params": dict(r.params)} for r in error.refusals]}
        return
    except Exception as error:
        if isinstance(error, DBAPIError) and (error.connection_invalidated or wants_retry(error)):
            raise  # the database's trouble, not the task's: it is tried again
        log.exception("a task failed")
        task.state, task.ended_at, task.result = TaskState.FAILED, now, {"defect": type(error).__name__}
        return
    if not more:
        task.state, task.ended_at = TaskState.DONE, now
