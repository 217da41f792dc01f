"""What time it is, asked of one place that tests and the demo can set."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import current_app


def system_clock() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def now() -> datetime:
    """The present instant in UTC, whole seconds. Services never call this: endpoints pass `now` in."""
    instant: datetime = current_app.extensions["clock"]()
    return instant
