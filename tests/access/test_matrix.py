"""The access matrix: every route, method and object, asked by everybody, against the reviewed table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.access import authority
from tests.access.asking import ABSENT, GRANTED, REFUSED, ask, sign, told
from tests.access.conftest import Scene
from tests.access.table import Row, doors, read

DOORS = doors()
READING = [door for door in DOORS if door.startswith("GET")]
SAMPLE = [*READING[::4], "POST /api/v1/bookings", "POST /bookings/<uuid:booking>/cancel"]
EVERYWHERE = [("sqlite", door) for door in DOORS] + [("postgresql", door) for door in SAMPLE]


def faults(scene: Scene, rows: list[Row]) -> list[str]:
    """Every answer that differs from the table, and every refusal that betrays that something is there."""
    found: list[str] = []
    said: dict[tuple[str, str], str] = {}
    for row in sorted(rows, key=lambda row: not row.label.endswith("absent")):
        for role, expected in row.signs.items():
            before = scene.rows() if row.method == "GET" else []
            answer = ask(scene.app, scene.world, row.method, row.rule, row.label, role)
            got = sign(answer)
            if got != expected:
                found.append(f"{row.door} {row.label} {role}: {got} instead of {expected}")
            if row.method == "GET":
                found += [f"{row.door} {row.label} {role}: wrote rows"] if scene.rows() != before else []
            elif got in {GRANTED, REFUSED}:
                scene.restore()
            if got == ABSENT and "<" in row.rule:
                plain = told(answer, scene.world, row.label)
                if said.setdefault((row.rule, role), plain) != plain:
                    found.append(f"{row.door} {row.label} {role}: foreign differs from absent")
    return found


@pytest.mark.parametrize(("rig", "door"), EVERYWHERE, indirect=["rig"])
def test_everybody_gets_the_answer_of_the_table(scene: Scene, door: str) -> None:
    assert faults(scene, DOORS[door]) == []


def test_every_door_has_its_rows(app: Flask) -> None:
    """A new route is asked about by adding rows to table.txt: for ours, for theirs and for none."""
    known = {(row.method, row.rule) for row in read()}
    routes = {(m, str(r)) for r in app.url_map.iter_rules() for m in (r.methods or set()) - {"HEAD", "OPTIONS"}}
    assert (routes - known, known - routes) == (set(), set())
    asked: dict[str, set[str]] = {}
    for row in read():
        asked.setdefault(row.door, set()).add(row.label.rpartition(".")[2])
    assert [d for d, labels in asked.items() if "<uuid:" in d and not labels >= {"own", "other", "absent"}] == []


def test_the_table_has_a_thousand_cells() -> None:
    assert sum(len(row.signs) for row in read()) >= 1000


@pytest.mark.parametrize("rig", ["sqlite"], indirect=True)
def test_with_the_policy_switched_off_the_matrix_finds_holes(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: whoever passes the door may then do anything with any row."""
    always: Callable[..., Any] = lambda *_actor_permission_row: True  # noqa: E731
    monkeypatch.setattr(authority, "may", always)
    holes = [
        fault
        for door in ("GET /bookings/<uuid:booking>", "GET /charges/<uuid:charge>", "GET /api/v1/records/<uuid:record>")
        for fault in faults(scene, DOORS[door])
    ]
    assert len(holes) > 40
