"""The reviewed answers of every door to everybody, read from table.txt; nothing here asks the policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from tests.access.world import ROLES

FILE = Path(__file__).with_name("table.txt")


@dataclass(frozen=True)
class Row:
    """What each role is answered at one door about one object."""

    method: str
    rule: str
    label: str
    signs: dict[str, str]

    @property
    def door(self) -> str:
        return f"{self.method} {self.rule}"


def read() -> list[Row]:
    return list(_rows(FILE.read_text(encoding="utf-8")))


def _rows(text: str) -> Iterator[Row]:
    for line in text.splitlines():
        if line and not line.startswith("#"):
            method, rule, label, *signs = line.split()
            yield Row(method, rule, label, dict(zip(ROLES, signs, strict=True)))


def doors() -> dict[str, list[Row]]:
    return {door: list(rows) for door, rows in groupby(read(), lambda row: row.door)}
