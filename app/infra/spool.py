"""Rows by key that are too many for memory: kept in a temporary file that ends with the process."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any


class Spool:
    """Lists of plain values by text keys; the same key again replaces what was there."""

    def __init__(self) -> None:
        # The empty name is a file of SQLite's own, deleted on closing; one thread may read what another wrote.
        self._file = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._file.execute("CREATE TABLE spool (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
        self._file.execute("BEGIN")

    def put(self, key: str, value: Sequence[Any]) -> None:
        self._file.execute("INSERT OR REPLACE INTO spool VALUES (?, ?)", (key, json.dumps(value)))

    def get(self, keys: Iterable[str]) -> dict[str, list[Any]]:
        """Those of the keys that are there."""
        rows = (self._file.execute("SELECT key, value FROM spool WHERE key = ?", (key,)).fetchone() for key in keys)
        return {row[0]: json.loads(row[1]) for row in rows if row is not None}

    def __iter__(self) -> Iterator[tuple[str, list[Any]]]:
        """In order of key."""
        for key, value in self._file.execute("SELECT key, value FROM spool ORDER BY key"):
            yield key, json.loads(value)
