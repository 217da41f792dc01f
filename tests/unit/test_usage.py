"""Use beside booking: the start window, no-show, minutes and flags."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.booking.rules.refusals import BookingRules, missed_at
from app.kernel.period import Period
from app.usage.rules import Basis, Use, missed_minutes, refusal_to_start, refusal_to_stop
from tests.unit.times import MONDAY, hours, span, t

BOOKED = span("2026-03-02 10:00", "2026-03-02 12:00")
RULES = BookingRules(early_start_minutes=15, late_start_minutes=30)


@pytest.mark.parametrize(
    ("now", "code", "no_show"),
    [
        ("09:44:59", "too-early-to-start", False),
        ("09:45:00", None, False),
        ("10:29:59", None, False),
        ("10:30:00", "too-late-to-start", True),
    ],
)
def test_the_start_window_and_the_no_show_meet_without_a_gap(now: str, code: str | None, no_show: bool) -> None:
    at = t(f"2026-03-02 {now}")
    refusal = refusal_to_start(BOOKED, RULES, now=at)
    assert (refusal.code if refusal else None) == code
    assert (missed_at(BOOKED.start, RULES.late_start_minutes) <= at) is no_show


def test_there_is_always_a_minute_to_start_in() -> None:
    exact = BookingRules(early_start_minutes=0, late_start_minutes=0)
    assert refusal_to_start(BOOKED, exact, now=BOOKED.start) is None
    assert missed_at(BOOKED.start, exact.late_start_minutes) == BOOKED.start + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("ended", "code"),
    [("10:00:00", "ends-before-start"), ("10:00:01", None), ("11:00:00", None), ("11:00:01", "in-the-future")],
)
def test_a_stop_lies_between_the_start_and_now(ended: str, code: str | None) -> None:
    refusal = refusal_to_stop(BOOKED.start, t(f"2026-03-02 {ended}"), now=t("2026-03-02 11:00"))
    assert (refusal.code if refusal else None) == code


@pytest.mark.parametrize(
    ("start", "end", "minutes", "flags"),
    [
        ("10:00:00", "12:00:00", (120, 120, 120, 0), []),
        ("10:00:30", "11:59:00", (118, 119, 120, 0), []),
        ("10:20:00", "12:30:01", (130, 131, 131, 31), ["late", "overtime"]),
        ("10:05:00", "12:05:00", (120, 120, 120, 5), []),
        ("10:00:00", "11:55:00", (115, 115, 120, 0), []),
        ("09:50:00", "11:00:00", (70, 70, 120, 0), ["left-early"]),
        ("12:10:00", "12:20:00", (10, 10, 120, 10), ["late", "overtime"]),
    ],
)
def test_minutes(start: str, end: str, minutes: tuple[int, int, int, int], flags: list[str]) -> None:
    """Effective, billed by use, billed at least as booked, overtime."""
    use = Use(BOOKED, span(f"2026-03-02 {start}", f"2026-03-02 {end}"))
    billed = (use.billed_minutes(Basis.USED), use.billed_minutes(Basis.BOOKED_OR_LONGER))
    assert (use.effective_minutes, *billed, use.overtime_minutes) == minutes
    assert list(use.flags(timedelta(minutes=5))) == flags


def test_idle_running_is_not_effective() -> None:
    assert Use(BOOKED, BOOKED, idle_minutes=50).effective_minutes == 70
    assert Use(BOOKED, BOOKED, idle_minutes=500).effective_minutes == 0


def test_a_no_show_is_billed_as_booked() -> None:
    assert missed_minutes(BOOKED) == 120


@given(st.integers(0, 86400), st.integers(1, 86400))
def test_effective_time_is_never_more_than_billed_time(offset: int, seconds: int) -> None:
    start = MONDAY + timedelta(seconds=offset)
    use = Use(hours(1, 3), Period(start, start + timedelta(seconds=seconds)))
    assert use.effective_minutes <= use.billed_minutes(Basis.USED) <= use.billed_minutes(Basis.BOOKED_OR_LONGER)
    assert use.billed_minutes(Basis.USED) - use.effective_minutes <= 1
