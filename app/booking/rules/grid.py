"""The grid on which bookings start and end, counted from midnight on Shanghai clocks."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from app.kernel.civil import at, local

DAY_MINUTES = 24 * 60


def floor(instant: datetime, minutes: int) -> datetime:
    """The last grid line at or before `instant`."""
    midnight = at(local(instant).date(), time())
    passed = (instant - midnight) // timedelta(minutes=minutes)
    return midnight + passed * timedelta(minutes=minutes)


def ceiling(instant: datetime, minutes: int) -> datetime:
    """The first grid line at or after `instant`; midnight is always a line."""
    below = floor(instant, minutes)
    return below if below == instant else below + timedelta(minutes=minutes)


def on_grid(instant: datetime, minutes: int) -> bool:
    return floor(instant, minutes) == instant
