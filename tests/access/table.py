"""The reviewed answers of every endpoint to everybody, read from table.txt; nothing here asks the policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from tests.access.world import ROLES

FILE = Path(__file__).with_name("table.txt")


@dataclass(frozen=True)
class Row:
    """What each role is answered at one endpoint about one object."""

    method: str
    rule: str
    label: str
    signs: dict[str, str]

    @property
    def endpoint(self) -> str:
        return f"{self.method} {self.rule}"


def read() -> list[Row]:
    return list(_rows(FILE.read_text(encoding="utf-8")))


def _rows(text: str) -> Iterator[Row]:
    for line in text.splitlines():
        if line and not line.startswith("#"):
            method, rule, label, *signs = line.split()
            yield Row(method, rule, label, dict(zip(ROLES, signs, strict=True)))


def endpoints() -> dict[str, list[Row]]:
    return {endpoint: list(rows) for endpoint, rows in groupby(read(), lambda row: row.endpoint)}
