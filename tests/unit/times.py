"""Short ways to write Shanghai times in tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.kernel.civil import parse_instant
from app.kernel.period import Period

MONDAY = datetime(2026, 3, 1, 16, tzinfo=UTC)
"""Midnight of Monday 2026-03-02 on Shanghai clocks."""


def t(text: str) -> datetime:
    return parse_instant(text, assume_shanghai=True)


def span(start: str, end: str) -> Period:
    return Period(t(start), t(end))


def hours(start: float, end: float) -> Period:
    """Hours after the midnight in MONDAY."""
    return Period(MONDAY + timedelta(hours=start), MONDAY + timedelta(hours=end))
