"""SQLite is opened as the platform's promises need it, and its writers take turns in order (docs/decisions/0003)."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from app.infra.db import session
from app.infra.engines import UnsafeDatabase
from app.infra.transactions import transaction, writing
from tests.conftest import Rig


def turn_is_free(rig: Rig) -> bool:
    """Whether another process could begin to write now."""
    with Path(f"{rig.mine}.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


@pytest.mark.parametrize("rig", ["sqlite"], indirect=True)
def test_who_writes_holds_the_turn_until_the_end_and_who_reads_never_does(app: Flask, rig: Rig) -> None:
    session.execute(text("SELECT 1"))
    assert turn_is_free(rig)
    with transaction():
        assert turn_is_free(rig), "nothing has been asked of the database yet"
        session.execute(text("SELECT 1"))
        assert not turn_is_free(rig)
    assert turn_is_free(rig)
    with pytest.raises(DBAPIError), transaction():
        session.execute(text("SELECT nothing"))
    assert turn_is_free(rig)


def test_the_lock_belongs_to_whom_the_database_belongs(tmp_path: Path) -> None:
    """As the write-ahead log does: a command that root gives must not shut the service out."""
    database = tmp_path / "x.db"
    database.touch()
    owner = 12345 if os.geteuid() == 0 else os.geteuid()
    os.chown(database, owner, -1)
    database.chmod(0o640)
    engine = create_engine(f"sqlite:///{database}")
    with writing(), engine.begin() as connection:
        connection.execute(text("CREATE TABLE x (y)"))
    lock = Path(f"{database}.lock").stat()
    assert (lock.st_uid, lock.st_mode & 0o777) == (owner, 0o640)
    engine.dispose()


@pytest.mark.parametrize("rig", ["sqlite"], indirect=True)
def test_a_connection_that_is_lost_gives_its_turn_back(app: Flask, rig: Rig) -> None:
    with transaction():
        session.connection().invalidate()
        assert turn_is_free(rig)
        session.rollback()


def test_a_database_that_does_not_keep_a_setting_is_not_opened(tmp_path: Path) -> None:
    """Without locks, as some network drives are mounted, there is no write-ahead log."""
    engine = create_engine(f"sqlite:///file:{tmp_path / 'x.db'}?nolock=1&uri=true")
    with pytest.raises(UnsafeDatabase, match="kept journal_mode = delete, not wal"):
        engine.connect()
