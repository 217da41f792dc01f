"""Every package that the platform imports is asked for in pyproject.toml, none comes in by luck through another."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.rig.parts import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
OURS = {"app", "config", "migrations", "tests", "tools", "wsgi"}


def name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found
    return canonical(found[0])


def canonical(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


def imported(*folders: str) -> set[str]:
    """Distributions behind the imports of our files."""
    modules = {module for folder in folders for path in files(folder) for module in imports(path)}
    known = packages_distributions()
    outside = modules - OURS - sys.stdlib_module_names
    return {canonical(distribution) for module in outside for distribution in known[module]}


def files(folder: str) -> Iterator[Path]:
    whole = ROOT / folder
    return iter([whole]) if whole.is_file() else whole.rglob("*.py")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def test_what_is_imported_is_asked_for() -> None:
    declared = {name(requirement) for requirement in PROJECT["dependencies"]}
    used = imported("app", "migrations", "config.py", "wsgi.py", "gunicorn.conf.py")
    assert used - declared == set()
