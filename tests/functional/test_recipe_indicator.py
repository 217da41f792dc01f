"""The recipe for an indicator in docs/changing.md, followed to the letter in a copy of the tree."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rig.parts import ROOT

INDICATOR = '''"""有效机时: effective hours of the counted services of the year."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from app.evaluation.rules.documents import setting
from app.evaluation.rules.readers import whole
from app.evaluation.rules.indicators.indicator import Indicator, Measured, Unit
from app.ledger.rules.exclusions import Measure
from app.ledger.rules.verdicts import Judgement


class EffectiveHours(Indicator):
    code = "effective-hours"
    clause = "Art. 13 ¶1, further indicators"
    measure = Measure.HOURS
    unit = Unit.HOURS
    notes = ("few-hours",)

    @dataclass(frozen=True, slots=True)
    class Settings:
        """`least_hours`: with fewer the value is 0."""

        least_hours: int = setting(whole(), 0)

    def __init__(self, year: int, settings: Settings) -> None:
        super().__init__(year, settings)
        self.minutes = self.records = 0

    def add(self, one: Judgement) -> None:
        if one.verdicts[Measure.HOURS].counts:
            self.minutes += one.verdicts[Measure.HOURS].value
            self.records += 1

    def measured(self) -> Measured:
        if self.minutes < 60 * self.settings.least_hours:
            return Measured(Fraction(0), self.records, "few-hours")
        return Measured(Fraction(self.minutes, 60), self.records)
'''

WALK = """
import json, sys
from datetime import UTC, date, datetime
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import select

from app.access.actor import system
from app.evaluation.models import Result
from app.evaluation.services import rounds, schemes
from app.factory import create_app
from app.infra.db import db, session
from app.infra.transactions import transaction
from tests.factories.cast import gather
from tests.factories.records import settled
from tests.factories.signing_in import signed_in_english

NOW = datetime(2026, 11, 18, 1, tzinfo=UTC)
app = create_app("testing", SQLALCHEMY_DATABASE_URI=f"sqlite:///{sys.argv[1]}/walk.db", DATA_FOLDER=sys.argv[1])
app.extensions["clock"] = lambda: NOW
with app.app_context():
    upgrade()
    with transaction():
        cast = gather()
        settled(cast.microscope, cast.firm)
        scheme = schemes.publish(schemes.read(Path("scheme.json")), actor=system("test"), now=NOW)
        round_ = rounds.open_round(scheme, 2026, date(2027, 3, 31), actor=system("test"), now=NOW)
        rounds.compute_round(round_, actor=system("test"), now=NOW)
    result = session.scalars(select(Result).where(Result.provider_id == cast.university.id)).one()
    line = next(p for p in result.parts if p["code"] == "effective-hours")
    pages = ["", "/own", f"/{round_.public_id}", f"/results/{result.public_id}"]
    pages += [f"/results/{result.public_id}/{kind}{query}" for kind in ("effective-hours", "hours", "service-count")
              for query in ("", "?counts=1", "?counts=0", "?sort=value", "?format=csv")]
    client = signed_in_english(app, cast.officer)
    session.rollback()
    answers = {page: client.get(f"/evaluation{page}") for page in pages}
    texts = answers[f"/{round_.public_id}"].text, answers[f"/results/{result.public_id}"].text
    print(json.dumps({
        "wrong": {page: answer.status_code for page, answer in answers.items() if answer.status_code != 200},
        "line": line,
        "board": "Effective hours" in texts[0] and "from 1 hours on" in texts[0],
        "result": "Effective hours" in texts[1] and "2.00 hours" in texts[1],
        "rows": answers[f"/results/{result.public_id}/effective-hours"].text.count("2.00 hours"),
    }))
    db.engine.dispose()
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    copy = tmp_path / "tree"
    shutil.copytree(ROOT / "app", copy / "app")
    for name in ("migrations", "tests"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    shutil.copytree(ROOT / "assets", copy / "assets")
    for name in ("config.py", "pyproject.toml"):
        shutil.copy(ROOT / name, copy)
    return copy


def test_an_indicator_is_one_file_one_line_and_its_labels(tree: Path) -> None:
    folder = tree / "app/evaluation/rules/indicators"
    (folder / "effective_hours.py").write_text(INDICATOR, encoding="utf-8")
    imported = "from app.evaluation.rules.indicators.effective_hours import EffectiveHours\n"
    _add(folder / "__init__.py", "from app.evaluation.rules.indicators.satisfaction", imported)
    _add(folder / "__init__.py", "    Completeness,\n", "    EffectiveHours,\n")
    labels = tree / "app/evaluation/labels.py"
    _add(labels, '    "service-count": _l(', '    "effective-hours": _l("Effective hours"),\n')
    _add(labels, '    "client-ceiling-reached"', '    "few-hours": _l("There are too few hours."),\n')
    _add(labels, '    "per_client_ceiling"', '    "least_hours": _l("from %(value)s hours on"),\n')
    scheme = json.loads((tree / "app/evaluation/seeds/provider.json").read_text(encoding="utf-8"))
    scheme["document"]["indicators"][0]["weight"] = "20"
    scheme["document"]["indicators"].append(
        {"code": "effective-hours", "weight": "10", "targets": {"*": "40"}, "settings": {"least_hours": 1}}
    )
    (tree / "scheme.json").write_text(json.dumps(scheme), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", WALK, str(tree)], cwd=tree, capture_output=True, text=True, check=False, timeout=180
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["wrong"] == {}
    assert (found["line"]["value"], found["line"]["points"], found["line"]["records"]) == ("2", "0.5", 1)
    assert (found["board"], found["result"], found["rows"] > 0) == (True, True, True)


def _add(path: Path, before: str, line: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, line + before, 1), encoding="utf-8")
