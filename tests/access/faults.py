"""Comparing what is answered with the table."""

from __future__ import annotations

from tests.access.asking import ABSENT, GRANTED, REFUSED, ask, sign, told
from tests.access.conftest import Scene
from tests.access.table import Row


def faults(scene: Scene, rows: list[Row]) -> list[str]:
    """Every answer that differs from the table, and every refusal that betrays that something is there."""
    found: list[str] = []
    said: dict[tuple[str, str], str] = {}
    for row in sorted(rows, key=lambda row: not row.label.endswith("absent")):
        before = scene.rows() if row.method == "GET" else []
        for role, expected in row.signs.items():
            answer = ask(scene.app, scene.world, row, role)
            got = sign(answer)
            if got != expected:
                found.append(f"{row.door} {row.label} {role}: {got} instead of {expected}")
            if row.method != "GET" and got in {GRANTED, REFUSED}:
                scene.restore()
            if got == ABSENT and "<" in row.rule and not row.rule.endswith("/confirm"):
                plain = told(answer, scene.world, row.label)
                if said.setdefault((row.rule, role), plain) != plain:
                    found.append(f"{row.door} {row.label} {role}: foreign differs from absent")
        if row.method == "GET" and scene.rows() != before:
            found.append(f"{row.door} {row.label}: reading wrote rows")
    return found
