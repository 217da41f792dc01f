"""Row locks, always in this order: calendars by ascending id → person → payer accounts → audit head."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import Select

from app.infra.db import Versioned
from app.kernel.errors import Stale

S = TypeVar("S", bound=Select[Any])


def locked(statement: S) -> S:
    """FOR NO KEY UPDATE: plain FOR UPDATE would block inserts that only refer to the row.

    SQLite ignores it; there the write transaction itself is exclusive.
    """
    return statement.with_for_update(key_share=True).execution_options(populate_existing=True)


def require_version(row: Versioned, seen: int | None) -> None:
    """Refuse a change that was made while looking at an older version; None means the endpoint did not ask."""
    if seen is not None and seen != row.version:
        raise Stale(row.version)
