"""The access matrix, unsafe methods: everybody tries to change everything, and the world is put back each time."""

from __future__ import annotations

import pytest

from tests.access.conftest import Scene
from tests.access.faults import faults
from tests.access.table import endpoints

ENDPOINTS = {endpoint: rows for endpoint, rows in endpoints().items() if not endpoint.startswith("GET")}
SAMPLE = ("POST /api/v1/bookings", "POST /bookings/<uuid:booking>/confirm")
EVERYWHERE = [("sqlite", endpoint) for endpoint in ENDPOINTS] + [("postgresql", endpoint) for endpoint in SAMPLE]


@pytest.mark.parametrize(("rig", "endpoint"), EVERYWHERE, indirect=["rig"], scope="module")
def test_everybody_may_do_what_the_table_says(scene: Scene, endpoint: str) -> None:
    assert faults(scene, ENDPOINTS[endpoint]) == []
