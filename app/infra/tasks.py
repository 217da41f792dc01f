"""Long work as rows: run in chunks by the jobs process, each chunk one transaction, progress visible."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Integer, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, PublicId, session
from app.infra.feature import installed
from app.infra.locks import locked
from app.infra.transactions import transaction, wants_retry
from app.infra.types import CanonicalJson
from app.kernel.errors import DomainError

log = logging.getLogger(__name__)


class TaskState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Task(PublicId, Base):
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


Prepare = Callable[[Task, datetime], Any]


@dataclass(frozen=True)
class Work:
    """`apply` does one chunk of about 500 rows inside a transaction; True when there is more to do.

    `prepare` reads beforehand, outside of that transaction, what takes long to read: SQLite has one
    writer, and nobody else can write while it reads. What it returns is handed to `apply`.
    """

    apply: Callable[..., bool]
    prepare: Prepare | None = None


def _work(task: Task) -> Work:
    work: Work = installed().tasks.get(task.kind, _GONE)
    return work


def _gone(task: Task, _now: datetime) -> bool:
    raise LookupError(task.kind)


_GONE = Work(_gone)
"""For a kind that an earlier version had: it fails like any other defect, and does not keep later tasks waiting."""


def kinds() -> set[str]:
    return set(installed().tasks)


def start(kind: str, params: Any, *, owner_id: int | None, now: datetime, provider_id: int | None = None) -> Task:
    if kind not in installed().tasks:
        raise LookupError(kind)
    task = Task(kind=kind, params=params, owner_id=owner_id, provider_id=provider_id, created_at=now)
    session.add(task)
    session.flush()
    return task


def run_one_chunk(*, now: datetime) -> bool:
    """Advance the oldest unfinished task by one chunk; False when nothing waits. Opens its own transactions."""
    session.rollback()
    unfinished = Task.state.in_([TaskState.WAITING, TaskState.RUNNING])
    oldest = session.scalar(select(Task.public_id).where(unfinished).order_by(Task.id).limit(1))
    if oldest is None:
        return False
    run_chunk_of(oldest, now=now)
    return True


def run_chunk_of(public_id: str, *, now: datetime) -> Task:
    """Advance this very task by one chunk unless it has ended: look, then write in one short transaction."""
    _begin(public_id)
    prepared, place, fault = _prepare(public_id, now)
    with transaction():
        task = _taken(public_id)
        if task.ended_at is None and _place(task) == place:  # else another process was quicker
            advance(task, prepared, fault, now=now)
    return task


def _taken(public_id: str) -> Task:
    return session.scalars(locked(select(Task).where(Task.public_id == public_id))).one()


def _begin(public_id: str) -> None:
    """Whoever watches sees that it runs before the first look is over."""
    task = session.scalars(select(Task).where(Task.public_id == public_id)).one()
    if task.state is TaskState.WAITING and _work(task).prepare:
        with transaction():
            _taken(public_id).state = TaskState.RUNNING


def _place(task: Task) -> tuple[Any, int]:
    return task.cursor, task.done


def _prepare(public_id: str, now: datetime) -> tuple[Any, tuple[Any, int], Exception | None]:
    """(what was seen, where the task stood then, what went wrong)."""
    session.rollback()
    task = session.scalars(select(Task).where(Task.public_id == public_id)).one()
    place, prepare = _place(task), _work(task).prepare
    if prepare is None or task.ended_at is not None:
        return None, place, None
    try:
        return prepare(task, now), place, None
    except Exception as fault:  # noqa: BLE001 - told by `advance`, in the transaction that ends the task
        return None, place, fault


def advance(task: Task, prepared: Any, fault: Exception | None, *, now: datetime) -> None:
    """One chunk of this task. An error ends the task as failed and keeps what was done before.

    A defect too: tried for ever, it would keep every later task waiting.
    """
    task.state = TaskState.RUNNING
    try:
        if fault is not None:
            raise fault
        with session.begin_nested():
            more = _apply(task, prepared, now)
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


def _apply(task: Task, prepared: Any, now: datetime) -> bool:
    work = _work(task)
    return work.apply(task, prepared, now) if work.prepare else work.apply(task, now)
