"""How each engine is opened: honest durability, foreign keys, and SQLite's one writer at a time.

Four processes that race for `BEGIN IMMEDIATE` leave one of them with no turn at all; a file lock
taken first hands out turns in order.
"""

from __future__ import annotations

import fcntl
import os
from contextvars import ContextVar
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import Pool


class Intent(StrEnum):
    READ = "read"
    WRITE = "write"


# Writing is asked for: by an unsafe HTTP request or by transaction(). Everywhere else the database
# refuses every write, and SQLite's one writer is not kept waiting by somebody who only reads.
intent: ContextVar[Intent] = ContextVar("intent", default=Intent.READ)

PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30000}


# A missing value and a value no row may have: PostgreSQL's codes and SQLite's names of them.
_MALFORMED = frozenset({"23502", "23514", "SQLITE_CONSTRAINT_NOTNULL", "SQLITE_CONSTRAINT_CHECK"})


class UnsafeDatabase(RuntimeError):
    """The engine did not take a setting that the platform's promises rest on."""


def _is_sqlite(connection: Any) -> bool:
    return type(connection).__module__.startswith("sqlite3")


@event.listens_for(Engine, "connect")
def _open_sqlite(connection: Any, record: Any) -> None:
    if not _is_sqlite(connection):
        return
    connection.isolation_level = None  # BEGIN is ours to emit
    path = connection.execute("PRAGMA database_list").fetchone()[2]
    record.info["path"] = path
    for name, wanted in PRAGMAS.items():
        connection.execute(f"PRAGMA {name} = {wanted}")
        got = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if got != wanted and not (name == "journal_mode" and not path):
            raise UnsafeDatabase(f"SQLite kept {name} = {got}, not {wanted}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    writing = intent.get() is Intent.WRITE
    if connection.dialect.name == "postgresql":
        connection.connection.driver_connection.read_only = not writing  # type: ignore[union-attr]
        return
    raw = connection.connection.driver_connection
    raw.execute(f"PRAGMA query_only = {'OFF' if writing else 'ON'}")  # type: ignore[union-attr]
    if writing:
        _take_turn(connection.connection.info)
    raw.execute("BEGIN IMMEDIATE" if writing else "BEGIN")  # type: ignore[union-attr]


def _take_turn(info: dict[str, Any]) -> None:
    if info.get("path") and "turn" not in info:
        turn = _lock_beside(info["path"])
        fcntl.flock(turn, fcntl.LOCK_EX)
        info["turn"] = turn


def _lock_beside(path: str) -> int:
    """The lock file, open; made for whom the database is, so that a command of root shuts nobody out."""
    try:
        return os.open(f"{path}.lock", os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        turn = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        whose = Path(path).stat()
        if os.geteuid() == 0:
            os.fchown(turn, whose.st_uid, whose.st_gid)
        os.fchmod(turn, whose.st_mode & 0o666)
        return turn


@event.listens_for(Pool, "checkin")
def _end_turn(_connection: Any, record: Any) -> None:
    """After the rollback or commit, and when the connection is lost."""
    turn = record.info.pop("turn", None)
    if turn is not None:
        os.close(turn)


def is_malformed(error: IntegrityError) -> bool:
    """Whether the row was refused for what stands in it, and not because of another row."""
    known = (getattr(error.orig, name, None) for name in ("sqlstate", "sqlite_errorname"))
    return not _MALFORMED.isdisjoint(known)
