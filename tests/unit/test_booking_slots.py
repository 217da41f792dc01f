"""Free slots: on the grid, in open time, clear of what is busy and of buffers."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.booking.rules.grid import on_grid
from app.booking.rules.opening import ALWAYS_OPEN, Opening, Span, is_open
from app.booking.rules.slots import SlotRequest, free_slots, next_free
from app.kernel.period import Period
from tests.unit.times import MONDAY, hours

OFFICE = Opening(((Span(8 * 60, 12 * 60), Span(14 * 60, 18 * 60)),) * 5 + ((),) * 2)


def test_the_next_slots_skip_lunch_and_what_is_busy() -> None:
    found = next_free(SlotRequest(120, 30), 4, within=hours(8.25, 48), opening=OFFICE, busy=[hours(9, 9.5)])
    assert found == (hours(9.5, 11.5), hours(14, 16), hours(16, 18), hours(32, 34))


def test_buffers_keep_their_distance_on_both_sides() -> None:
    wish = SlotRequest(60, 30, buffer_before_minutes=30, buffer_after_minutes=60)
    found = list(free_slots(wish, within=hours(0, 6), opening=ALWAYS_OPEN, busy=[hours(2, 3)]))
    assert found == [hours(0, 1), hours(3.5, 4.5), hours(4.5, 5.5)]


def test_without_buffers_a_slot_fits_exactly_between_two_others() -> None:
    busy = [hours(8, 9), hours(10, 12)]
    assert next_free(SlotRequest(60, 30), 1, within=hours(8, 14), opening=ALWAYS_OPEN, busy=busy) == (hours(9, 10),)


def test_nothing_fits() -> None:
    assert next_free(SlotRequest(300, 30), 3, within=hours(8, 24), opening=OFFICE, busy=[]) == ()


periods = st.builds(lambda s, n: hours(s / 4, (s + n) / 4), st.integers(0, 180), st.integers(1, 20))


@given(st.lists(periods, max_size=8), st.sampled_from([15, 30, 60]), st.integers(1, 300), st.integers(0, 45))
def test_every_slot_offered_could_be_booked(busy: list[Period], grid: int, minutes: int, buffer: int) -> None:
    wish = SlotRequest(minutes, grid, buffer, buffer)
    within = hours(0, 48)
    margin = timedelta(minutes=buffer)
    for slot in free_slots(wish, within=within, opening=OFFICE, busy=busy):
        assert slot.seconds == minutes * 60
        assert on_grid(slot.start, grid)
        assert within.covers(slot)
        assert is_open(OFFICE, slot)
        assert not any(slot.widened(margin, margin).overlaps(b) for b in busy)


@given(st.integers(0, 96 * 60), st.sampled_from([15, 30, 60]))
def test_no_free_slot_is_missed(start: int, grid: int) -> None:
    """With nothing busy, the first slot is the first grid line from which the length is open."""
    begin = MONDAY + timedelta(minutes=start)
    found = next_free(
        SlotRequest(grid, grid), 1, within=Period(begin, begin + timedelta(days=7)), opening=OFFICE, busy=[]
    )
    lines = (MONDAY + timedelta(minutes=n) for n in range(-(-start // grid) * grid, 14 * 1440, grid))
    first = next(line for line in lines if is_open(OFFICE, Period(line, line + timedelta(minutes=grid))))
    assert found[0].start == first
