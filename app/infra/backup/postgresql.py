"""PostgreSQL's own programs: pg_dump of one exported snapshot, pg_restore in one transaction."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL

from app.infra.backup.manifest import Facts, Failure, Watch

FILE = "database.dump"


def dump(url: URL, folder: Path, tables: list[str], watch: Watch) -> Facts:
    watch("Database", 0, 1)
    with psycopg.connect(_plain(url)) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        snapshot = _one(connection, sql.SQL("SELECT pg_export_snapshot()"))[0]
        found = _facts(connection, tables)
        _run("pg_dump", url, "--format=custom", f"--snapshot={snapshot}", f"--file={folder / FILE}")
    watch("Database", 1, 1)
    return found


def load(url: URL, folder: Path, watch: Watch) -> None:
    """Replace every table of the backup; either all of it or nothing. Asks for the owner of the tables."""
    watch("Database", 0, 1)
    whole = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--no-comments", "--single-transaction")
    _run("pg_restore", url, *whole, "--exit-on-error", str(folder / FILE))
    watch("Database", 1, 1)


def facts(url: URL, tables: list[str]) -> Facts:
    with psycopg.connect(_plain(url)) as connection:
        return _facts(connection, tables)


def _facts(connection: psycopg.Connection, tables: list[str]) -> Facts:
    counting = sql.SQL("SELECT count(*) FROM {}")
    return Facts(
        revision=str(_one(connection, sql.SQL("SELECT version_num FROM alembic_version"))[0]),
        tables={table: int(_one(connection, counting.format(sql.Identifier(table)))[0]) for table in tables},
        audit=[str(part) for part in _one(connection, sql.SQL("SELECT length, hash FROM audit_head"))],
        files=sorted(str(row[0]) for row in connection.execute("SELECT DISTINCT digest FROM stored_files")),
    )


def _one(connection: psycopg.Connection, statement: sql.SQL | sql.Composed) -> tuple[str, ...]:
    row = connection.execute(statement).fetchone()
    if row is None:
        raise Failure("the database holds no platform")
    return row


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _run(program: str, url: URL, *options: str) -> None:
    """The password goes by environment: arguments are for everybody on the machine to see."""
    path = shutil.which(program)
    if path is None:
        raise Failure(f"{program} is not installed; the package postgresql-client has it (Debian, Ubuntu)")
    environment = {**os.environ, **({"PGPASSWORD": url.password} if url.password else {})}
    address = _plain(url.set(password=None)) if url.password else _plain(url)
    command = [path, f"--dbname={address}", *options]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  our own words
    if done.returncode:
        raise Failure(f"{program} failed: {done.stderr.strip()}")
