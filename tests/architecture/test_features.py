"""Features declare themselves: importing loads no more than it must, and registers nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

from app.features import FEATURES
from tests.rig.parts import ROOT

# Folders of `app/` that are no features: what stands below them, and the shells around them.
BELOW = {"access", "api", "audit", "cli", "infra", "jobs", "kernel", "notifications", "web"}


def _in_a_process_of_its_own(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize("module", ["app.kernel.money", "app.booking.rules.refusals", "app.ledger.rules.verdicts"])
def test_the_kernel_and_rules_import_alone(module: str) -> None:
    code = f"import sys, {module}; print(*sorted(m for m in sys.modules if m.startswith('app.')))"
    loaded = _in_a_process_of_its_own(code).split()
    pure = [name for name in loaded if name.split(".")[1] == "kernel" or "rules" in name.split(".")[2:3]]
    packages = {name.rpartition(".")[0] for name in loaded}
    assert [name for name in loaded if name not in pure and name not in packages] == []


def test_importing_everything_registers_nothing() -> None:
    code = (
        "import importlib, pkgutil, app\n"
        "for found in pkgutil.walk_packages(app.__path__, 'app.'): importlib.import_module(found.name)\n"
        "from app.infra.feature import installed; print(len(installed().features))"
    )
    assert _in_a_process_of_its_own(code) == "0"


def test_every_folder_with_a_feature_is_in_the_table_once() -> None:
    declared = {path.parent.name for path in (ROOT / "app").glob("*/feature.py")}
    named = [one.name for one in FEATURES]
    assert declared - {"infra"} == set(named)  # infra says what a feature is
    assert len(named) == len(set(named))
    folders = {path.parent.name for path in (ROOT / "app").glob("*/__init__.py")}
    assert folders - set(named) == BELOW
