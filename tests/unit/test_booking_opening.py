"""Opening hours: weekdays, midnight, exceptions, holidays and make-up working days."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.booking.rules.opening import (
    ALWAYS_OPEN,
    WHOLE_DAY,
    DatedHours,
    DayKind,
    Opening,
    Span,
    hours_text,
    is_open,
    open_periods,
    parse_hours,
)
from app.kernel.period import Period
from tests.unit.times import MONDAY, span

OFFICE = (Span(8 * 60, 12 * 60), Span(14 * 60, 18 * 60))
NIGHT = (Span(22 * 60, 30 * 60),)
WEEKDAYS = (OFFICE,) * 5 + ((),) * 2
NOTICES = {date(2026, 2, 28): DayKind.WORK, date(2026, 4, 6): DayKind.OFF}


@pytest.mark.parametrize(
    ("opening", "start", "end", "opened"),
    [
        (Opening(WEEKDAYS), "2026-03-02 08:00", "2026-03-02 12:00", True),
        (Opening(WEEKDAYS), "2026-03-02 07:59", "2026-03-02 12:00", False),
        (Opening(WEEKDAYS), "2026-03-02 11:00", "2026-03-02 15:00", False),
        (Opening(WEEKDAYS), "2026-03-07 09:00", "2026-03-07 10:00", False),
        (Opening((NIGHT,) * 7), "2026-03-02 23:00", "2026-03-03 06:00", True),
        (Opening((NIGHT,) * 7), "2026-03-02 23:00", "2026-03-03 06:01", False),
        (Opening((NIGHT, *((),) * 6)), "2026-03-03 00:00", "2026-03-03 05:00", True),
        (ALWAYS_OPEN, "2025-12-31 20:00", "2026-01-03 04:00", True),
        (Opening(WEEKDAYS, notices=NOTICES), "2026-02-28 09:00", "2026-02-28 10:00", True),
        (Opening(WEEKDAYS, notices=NOTICES), "2026-04-06 09:00", "2026-04-06 10:00", False),
        (Opening(WEEKDAYS, notices=NOTICES, on_holiday=OFFICE), "2026-04-06 09:00", "2026-04-06 10:00", True),
        (Opening(WEEKDAYS, notices=NOTICES, on_makeup_day=()), "2026-02-28 09:00", "2026-02-28 10:00", False),
    ],
)
def test_open_or_not(opening: Opening, start: str, end: str, opened: bool) -> None:
    assert is_open(opening, span(start, end)) is opened


def test_an_exception_rules_its_whole_day_and_beats_a_notice() -> None:
    power_cut = DatedHours(date(2026, 3, 3), date(2026, 3, 3))
    opening = Opening((NIGHT,) * 7, (power_cut,), {date(2026, 3, 3): DayKind.WORK})
    week = span("2026-03-02 12:00", "2026-03-05 12:00")
    assert open_periods(opening, week) == [
        span("2026-03-02 22:00", "2026-03-03 00:00"),
        span("2026-03-04 22:00", "2026-03-05 06:00"),
    ]


def test_a_whole_day_is_exactly_one_civil_day() -> None:
    opening = Opening((WHOLE_DAY, *((),) * 6))
    monday = [span("2026-03-02 00:00", "2026-03-03 00:00")]
    assert open_periods(opening, span("2026-02-28 00:00", "2026-03-06 00:00")) == monday
    assert parse_hours("00:00-24:00") == (Span(0, 1440),)


def test_a_make_up_day_takes_the_hours_of_monday() -> None:
    opening = Opening((OFFICE, *(NIGHT,) * 6), notices=NOTICES)
    assert open_periods(opening, span("2026-02-28 08:00", "2026-02-28 18:00")) == [
        span("2026-02-28 08:00", "2026-02-28 12:00"),
        span("2026-02-28 14:00", "2026-02-28 18:00"),
    ]


def test_the_last_exception_that_names_a_day_wins() -> None:
    vacation = DatedHours(date(2026, 7, 13), date(2026, 8, 21))
    staffed = DatedHours(date(2026, 7, 20), date(2026, 7, 20), (Span(600, 720),))
    opening = Opening(WEEKDAYS, (vacation, staffed))
    assert open_periods(opening, span("2026-07-13 00:00", "2026-08-22 00:00")) == [
        span("2026-07-20 10:00", "2026-07-20 12:00")
    ]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", ()),
        ("00:00-24:00", WHOLE_DAY),
        ("08:00-12:00, 14:00-18:00", OFFICE),
        ("8:15-12:45", (Span(495, 765),)),
        ("08:00-12:00, 12:00-13:59", (Span(480, 720), Span(720, 839))),
        ("23:59-24:00", (Span(1439, 1440),)),
        ("00:00-00:00", WHOLE_DAY),
        ("09:30-09:30", (Span(570, 2010),)),
        ("14:00 \u2013 18:00\u300108:00\uff5e12:00", OFFICE),
        ("22:00-06:00", NIGHT),
        ("08:00\uff0d12:00\uff1b 14:00 - 18:00", OFFICE),
    ],
)
def test_hours_are_read(text: str, read: tuple[Span, ...]) -> None:
    assert parse_hours(text) == read
    assert parse_hours(hours_text(read)) == read


@pytest.mark.parametrize(
    "text",
    [
        "8",
        "08:00-12:60",
        "08:60-12:00",
        "24:00-25:00",
        "24:00-24:00",
        "08:00-24:01",
        "08:00-25:00",
        "08:00-12:00 11:00-13:00",
        "closed",
    ],
)
def test_unreadable_hours_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"hours|overlap"):
        parse_hours(text)


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (1440, 1500), (60, 60), (60, 1501)])
def test_impossible_spans(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="a span"):
        Span(start, end)


spans = st.builds(lambda s, n: Span(s, s + n), st.integers(0, 1439), st.integers(1, 1440))
openings = st.builds(
    Opening,
    weekly=st.tuples(*[st.lists(spans, max_size=2).map(tuple)] * 7),
    notices=st.dictionaries(st.dates(date(2026, 3, 1), date(2026, 3, 9)), st.sampled_from(DayKind)),
)
minutes = st.integers(0, 7 * 1440)


@given(openings, minutes, st.integers(1, 3000))
def test_open_periods_lie_inside_apart_and_agree_with_is_open(opening: Opening, start: int, length: int) -> None:
    within = Period(MONDAY + timedelta(minutes=start), MONDAY + timedelta(minutes=start + length))
    found = open_periods(opening, within)
    assert all(within.covers(p) and is_open(opening, p) for p in found)
    assert all(a.end < b.start for a, b in pairwise(found))
    assert not any(is_open(opening, gap) for gap in within.minus(found))
