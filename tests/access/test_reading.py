"""The access matrix, safe methods: everybody asks for everything, and no question changes anything."""

from __future__ import annotations

import pytest

from tests.access.conftest import Scene
from tests.access.faults import faults
from tests.access.table import doors

DOORS = {door: rows for door, rows in doors().items() if door.startswith("GET")}
EVERYWHERE = [("sqlite", door) for door in DOORS] + [("postgresql", door) for door in list(DOORS)[::4]]


@pytest.mark.parametrize(("rig", "door"), EVERYWHERE, indirect=["rig"], scope="module")
def test_everybody_is_shown_what_the_table_says(scene: Scene, door: str) -> None:
    assert faults(scene, DOORS[door]) == []
