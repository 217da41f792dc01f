"""The drill: back up a platform that is being written to, restore it elsewhere, and find the same in it."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import inspect, select

from app import audit
from app.access.actor import system
from app.accounts.actions import UserAction
from app.audit import Subject
from app.audit.models import AuditEntry, AuditSeal
from app.factory import create_app
from app.infra import files, jobs
from app.infra.backup.manifest import digest as file_digest
from app.infra.db import Base, db, session
from app.infra.outbox import OutboxMessage
from app.infra.transactions import transaction
from app.kernel.canonical import digest
from tests.conftest import Clock, Rig
from tests.factories.cast import Cast
from tests.rig.parts import postgres as binaries

LETTER = b"%PDF-1.7 an authorisation letter"


@pytest.fixture
def _programs(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump of the version of the server, where the machine has one; there is no package that carries it."""
    folder = binaries()
    if rig.server and folder and (folder / "pg_dump").exists():
        monkeypatch.setenv("PATH", str(folder), prepend=":")


@pytest.fixture
def drilled(app: Flask, rig: Rig, _programs: None) -> None:
    """Only where the engine can be backed up at all; what happens elsewhere has a test of its own."""
    if rig.server and shutil.which("pg_dump") is None:
        pytest.skip("extra: pg_dump is not on this machine")


def command(app: Flask, *words: str | Path) -> Result:
    session.rollback()
    return app.test_cli_runner().invoke(args=[str(word) for word in words])


def fill(cast: Cast, now: datetime) -> str:
    with transaction():
        stored = files.store(
            io.BytesIO(LETTER), name="letter.pdf", media_type="application/pdf", owner_id=cast.clerk.id, now=now
        )
        for number in range(3):
            audit.record(UserAction.CHANGED, Subject("users", str(number)), actor=system("test"), now=now)
        return stored.digest


def content() -> dict[str, str]:
    """A digest per table, whatever the order of its rows; what the drill itself adds is left out."""
    session.rollback()
    left_out = {"audit_entries", "audit_head", "job_marks"}
    tables = [table for table in Base.metadata.sorted_tables if table.name not in left_out]
    return {table.name: digest(sorted(repr(tuple(row)) for row in session.execute(select(table)))) for table in tables}


@pytest.fixture
def elsewhere(rig: Rig, tmp_path: Path) -> Iterator[Flask]:
    """Another machine: an empty database and an empty folder."""
    name = f"{rig.worker}_restored"
    url = rig.server.create(name) if rig.server else f"sqlite:///{tmp_path / 'restored.db'}"
    app = create_app("testing", SQLALCHEMY_DATABASE_URI=url, DATA_FOLDER=str(tmp_path / "restored"))
    app.extensions["clock"] = Clock()
    yield app
    with app.app_context():
        session.remove()
        db.engine.dispose()


def backed_up(app: Flask, folder: Path) -> Path:
    done = command(app, "backup", folder)
    assert done.exit_code == 0, done.output
    return Path(done.stdout.splitlines()[0])


def test_what_was_backed_up_is_restored_to_the_row(
    *, drilled: None, app: Flask, cast: Cast, now: datetime, tmp_path: Path, elsewhere: Flask
) -> None:
    letter = fill(cast, now)
    before = content()
    made = backed_up(app, tmp_path)
    with elsewhere.app_context():
        done = command(elsewhere, "restore", made)
        assert done.exit_code == 0, done.output
        assert content() == before
        assert files.path_of(letter).read_bytes() == LETTER
        assert audit.verify() is None
        assert session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()[-1] == "backup.restored"
        again = command(elsewhere, "restore", made)
        assert (again.exit_code, "not empty" in again.output) == (1, True)
        assert command(elsewhere, "restore", made, "--force").exit_code == 0


def test_a_folder_that_cannot_be_written_is_told_in_words(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    done = app.test_cli_runner().invoke(args=["backup", str(tmp_path / "file" / "inside")])
    assert (done.exit_code, "Error: " in done.output) == (1, True)


def test_a_backup_is_noted_for_operators_and_auditors(
    drilled: None, app: Flask, cast: Cast, now: datetime, tmp_path: Path
) -> None:
    made = backed_up(app, tmp_path)
    mark = jobs.last_mark("backup")
    assert mark is not None
    assert (mark.done_at, mark.outcome["folder"]) == (now, str(made))
    assert session.scalars(select(AuditEntry.action)).all() == ["backup.made"]
    assert made.stat().st_mode & 0o077 == 0


def test_a_backup_shows_one_moment_while_others_write(
    *, drilled: None, app: Flask, cast: Cast, now: datetime, tmp_path: Path, elsewhere: Flask
) -> None:
    """Each act writes a message and an audit entry: a backup between the two would have one without the other."""
    stop = threading.Event()
    writer = threading.Thread(target=keep_writing, args=(app, now, stop))
    writer.start()
    try:
        made = backed_up(app, tmp_path)
    finally:
        stop.set()
        writer.join()
    with elsewhere.app_context():
        assert command(elsewhere, "restore", made).exit_code == 0
        messages = len(session.scalars(select(OutboxMessage.id)).all())
        entries = len(session.scalars(select(AuditEntry.id).where(AuditEntry.action == "user.changed")).all())
        assert messages == entries


def keep_writing(app: Flask, now: datetime, stop: threading.Event) -> None:
    with app.app_context():
        for number in range(100_000):
            if stop.is_set():
                break
            with transaction():
                message = {"channel": "mail", "address": "a", "subject": str(number), "body": "x" * 5000}
                session.add(OutboxMessage(created_at=now, **message))
                audit.record(UserAction.CHANGED, Subject("users", "1"), actor=system("test"), now=now)
        session.remove()


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("database", "was altered: its digest is not the one"),
        ("file", "was altered: its digest is not the one"),
        ("missing", "is missing from the backup"),
        ("manifest", "is no backup: it has no manifest.json"),
        ("cut", "was altered or cut short"),
        ("foreign", "was altered or cut short"),
        ("newer", "restore it with that version, then upgrade"),
        ("format", "the backup has format 2, this program reads 1"),
        ("engine", "the backup is of another, DATABASE_URL names"),
    ],
)
def test_a_damaged_backup_is_refused_before_anything_is_touched(
    *, drilled: None, app: Flask, cast: Cast, now: datetime, tmp_path: Path, elsewhere: Flask, part: str, told: str
) -> None:
    letter = fill(cast, now)
    made = backed_up(app, tmp_path)
    damage(made, part, letter)
    with elsewhere.app_context():
        done = command(elsewhere, "restore", made)
        assert (done.exit_code, "Error: " in done.output, told in done.output) == (1, True, True), done.output
        assert not files.path_of(letter).exists()
        assert not inspect(db.engine).get_table_names()


def damage(made: Path, part: str, letter: str) -> None:
    stored = made / "files" / letter[:2] / letter
    match part:
        case "database":
            path = next(made.glob("database.*"))
            path.write_bytes(path.read_bytes()[:-1] + b"?")
        case "file":
            stored.write_bytes(b"another letter")
        case "missing":
            stored.unlink()
        case "manifest":
            (made / "manifest.json").unlink()
        case "cut":
            (made / "manifest.json").write_bytes((made / "manifest.json").read_bytes()[:100])
        case "foreign":
            (made / "manifest.json").write_text('{"format": 1}')
        case "newer":
            retell(made, facts={"revision": "9999_newer"})
        case "format":
            retell(made, format=2)
        case "engine":
            retell(made, engine="another")


def retell(made: Path, facts: dict[str, Any] | None = None, **changes: Any) -> None:
    """Write something else into the manifest."""
    known = json.loads((made / "manifest.json").read_text())
    known |= {**changes, "facts": known["facts"] | (facts or {})}
    (made / "manifest.json").write_text(json.dumps(known))


def test_rows_other_than_the_manifest_counted_are_told_after_restoring(
    *, drilled: None, app: Flask, cast: Cast, tmp_path: Path, elsewhere: Flask
) -> None:
    made = backed_up(app, tmp_path)
    retell(made, facts={"tables": {"users": 1}})
    with elsewhere.app_context():
        done = command(elsewhere, "restore", made)
        assert (done.exit_code, "differs from what the manifest says" in done.output) == (1, True), done.output


def test_one_backup_never_takes_the_place_of_another(drilled: None, app: Flask, cast: Cast, tmp_path: Path) -> None:
    made = backed_up(app, tmp_path)
    before = file_digest(made / "manifest.json")
    again = command(app, "backup", tmp_path)  # within the same second: the clock stands still
    assert (again.exit_code, f"{made} exists already" in again.output) == (1, True), again.output
    assert (list(tmp_path.iterdir()), file_digest(made / "manifest.json")) == ([made], before)


@pytest.mark.parametrize(("lost", "told"), [(True, "1 uploaded files are missing"), (False, "was altered on disk")])
def test_a_file_that_is_damaged_here_already_makes_no_backup(
    *, drilled: None, app: Flask, cast: Cast, now: datetime, tmp_path: Path, lost: bool, told: str
) -> None:
    """Better no backup, told at once, than one of which it comes out on the day it is needed."""
    letter = fill(cast, now)
    stored = files.path_of(letter)
    stored.unlink() if lost else stored.write_bytes(b"another letter")
    try:
        done = command(app, "backup", tmp_path)
    finally:
        stored.unlink(missing_ok=True)  # the folder is that of all tests
    assert (done.exit_code, told in done.output, letter in done.output) == (1, True, True), done.output
    assert [path.suffix for path in tmp_path.iterdir()] == [".partial"]
    assert jobs.last_mark("backup") is None


@pytest.mark.parametrize("rig", ["sqlite"], indirect=True)  # a dump is not a file to be edited row by row
def test_a_row_changed_inside_the_copy_breaks_the_chain(
    *, app: Flask, cast: Cast, now: datetime, tmp_path: Path, elsewhere: Flask
) -> None:
    """Whoever alters the copy and writes the new digest into the manifest is found by the audit chain."""
    fill(cast, now)
    made = backed_up(app, tmp_path)
    copy = sqlite3.connect(made / "database.sqlite")
    copy.execute("DROP TRIGGER append_only_audit_entries_update")
    copy.execute("UPDATE audit_entries SET actor = 'system:nobody' WHERE id = 2")
    copy.commit()
    copy.close()
    known = json.loads((made / "manifest.json").read_text())
    known["contents"]["database.sqlite"] = file_digest(made / "database.sqlite")
    (made / "manifest.json").write_text(json.dumps(known))
    with elsewhere.app_context():
        done = command(elsewhere, "restore", made)
        assert (done.exit_code, "entry 2 was altered" in done.output) == (1, True)
        verified = command(elsewhere, "audit", "verify")
        assert (verified.exit_code, "entry 2 was altered" in verified.output) == (1, True)


def test_without_pg_dump_the_package_is_named(
    app: Flask, rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = command(app, "backup", tmp_path)
    if rig.server:
        assert (done.exit_code, "postgresql-client" in done.output) == (1, True)
    else:
        assert done.exit_code == 0


def test_the_chain_holds_and_a_seal_that_does_not_is_named(app: Flask, cast: Cast, clock: Clock) -> None:
    fill(cast, clock())
    clock.move(days=2)
    assert command(app, "jobs", "once", "seal-audit").exit_code == 0
    assert command(app, "audit", "verify").exit_code == 0
    with transaction():
        session.add(AuditSeal(entry_id=2, hash="0" * 64, at=clock()))
    broken = command(app, "audit", "verify")
    assert (broken.exit_code, "entry 2 is not the one that was sealed" in broken.output) == (1, True)


def test_config_check_names_what_production_would_refuse(app: Flask, rig: Rig) -> None:
    done = command(app, "config", "check")
    assert done.exit_code == 1
    assert "TRUSTED_HOSTS" in done.output
    assert ("owns the tables" in done.output) is (rig.server is not None)
