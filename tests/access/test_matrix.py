"""The table itself: complete, large enough, and able to find holes."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from app.access import authority
from app.api.blueprint import BASE
from app.api.operations import all_operations
from tests.access.asking import GRANTED
from tests.access.conftest import Scene
from tests.access.faults import faults
from tests.access.table import endpoints, read


def test_every_door_has_its_rows(app: Flask) -> None:
    """A new route is asked about by adding rows to table.txt: for ours, for theirs and for none."""
    known = {(row.method, row.rule) for row in read()}
    routes = {
        (m, str(r).replace(", ", ","))
        for r in app.url_map.iter_rules()
        for m in (r.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert (routes - known, known - routes) == (set(), set())
    asked: dict[str, set[str]] = {}
    for row in read():
        asked.setdefault(row.endpoint, set()).add(row.label.rpartition(".")[2])
    assert [d for d, labels in asked.items() if "<uuid:" in d and not labels >= {"own", "other", "absent"}] == []


def test_every_operation_of_the_api_is_done_for_somebody(app: Flask) -> None:
    """Its answer is then compared with the description, field by field."""
    done = {(row.method, row.rule) for row in read() if GRANTED in row.signs.values()}
    assert {(one.method, BASE + one.rule) for one in all_operations()} - done == set()


def test_the_table_has_a_thousand_cells() -> None:
    assert sum(len(row.signs) for row in read()) >= 1000


@pytest.mark.parametrize("rig", ["sqlite"], indirect=True)
def test_with_the_policy_switched_off_the_matrix_finds_holes(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: whoever passes the guard may then do anything with any row."""

    def always(*_anything: Any) -> bool:
        return True

    monkeypatch.setattr(authority, "may", always)
    asked = ("GET /bookings/<uuid:booking>", "GET /charges/<uuid:charge>", "GET /api/v1/records/<uuid:record>")
    holes = [fault for endpoint in asked for fault in faults(scene, endpoints()[endpoint])]
    assert len(holes) > 40
