"""The access matrix, safe methods: everybody asks for everything, and no question changes anything."""

from __future__ import annotations

import pytest

from tests.access.conftest import Scene
from tests.access.faults import faults
from tests.access.table import endpoints

ENDPOINTS = {endpoint: rows for endpoint, rows in endpoints().items() if endpoint.startswith("GET")}
EVERYWHERE = [("sqlite", endpoint) for endpoint in ENDPOINTS] + [
    ("postgresql", endpoint) for endpoint in list(ENDPOINTS)[::4]
]


@pytest.mark.parametrize(("rig", "endpoint"), EVERYWHERE, indirect=["rig"], scope="module")
def test_everybody_is_shown_what_the_table_says(scene: Scene, endpoint: str) -> None:
    assert faults(scene, ENDPOINTS[endpoint]) == []
