"""When several instruments are next free: what the find page asks, in two statements however many they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.booking.models import Occupation
from app.booking.queries.calendars import place_request_of, places_held
from app.booking.queries.openings import openings_of
from app.booking.rules.opening import Opening
from app.booking.rules.slots import SlotRequest, next_free
from app.catalogue.models import Instrument, InstrumentState
from app.infra.db import session
from app.kernel.period import Period

SOON = timedelta(days=14)
ORDINARY = 60  # minutes offered where nobody said how long


@dataclass(frozen=True, slots=True)
class Search:
    """How long (None: the instrument's ordinary length), between when and when, and how many slots of each."""

    within: Period
    count: int
    minutes: int | None = None


def next_days(now: datetime, count: int) -> Search:
    """The next slots of ordinary length: what a page offers before anybody has asked for days."""
    return Search(Period(now, now + SOON), count)


def next_slots(instruments: Iterable[Instrument], search: Search, *, now: datetime) -> dict[int, tuple[Period, ...]]:
    """Instrument id → its next free slots that its own rules allow; empty where there are none."""
    open_ones = [row for row in instruments if row.state is InstrumentState.LISTED]
    if not open_ones:
        return {}
    openings, busy = openings_of(open_ones, search.within), _busy(open_ones, search.within)
    return {
        row.id: _free(row, search, opening=openings[row.id], busy=busy[row.calendar_id], now=now) for row in open_ones
    }


def _free(
    row: Instrument, search: Search, *, opening: Opening, busy: Sequence[Occupation], now: datetime
) -> tuple[Period, ...]:
    first = max(search.within.start, now + timedelta(minutes=row.lead_minutes))
    last = min(search.within.end, now + timedelta(days=row.horizon_days))
    minutes = search.minutes or max(row.min_minutes, min(ORDINARY, row.max_minutes))
    if first >= last or not _fits(row, minutes):
        return ()
    wanted_request = SlotRequest(minutes, row.grid_minutes, row.buffer_before_minutes, row.buffer_after_minutes)
    full = place_request_of(row).full(places_held(busy))
    return next_free(wanted_request, search.count, within=Period(first, last), opening=opening, busy=full)


def _fits(row: Instrument, minutes: int) -> bool:
    return row.min_minutes <= minutes <= row.max_minutes and minutes % row.grid_minutes == 0


def _busy(rows: Sequence[Instrument], within: Period) -> Mapping[int, list[Occupation]]:
    """Calendar id → what lies on it."""
    held: dict[int, list[Occupation]] = defaultdict(list)
    found = session.scalars(
        select(Occupation)
        .where(
            Occupation.calendar_id.in_({row.calendar_id for row in rows}),
            Occupation.active,
            Occupation.starts_at < within.end,
            Occupation.ends_at > within.start,
        )
        .order_by(Occupation.starts_at, Occupation.id)
    )
    for occupation in found:
        held[occupation.calendar_id].append(occupation)
    return held
