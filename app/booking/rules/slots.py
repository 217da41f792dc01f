"""Free slots of a wished length: what a page offers when time is taken or dates come first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from app.booking.rules.grid import ceiling
from app.booking.rules.opening import Opening, open_periods
from app.kernel.period import Period


@dataclass(frozen=True, slots=True)
class SlotRequest:
    """A length in minutes, where it may start, and what must stay free around it."""

    minutes: int
    grid_minutes: int
    buffer_before_minutes: int = 0
    buffer_after_minutes: int = 0


def free_slots(
    wanted_request: SlotRequest, *, within: Period, opening: Opening, busy: Iterable[Period]
) -> Iterator[Period]:
    """Disjoint slots in order that lie in open time and, with their buffers, touch nothing busy."""
    length = timedelta(minutes=wanted_request.minutes)
    before, after = (
        timedelta(minutes=wanted_request.buffer_before_minutes),
        timedelta(minutes=wanted_request.buffer_after_minutes),
    )
    # Slot plus buffers is free of a busy period exactly when the slot is free of it widened the other way round.
    taken = [b.widened(after, before) for b in busy]
    for opened in open_periods(opening, within):
        for gap in opened.minus(taken):
            start = ceiling(gap.start, wanted_request.grid_minutes)
            while start + length <= gap.end:
                yield Period(start, start + length)
                start = ceiling(start + length, wanted_request.grid_minutes)


def next_free(
    wanted_request: SlotRequest, count: int, *, within: Period, opening: Opening, busy: Iterable[Period]
) -> tuple[Period, ...]:
    return tuple(islice(free_slots(wanted_request, within=within, opening=opening, busy=busy), count))
