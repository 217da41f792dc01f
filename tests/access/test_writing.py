"""The access matrix, unsafe methods: everybody tries to change everything, and the world is put back each time."""

from __future__ import annotations

import pytest

from tests.access.conftest import Scene
from tests.access.faults import faults
from tests.access.table import doors

DOORS = {door: rows for door, rows in doors().items() if not door.startswith("GET")}
SAMPLE = ("POST /api/v1/bookings", "POST /bookings/<uuid:booking>/confirm")
EVERYWHERE = [("sqlite", door) for door in DOORS] + [("postgresql", door) for door in SAMPLE]


@pytest.mark.parametrize(("rig", "door"), EVERYWHERE, indirect=["rig"], scope="module")
def test_everybody_may_do_what_the_table_says(scene: Scene, door: str) -> None:
    assert faults(scene, DOORS[door]) == []
