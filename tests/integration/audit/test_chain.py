"""The chain takes in what was committed, in order, and nothing that was taken back."""

from __future__ import annotations

import json
import stat
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from app import audit
from app.access.actor import system
from app.audit import Subject
from app.audit.chain import COVERED, GENESIS, entry_hash, first_fault
from app.audit.models import AuditEntry, AuditHead
from app.infra.db import session
from app.infra.guards import AppendOnly
from app.infra.transactions import transaction
from app.operation.actions import BackupAction


def note(subject: str, now: datetime) -> None:
    audit.record(BackupAction.MADE, Subject("backup", subject), actor=system("test"), now=now)


def noted() -> list[str]:
    return list(session.scalars(select(AuditEntry.subject_id).order_by(AuditEntry.id)))


def taken_back(now: datetime) -> None:
    session.execute(select(AuditEntry.id))
    note("taken back", now)
    with session.begin_nested():
        note("kept inside of what is taken back", now)
    raise LookupError


def test_what_a_savepoint_took_back_is_not_noted(app: Flask, now: datetime) -> None:
    with transaction():
        note("before", now)
        with pytest.raises(LookupError), session.begin_nested():
            taken_back(now)
        with session.begin_nested():
            note("kept", now)
        note("after", now)
    assert noted() == ["before", "kept", "after"]
    assert audit.verify() is None


def test_what_a_roll_back_took_back_is_not_noted_by_the_next(app: Flask, now: datetime) -> None:
    with pytest.raises(LookupError), transaction():
        taken_back(now)
    with transaction():
        note("after", now)
    assert noted() == ["after"]


CHANGES: dict[str, Any] = {
    "at": "UPDATE audit_entries SET at = '2026-01-01 00:00:00+00' WHERE id = 2",
    "action": "UPDATE audit_entries SET action = 'user.changed' WHERE id = 2",
    "actor": "UPDATE audit_entries SET actor = 'user:7' WHERE id = 2",
    "address_commitment": "UPDATE audit_entries SET address_commitment = 'x' WHERE id = 2",
    "subject_kind": "UPDATE audit_entries SET subject_kind = 'x' WHERE id = 2",
    "subject_id": "UPDATE audit_entries SET subject_id = 'x' WHERE id = 2",
    "before": "UPDATE audit_entries SET before = '{}' WHERE id = 2",
    "after": "UPDATE audit_entries SET after = '{}' WHERE id = 2",
    "previous_hash": "UPDATE audit_entries SET previous_hash = hash WHERE id = 2",
    "hash": "UPDATE audit_entries SET hash = 'x' WHERE id = 2",
}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        *((change, "entry 2") for change in CHANGES.values()),
        ("DELETE FROM audit_entries WHERE id = 2", "entry 2 is missing"),
        ("DELETE FROM audit_entries WHERE id = 3", "the chain ends at entry 2"),
        ("DELETE FROM audit_entries", "the chain ends at entry 0"),
        ("UPDATE audit_entries SET id = 4 WHERE id = 3", "entry 3 is missing"),
        ("UPDATE audit_head SET length = 2", "its head says 2"),
        ("UPDATE audit_head SET hash = 'x'", "its head says 3"),
    ],
)
def test_every_change_behind_its_back_is_found(app: Flask, now: datetime, change: str, fault: str) -> None:
    with transaction():
        for number in "123":
            note(number, now)
    assert audit.verify() is None
    with transaction():
        for statement in AppendOnly("audit_entries").drop(session.get_bind().dialect.name):
            session.execute(text(statement))
        session.execute(text(change))
    assert fault in (audit.verify() or "")


def test_every_column_is_covered() -> None:
    assert {*COVERED, "hash"} == {column.key for column in AuditEntry.__table__.columns}
    assert set(CHANGES) | {"id"} == {*COVERED, "hash"}


def test_a_whole_rewrite_is_found_by_the_seal_kept_elsewhere(app: Flask, now: datetime) -> None:
    entries: list[dict[str, Any]] = []
    for number in (1, 2):
        entry = dict.fromkeys(COVERED, "") | {
            "id": number,
            "previous_hash": entries[-1]["hash"] if entries else GENESIS,
        }
        entries.append(entry | {"hash": entry_hash(entry)})
    assert first_fault(entries, length=2, head=entries[-1]["hash"]) is None
    with transaction():
        note("1", now)
    assert audit.broken_seal([{"id": 0, "hash": GENESIS}]) is None
    assert audit.broken_seal([{"id": 1, "hash": entries[0]["hash"]}]) == "entry 1 is not the one that was sealed"


def rebuilt(now: datetime) -> None:
    """Everything anew from the first entry on, as only the owner of the tables could: the chain itself holds."""
    rows = [dict(row._mapping) for row in session.execute(select(*(getattr(AuditEntry, n) for n in COVERED)))]
    with transaction():
        for statement in AppendOnly("audit_entries").drop(session.get_bind().dialect.name):
            session.execute(text(statement))
        previous = GENESIS
        for row in rows:
            forged = {**row, "actor": "user:7", "previous_hash": previous}
            previous = entry_hash(forged)
            change = {"actor": "user:7", "previous_hash": forged["previous_hash"], "hash": previous}
            session.execute(update(AuditEntry).where(AuditEntry.id == row["id"]).values(**change))
        session.execute(update(AuditHead).values(hash=previous))


def test_a_chain_rebuilt_whole_is_found_by_a_signed_head_kept_outside(
    app: Flask, now: datetime, tmp_path: Path
) -> None:
    with transaction():
        for number in "123":
            note(number, now)
    shell, path, kept = app.test_cli_runner(), tmp_path / "key.pem", tmp_path / "head.json"
    public = shell.invoke(args=["audit", "key", str(path)]).output.strip()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert shell.invoke(args=["audit", "key", str(path)]).exit_code == 1
    kept.write_text(shell.invoke(args=["audit", "head", "--key", str(path)]).output, encoding="utf-8")
    asked = ["audit", "verify", "--head", str(kept), "--public-key", public]
    assert shell.invoke(args=asked).exit_code == 0
    rebuilt(now)
    session.rollback()
    assert shell.invoke(args=["audit", "verify"]).exit_code == 0, "the chain alone does not tell"
    found = shell.invoke(args=asked)
    assert (found.exit_code, "entry 3 is not the one that was sealed" in found.output) == (1, True)
    forged = {**json.loads(kept.read_text(encoding="utf-8")), "hash": audit.head(now=now).hash}
    kept.write_text(json.dumps(forged), encoding="utf-8")
    refused = shell.invoke(args=asked)
    assert (refused.exit_code, "not signed by this key" in refused.output) == (1, True)


def test_seals_are_kept_where_nothing_changes_them(app: Flask, now: datetime) -> None:
    with transaction():
        note("1", now)
    with transaction():
        audit.seal(before=now + timedelta(days=1), now=now)
    assert audit.broken_seal(audit.seals()) is None
    for statement in ("UPDATE audit_seals SET hash = 'x'", "DELETE FROM audit_seals"):
        with pytest.raises(IntegrityError), transaction():
            session.execute(text(statement))
    rebuilt(now)
    assert audit.verify() is None
    assert audit.broken_seal(audit.seals()) == "entry 1 is not the one that was sealed"
