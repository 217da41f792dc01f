"""The recipe for a booking rule in docs/changing.md, followed to the letter in a copy of the tree."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rig.parts import ROOT

RULE = '''def small_hours(facts: BookingFacts) -> Refusal | None:
    """Nobody begins in the small hours."""
    return Refusal(RefusalCode.SMALL_HOURS, {}, "starts_at") if facts.wanted.start.hour in SMALL_HOURS else None


SMALL_HOURS = range(17, 21)  # UTC: one to five on Shanghai clocks


'''

WALK = """
import json, sys
from datetime import UTC, datetime, timedelta

from flask_migrate import upgrade

from app.accounts.models import User
from app.factory import create_app
from app.infra.db import db, session
from app.infra.transactions import transaction
from tests.factories.cast import gather
from tests.factories.pages import send
from tests.factories.signing_in import signed_in_english

NOW = datetime(2026, 11, 18, 1, tzinfo=UTC)
app = create_app("testing", SQLALCHEMY_DATABASE_URI=f"sqlite:///{sys.argv[1]}/walk.db", DATA_FOLDER=sys.argv[1])
app.extensions["clock"] = lambda: NOW
with app.app_context():
    upgrade()
    with transaction():
        cast = gather()
    client = signed_in_english(app, cast.researcher)
    session.rollback()
    path = f"/instruments/{cast.microscope.public_id}/book"
    times = {"starts_at": "2026-11-20T02:00", "ends_at": "2026-11-20T04:00"}
    form = {**times, "client": cast.firm.public_id, "purpose": "research", "description": "x"}
    typed = send(client, path, **form)
    asked = f"client={cast.firm.public_id}&starts_at={times['starts_at']}&ends_at={times['ends_at']}"
    pages = [path, f"/instruments/{cast.microscope.public_id}/quote?{asked}"]
    shown = [client.get(page).status_code for page in pages]
    administrator = cast.administrator.id
with app.app_context():  # another person, and nothing remembered of the first
    manager = signed_in_english(app, session.get_one(User, administrator))
    session.rollback()
    demand = manager.get("/demand"), manager.get("/demand?reason=small-hours")
    print(json.dumps({
        "refused": (typed.status_code, "Nobody begins in the small hours." in typed.text),
        "pages": shown,
        "demand": [(answer.status_code, "Begins in the small hours" in answer.text) for answer in demand],
    }))
    db.engine.dispose()
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    copy = tmp_path / "tree"
    for name in ("app", "migrations", "tests", "assets"):
        ignored = shutil.ignore_patterns("node_modules", "__pycache__")
        shutil.copytree(ROOT / name, copy / name, ignore=ignored, symlinks=True)
    for name in ("config.py", "pyproject.toml"):
        shutil.copy(ROOT / name, copy)
    return copy


def test_a_booking_rule_is_a_function_a_code_a_line_a_row_and_two_labels(tree: Path) -> None:
    rules = tree / "app/booking/rules/refusals.py"
    _add(rules, '    OFF_GRID = "off-grid"\n', '    SMALL_HOURS = "small-hours"\n')
    _add(rules, "def off_grid(", RULE)
    _add(rules, "    off_grid,\n", "    small_hours,\n")
    labels = tree / "app/booking/labels.py"
    _add(
        labels,
        '        "off-grid": _l("Not on the grid"),',
        '        "small-hours": _l("Begins in the small hours"),\n',
    )
    _add(labels, '    "off-grid": _l("Times lie', '    "small-hours": _l("Nobody begins in the small hours."),\n')
    row = '    ("small-hours", replace(FINE, wanted=hours(26, 28), rules=replace(RULES, opening=ALWAYS_OPEN))),\n'
    tests = tree / "tests/unit/test_booking_refusals.py"
    _add(tests, '    ("slot-taken", replace(FINE', row)
    _add(tests, "from app.booking.rules.opening import Opening", "from app.booking.rules.opening import ALWAYS_OPEN\n")
    unit = _run(tree, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/unit/test_booking_refusals.py")
    assert "failed" not in unit, unit
    found = json.loads(_run(tree, "-c", WALK, str(tree)).splitlines()[-1])
    assert found["refused"] == [422, True]
    assert found["pages"] == [200, 200]
    assert found["demand"] == [[200, True], [200, True]]


def _run(tree: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=tree, capture_output=True, text=True, check=False, timeout=90
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def _add(path: Path, before: str, line: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, line + before, 1), encoding="utf-8")
