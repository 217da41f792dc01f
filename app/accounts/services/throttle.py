"""Counting attempts in the database, shared by all workers and kept whatever becomes of the request."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import case, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from app.accounts.models import ThrottleCounter
from app.accounts.rules.limits import Limit, TooManyAttempts
from app.audit.services import commitment
from app.infra.db import session
from app.infra.transactions import survive

# The two dialects spell the same ON CONFLICT clause.
_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def _key(limit: Limit, subject: str) -> str:
    return f"{limit.name}:{commitment(subject)}"


def refuse_if_spent(limit: Limit, subject: str, *, now: datetime) -> None:
    row = session.scalars(select(ThrottleCounter).where(ThrottleCounter.key == _key(limit, subject))).first()
    if row is not None and limit.spent(row.count, row.window_start, now=now):
        raise TooManyAttempts(row.window_start + limit.window, now=now)


def count(limit: Limit, subject: str, *, now: datetime) -> None:
    """One more attempt, in a transaction of its own after this one."""
    survive(lambda: _add(limit, _key(limit, subject), now))


def clear(limit: Limit, subject: str) -> None:
    session.execute(delete(ThrottleCounter).where(ThrottleCounter.key == _key(limit, subject)))


def _add(limit: Limit, key: str, now: datetime) -> None:
    """Insert or add one atomically; an elapsed window starts anew."""
    insert = _INSERT[session.get_bind().dialect.name](ThrottleCounter).values(key=key, window_start=now, count=1)
    elapsed = ThrottleCounter.window_start <= now - limit.window
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "count": case((elapsed, 1), else_=ThrottleCounter.count + 1),
                "window_start": case((elapsed, insert.excluded.window_start), else_=ThrottleCounter.window_start),
            },
        )
    )


def forget(*, before: datetime) -> int:
    """Drop counters whose window began before then; no limit looks back so far."""
    return int(session.execute(delete(ThrottleCounter).where(ThrottleCounter.window_start < before)).rowcount)  # type: ignore[attr-defined]
