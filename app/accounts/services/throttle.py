"""Counting attempts in the database, shared by all workers, before they are answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import case, delete, update
from sqlalchemy.dialects import postgresql, sqlite

from app.accounts.models import ThrottleCounter
from app.accounts.rules.limits import Limit, TooManyAttempts
from app.audit.services import commitment
from app.infra.db import session
from app.infra.transactions import commit_first

# The two dialects spell the same ON CONFLICT clause.
_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


Watched = tuple[Limit, str]  # a limit and whom it watches


def _key(limit: Limit, subject: str) -> str:
    return f"{limit.name}:{commitment(subject)}"


def take(*watched: Watched, now: datetime) -> None:
    """Count one attempt under each limit, then refuse if one is used up.

    Counted and committed before anything is tried: of a hundred guesses at the same moment no more are heard
    than of a hundred in a row.
    """
    counted = commit_first(lambda: [(limit, *_add(limit, subject, now)) for limit, subject in watched])
    spent = [begun + limit.window for limit, number, begun in counted if number > limit.most]
    if spent:
        raise TooManyAttempts(max(spent), now=now)


def give_back(limit: Limit, subject: str) -> None:
    """The attempt was no guess."""
    counter = ThrottleCounter.key == _key(limit, subject), ThrottleCounter.count > 0
    session.execute(update(ThrottleCounter).where(*counter).values(count=ThrottleCounter.count - 1))


def clear(limit: Limit, subject: str) -> None:
    session.execute(delete(ThrottleCounter).where(ThrottleCounter.key == _key(limit, subject)))


def _add(limit: Limit, subject: str, now: datetime) -> tuple[int, datetime]:
    """Insert or add one atomically, an elapsed window starting anew; (number in the window, its beginning)."""
    table = _INSERT[session.get_bind().dialect.name](ThrottleCounter)
    insert = table.values(key=_key(limit, subject), window_start=now, count=1)
    elapsed = ThrottleCounter.window_start <= now - limit.window
    number, begun = session.execute(
        insert.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "count": case((elapsed, 1), else_=ThrottleCounter.count + 1),
                "window_start": case((elapsed, insert.excluded.window_start), else_=ThrottleCounter.window_start),
            },
        ).returning(ThrottleCounter.count, ThrottleCounter.window_start)
    ).one()
    return number, begun


def forget(*, before: datetime) -> int:
    """Drop counters whose window began before then; no limit looks back so far."""
    return int(session.execute(delete(ThrottleCounter).where(ThrottleCounter.window_start < before)).rowcount)  # type: ignore[attr-defined]
