"""One table for the whole run, printed when everything has been measured."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.bench.table import Table


@pytest.fixture(scope="session")
def table() -> Iterator[Table]:
    table = Table()
    yield table
    print(f"\n\n{table}")
