"""Periods, civil days of Shanghai, and the one parser of instants."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import civil
from app.kernel.civil import at, civil_day, civil_year, days_of, iso, local, parse_instant
from app.kernel.period import Period, union
from tests.unit.times import MONDAY, hours, span


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-02T10:00:00+08:00", datetime(2026, 3, 2, 2, tzinfo=UTC)),
        ("2026-03-02T10:00:00+0800", datetime(2026, 3, 2, 2, tzinfo=UTC)),
        ("2026-03-02 02:00Z", datetime(2026, 3, 2, 2, tzinfo=UTC)),
        (" 2026-03-01T21:00:00-05:00 ", datetime(2026, 3, 2, 2, tzinfo=UTC)),
        ("1990-01-01T00:00:00Z", datetime(1990, 1, 1, tzinfo=UTC)),
        ("2099-12-31T23:59:59Z", datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_instants(text: str, instant: datetime) -> None:
    assert parse_instant(text) == instant
    assert parse_instant(iso(instant)) == instant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "2026-03-02",
        "2026-03-02T10:00:00",
        "2026-03-02T23:59:60Z",
        "2026-03-02T24:00:00Z",
        "2026-02-30T10:00:00Z",
        "2026-13-01T10:00:00Z",
        "2026-03-02T10:00:00.5Z",
        "2026-03-02T10:00:00+99:00",
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+08:00",
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-08:00",
        "1989-12-31T23:59:59Z",
        "2100-01-01T00:00:00Z",
        "\uff12026-03-02T10:00:00Z",
        "2026-W10-1T10:00:00Z",
        "20260302T100000Z",
        "2026-03-02T10:00:00Z\x00",
    ],
)
def test_odd_instants_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"time|offset|day|month|hour|second|1990"):
        parse_instant(text)


def test_only_pages_mean_shanghai_without_saying_so() -> None:
    assert parse_instant("2026-03-02T10:00", assume_shanghai=True) == datetime(2026, 3, 2, 2, tzinfo=UTC)
    assert parse_instant("2026-03-02T10:00Z", assume_shanghai=True) == datetime(2026, 3, 2, 10, tzinfo=UTC)
    with pytest.raises(ValueError, match="1990"):
        parse_instant("0001-01-01 00:00", assume_shanghai=True)
    with pytest.raises(ValueError, match=r"time|offset|day|month|hour|second|1990"):
        parse_instant("2026-03-02 23:59:60", assume_shanghai=True)


@pytest.mark.parametrize(
    ("instant", "day", "year"),
    [
        (datetime(2025, 12, 31, 15, 59, 59, tzinfo=UTC), date(2025, 12, 31), 2025),
        (datetime(2025, 12, 31, 16, tzinfo=UTC), date(2026, 1, 1), 2026),
        (datetime(2025, 12, 31, 23, tzinfo=timezone(timedelta(hours=7))), date(2026, 1, 1), 2026),
    ],
)
def test_the_year_turns_on_shanghai_clocks(instant: datetime, day: date, year: int) -> None:
    assert (civil_day(instant), civil_year(instant)) == (day, year)


def test_years_and_days_as_periods() -> None:
    assert civil.year(2026) == Period(datetime(2025, 12, 31, 16, tzinfo=UTC), datetime(2026, 12, 31, 16, tzinfo=UTC))
    assert civil.day(date(2026, 3, 2)) == hours(0, 24)
    assert civil.days(date(2026, 3, 2), date(2026, 3, 3)) == hours(0, 48)
    assert days_of(span("2025-12-31 23:00", "2026-01-01 01:00")) == [date(2025, 12, 31), date(2026, 1, 1)]
    assert days_of(hours(0, 24)) == [date(2026, 3, 2)]


def test_naive_times_are_refused_everywhere() -> None:
    naive = datetime(2026, 3, 2)  # noqa: DTZ001 - that is the point
    for use in (local, civil_day, civil_year, iso, lambda n: Period(n, MONDAY), lambda n: Period(MONDAY, n)):
        with pytest.raises(ValueError, match="offset"):
            use(naive)


@pytest.mark.parametrize(("start", "end"), [(1, 1), (2, 1)])
def test_no_period_is_empty(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="ends after"):
        Period(MONDAY + timedelta(hours=start), MONDAY + timedelta(hours=end))


@pytest.mark.parametrize(
    ("other", "overlaps", "covers"),
    [
        (hours(9, 10), False, False),
        (hours(12, 13), False, False),
        (hours(9, 10 + 1 / 3600), True, False),
        (hours(12 - 1 / 3600, 13), True, False),
        (hours(10, 12), True, True),
        (hours(10.5, 11), True, True),
        (hours(9, 13), True, False),
    ],
)
def test_periods_are_half_open(other: Period, overlaps: bool, covers: bool) -> None:
    mine = hours(10, 12)
    assert mine.overlaps(other) is overlaps
    assert other.overlaps(mine) is overlaps
    assert mine.covers(other) is covers


def test_holding_widening_and_length() -> None:
    mine = hours(10, 12)
    assert mine.holds(mine.start)
    assert not mine.holds(mine.end)
    assert mine.widened(timedelta(hours=1), timedelta(hours=2)) == hours(9, 14)
    assert mine.seconds == 7200


periods = st.builds(lambda s, n: hours(s, s + n), st.integers(0, 40), st.integers(1, 10))


def seconds(found: list[Period]) -> int:
    return sum(p.seconds for p in found)


@given(periods, st.lists(periods, max_size=8))
def test_taking_away_leaves_exactly_the_rest(whole: Period, taken: list[Period]) -> None:
    left = whole.minus(taken)
    assert all(whole.covers(p) for p in left)
    assert not any(p.overlaps(t) for p in left for t in taken)
    inside = [Period(max(t.start, whole.start), min(t.end, whole.end)) for t in taken if t.overlaps(whole)]
    assert seconds(left) + seconds(union(inside)) == whole.seconds


@given(st.lists(periods, max_size=10))
def test_a_union_is_disjoint_ordered_and_the_same_time(found: list[Period]) -> None:
    joined = union(found)
    assert all(a.end < b.start for a, b in pairwise(joined))
    assert all(any(j.covers(p) for j in joined) for p in found)
    assert not any(j.minus(found) for j in joined)


@given(st.datetimes(datetime(1992, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - strategy bounds
def test_an_instant_lies_in_its_civil_day_and_year(instant: datetime) -> None:
    assert civil.day(civil_day(instant)).holds(instant)
    assert civil.year(civil_year(instant)).holds(instant)
    assert at(local(instant).date(), local(instant).time()) == instant
