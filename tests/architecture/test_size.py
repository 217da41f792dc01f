"""Files and functions stay small enough to be read at one sitting (docs/changing.md)."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.rig.parts import ROOT

LONGEST_FILE, USUAL_FILE = 300, 220
LONGEST_FUNCTION, USUAL_FUNCTION = 35, 20
USUAL = 95  # percent are no longer than usual


def _files() -> Iterator[tuple[int, str]]:
    for path in (ROOT / "app").rglob("*.py"):
        yield len(path.read_text(encoding="utf-8").splitlines()), str(path.relative_to(ROOT))


def _functions() -> Iterator[tuple[int, str]]:
    for path in (ROOT / "app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                yield (node.end_lineno or 0) - node.lineno + 1, f"{path.relative_to(ROOT)}: {node.name}"


def _too_long(measured: Iterator[tuple[int, str]], longest: int, usual: int) -> list[tuple[int, str]]:
    sizes = sorted(measured)
    assert sizes[len(sizes) * USUAL // 100][0] <= usual, sizes[len(sizes) * USUAL // 100]
    return [one for one in sizes if one[0] > longest]


def test_no_file_holds_more_than_one_idea() -> None:
    assert _too_long(_files(), LONGEST_FILE, USUAL_FILE) == []


def test_no_function_is_longer_than_a_page() -> None:
    assert _too_long(_functions(), LONGEST_FUNCTION, USUAL_FUNCTION) == []
