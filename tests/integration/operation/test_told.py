"""What is done at a shell or by the clock leaves its entry in the audit, as what is done on a page does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask
from sqlalchemy import func, select

from app.audit.models import AuditEntry
from app.cli import COMMANDS
from app.evaluation.services import schemes
from app.infra.db import session
from tests.conftest import Clock
from tests.factories.cast import Cast
from tests.factories.organisations import uscc

CODE = uscc()
DAYS = "date,name,day_type\n2026-10-01,国庆节,off\n"
CLASSES = "code,name\n010199,其他电子光学仪器\n"
LIST = "编号,名称\nA1,扫描电子显微镜\n"

# In the order of a platform's first day: the words of each command, and the acts that it comes to.
ACTS: list[tuple[str, list[str]]] = [
    ("users create 李明 li@example.org", ["user.signed-up"]),
    ("users suspend li@example.org", ["user.changed"]),
    ("users activate li@example.org", ["user.changed"]),
    ("tokens create li@example.org laptop --scope booking:read", ["token.created"]),
    (f"organisations found 示例 --kind enterprise --role client --uscc {CODE}", ["organisation.verified"]),
    (f"organisations appoint {CODE} li@example.org administrator", ["member.joined"]),
    ("holidays {folder}/days.csv", ["reference.noted"]),
    ("seed", ["reference.noted"]),
    ("catalogue classes {folder}/classes.csv", ["reference.noted"]),
    ("import instruments {folder}/list.csv --provider {university} --as {administrator}",
     ["import.started", "import.completed"]),
    ("evaluation seed", ["scheme.published"]),
    ("evaluation publish {folder}/scheme.json", ["scheme.published"]),
    ("evaluation open --year 2026", ["round.opened"]),
    ("evaluation compute", ["round.computed"]),
    ("jobs once compute-rounds", ["round.computed"]),
]  # fmt: skip

ELSEWHERE = "its own tests look for the entry"
SILENT = {
    "audit head": "reads",
    "audit key": "writes a file, and nothing into the platform",
    "audit verify": "reads",
    "backup": ELSEWHERE,
    "config check": "reads",
    "demo accounts": "reads",
    "demo load": ELSEWHERE,
    "evaluation close": ELSEWHERE,
    "evaluation finalise": ELSEWHERE,
    "evaluation verify": "reads",
    "jobs list": "reads",
    "jobs run": "what each job does is told",
    "mail again": "messages are no acts; what they tell of is in the audit",
    "restore": ELSEWHERE,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "days.csv").write_text(DAYS)
    (tmp_path / "classes.csv").write_text(CLASSES)
    (tmp_path / "list.csv").write_text(LIST)
    scheme = json.loads(schemes.SEED.read_text())
    scheme["document"]["counting"]["minimum_fen"] = 2000
    (tmp_path / "scheme.json").write_text(json.dumps(scheme))
    return tmp_path


def test_every_act_at_the_shell_is_told(app: Flask, cast: Cast, clock: Clock, folder: Path) -> None:
    places = {"folder": folder, "university": cast.university.uscc, "administrator": cast.administrator.email}
    found = []
    for words, _acts in ACTS:
        session.rollback()
        before = session.scalar(select(func.max(AuditEntry.id))) or 0
        clock.move(days=1)
        done = app.test_cli_runner().invoke(
            args=words.format(**places).split(), env={"NEW_PASSWORD": "a-long-password-of-words"}
        )
        assert done.exit_code == 0, f"{words}: {done.output}"
        session.rollback()
        entries = select(AuditEntry.action).where(AuditEntry.id > before).order_by(AuditEntry.id)
        found.append((words, list(session.scalars(entries))))
    assert found == ACTS


def test_no_command_is_forgotten() -> None:
    names = {" ".join(path) for command in COMMANDS if command.name != "db" for path in _paths(command)}
    asked = {name for name in names for words, _acts in ACTS if words.startswith(f"{name} ") or words == name}
    assert asked | set(SILENT) == names


def _paths(command: click.Command, *above: str) -> Iterator[tuple[str, ...]]:
    path = (*above, str(command.name))
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from _paths(inner, *path)
    else:
        yield path
