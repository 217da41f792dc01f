"""Comparing what is answered with the table and, at the API, with its description."""

from __future__ import annotations

from app.api.room import BASE
from tests.access.asking import ABSENT, GRANTED, REFUSED, ask, sign, told
from tests.access.bodies import body
from tests.access.conftest import Scene
from tests.access.described import undescribed
from tests.access.table import Row


def faults(scene: Scene, rows: list[Row]) -> list[str]:
    """Every answer that differs from the table, and every refusal that betrays that something is there."""
    found: list[str] = []
    said: dict[tuple[str, str, str], str] = {}
    for row in sorted(rows, key=lambda row: not row.label.endswith("absent")):
        before = scene.rows() if row.method == "GET" else []
        for role, expected in row.signs.items():
            answer = ask(scene.app, scene.world, row, role)
            got = sign(answer)
            if got != expected:
                found.append(f"{row.door} {row.label} {role}: {got} instead of {expected}")
            if row.rule.startswith(BASE):
                sent = None if row.method == "GET" else body(scene.world, row.rule, row.label)
                fault = undescribed(scene.app, row.method, row.rule, sent, answer)
                found += [f"{row.door} {row.label} {role}: {fault}"] if fault else []
            if row.method != "GET" and got in {GRANTED, REFUSED}:
                scene.restore()
            if got in {ABSENT, REFUSED} and row.label != "-":
                asked = (row.rule, role, got)
                plain = told(answer, scene.world, row)
                if row.label.endswith("absent"):
                    said[asked] = plain
                elif said.get(asked, plain) != plain:
                    found.append(f"{row.door} {row.label} {role}: foreign differs from absent")
        if row.method == "GET" and scene.rows() != before:
            found.append(f"{row.door} {row.label}: reading wrote rows")
    return found
