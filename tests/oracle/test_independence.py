"""The oracle is worth something only while it shares nothing with what it is held beside."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ORACLE = Path(__file__).parent
TOOLS = {"hypothesis", "pytest"}  # for its own tests and its generator


def imported(source: str) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("." * node.level + (node.module or ""))
    return names


def foreign(source: str) -> set[str]:
    """Imports that are neither the standard library, nor the oracle itself, nor a test tool."""
    return {
        name
        for name in imported(source)
        if name != "tests.oracle"
        and not name.startswith("tests.oracle.")
        and name.split(".")[0] not in sys.stdlib_module_names | TOOLS
    }


@pytest.mark.parametrize("path", sorted(ORACLE.glob("*.py")), ids=lambda path: path.name)
def test_the_oracle_imports_the_standard_library_and_itself_only(path: Path) -> None:
    assert foreign(path.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize(
    "source",
    [
        "import app.kernel.money",
        "from app import ledger",
        "def f():\n    from app.ledger import rules",
        "from ..unit import x",
    ],
)
def test_the_check_sees_a_loan_from_elsewhere(source: str) -> None:
    assert foreign(source)


def test_the_rules_need_no_test_tool() -> None:
    for name in ("model", "money", "verdicts", "jobs", "rounds", "scores"):
        found = imported((ORACLE / f"{name}.py").read_text(encoding="utf-8"))
        assert not {each for each in found if each.split(".")[0] in TOOLS}
