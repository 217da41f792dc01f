"""SQLite's online backup: one moment of the database, while others go on writing."""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL

from app.infra.backup.manifest import Facts, Watch

FILE = "database.sqlite"
_PAGES = 4096


def dump(url: URL, folder: Path, tables: list[str], watch: Watch) -> Facts:
    source, copy = sqlite3.connect(str(url.database)), sqlite3.connect(folder / FILE)
    with closing(source), closing(copy):
        # A reading transaction held open pins the moment; without it every write elsewhere starts the copy anew.
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        source.backup(copy, pages=_PAGES, progress=lambda _s, left, total: watch("Database", total - left, total))
        copy.execute("PRAGMA journal_mode = delete")
        return _facts(copy, tables)


def load(url: URL, folder: Path, watch: Watch) -> None:
    """Replace the database's content in one transaction of SQLite."""
    path = Path(str(url.database))
    path.parent.mkdir(parents=True, exist_ok=True)
    source, target = sqlite3.connect(folder / FILE), sqlite3.connect(path)
    with _turn(path), closing(source), closing(target):
        target.execute("PRAGMA synchronous = FULL")
        source.backup(target, pages=_PAGES, progress=lambda _s, left, total: watch("Database", total - left, total))


def facts(url: URL, tables: list[str]) -> Facts:
    with closing(sqlite3.connect(str(url.database))) as connection:
        return _facts(connection, tables)


@contextmanager
def _turn(path: Path) -> Iterator[None]:
    """The lock that every writer takes first (infra.engines)."""
    with Path(f"{path}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _facts(connection: sqlite3.Connection, tables: list[str]) -> Facts:
    def one(statement: str) -> tuple[object, ...]:
        row: tuple[object, ...] = connection.execute(statement).fetchone()
        return row

    return Facts(
        revision=str(one("SELECT version_num FROM alembic_version")[0]),
        tables={table: int(str(one(f'SELECT count(*) FROM "{table}"')[0])) for table in tables},  # noqa: S608  our own
        audit=[str(part) for part in one("SELECT length, hash FROM audit_head")],
        files=[str(row[0]) for row in connection.execute("SELECT DISTINCT digest FROM stored_files ORDER BY digest")],
    )
