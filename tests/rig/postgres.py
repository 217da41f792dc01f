"""A real PostgreSQL for the tests: its own data, a Unix socket in its own folder, `postgres` as a direct child.

`python -m tests.rig.postgres FOLDER OWNER` keeps one running for as long as the process OWNER lives.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.rig import parts

# What a crash of the whole machine would cost is of no interest to most tests; races and kills are not affected.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
RENEWAL = Path(__file__).with_name("renewal.sql")
DURABLE: dict[str, str] = {}


class Server:
    """One PostgreSQL on the socket in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(host=str(self.folder), user="postgres", dbname=database, autocommit=True)

    def create(self, database: str, template: str = "template0") -> str:
        """Make a database as a copy of `template`, replacing one of the same name; return its URL."""
        self.drop(database)
        with self.connect() as connection:
            wanted = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            connection.execute(wanted.format(sql.Identifier(database), sql.Identifier(template)))
        return self.url(database)

    def renew(self, database: str, template: str) -> str:
        """Bring `database` back to `template`: its rows only, or a new copy where a test has changed the schema."""
        try:
            with self.connect(database) as connection:
                known = connection.execute('SELECT shape = keep.shape() FROM keep."shape at first"').fetchone()
                if known == (True,):
                    connection.execute("SELECT keep.renew()")
                    return self.url(database)
        except (psycopg.OperationalError, psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
            pass  # not there yet, or not prepared for it
        self.create(database, template)
        with self.connect(database) as connection:
            connection.execute(RENEWAL.read_bytes())
        return self.url(database)

    def drop(self, database: str) -> None:
        with self.connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def wait_until_ready(self, seconds: float = 30) -> None:
        last = time.monotonic() + seconds
        while True:
            try:
                with self.connect() as connection:
                    _check_locale(connection)
                return
            except psycopg.OperationalError:
                if time.monotonic() > last:
                    raise
                time.sleep(0.05)


@contextmanager
def running(settings: Mapping[str, str] = FAST) -> Iterator[Server]:
    """A server of one's own, for tests that kill, stop or measure it."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    try:
        with serving(folder, settings) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def serving(folder: Path, settings: Mapping[str, str]) -> Iterator[Server]:
    process = start(folder, settings)
    try:
        server = Server(folder)
        server.wait_until_ready()
        yield server
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(30)


def start(folder: Path, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start `postgres` on the data in `folder`, making it first where there is none."""
    user = _unprivileged()
    binaries = _reachable(folder, user)
    data = folder / "data"
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)
    if not data.exists():
        _initialise(binaries, data, user)
    fixed = {"listen_addresses": "", "unix_socket_directories": str(folder), "max_connections": "200"}
    options = [f"--{name}={value}" for name, value in {**fixed, **settings}.items()]
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            [binaries / "postgres", "-D", data, *options], cwd="/", stdout=log, stderr=log, **_identity(user)
        )


def _initialise(binaries: Path, data: Path, user: pwd.struct_passwd | None) -> None:
    options = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    command: list[str | Path] = [binaries / "initdb", "-D", data, *options]
    made = subprocess.run(command, check=False, cwd="/", capture_output=True, text=True, **_identity(user))
    if made.returncode:
        raise RuntimeError(made.stderr)


def _unprivileged() -> pwd.struct_passwd | None:
    """PostgreSQL refuses root, so root starts it as somebody else."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _identity(user: pwd.struct_passwd | None) -> dict[str, Any]:
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def _reachable(folder: Path, user: pwd.struct_passwd | None) -> Path:
    """The binaries, copied where `user` may run them if a closed folder (root's home) lies above them."""
    binaries = parts.postgres()
    if binaries is None:
        raise RuntimeError("no PostgreSQL: run `make setup-tests`")
    closed = user and any(not parent.stat().st_mode & 0o001 for parent in binaries.parents)
    if not closed:
        return binaries
    copy = folder / "postgresql"
    if not copy.exists():
        shutil.copytree(binaries.parent, copy, symlinks=True)
    return copy / binaries.name


def _check_locale(connection: psycopg.Connection) -> None:
    """Under the plain C locale trigrams of Chinese text are empty and searches silently find nothing."""
    row = connection.execute("SELECT datcollate FROM pg_database WHERE datname = 'template1'").fetchone()
    if row is None or row[0] not in {"C.UTF-8", "C.utf8"}:
        raise RuntimeError(f"the test database has the locale {row}, not C.UTF-8")


def _keep_for(folder: Path, owner: int) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with serving(folder, FAST):
        (folder / "ready").touch()
        while Path(f"/proc/{owner}").exists():
            time.sleep(0.3)


if __name__ == "__main__":
    _keep_for(Path(sys.argv[1]), int(sys.argv[2]))
