"""When a job falls due, and what becomes of periods that passed while nobody worked."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from app.jobs.periods import Daily, Every, Missed, due, name, read

NOW = datetime(2026, 11, 18, 1, 7, 30, tzinfo=UTC)  # 09:07:30 in Shanghai
FIVE = Every(timedelta(minutes=5))
NIGHT = Daily(time(3, 30))


def names(when: Every | Daily, missed: Missed, last: datetime | None, now: datetime = NOW) -> list[str]:
    return [name(period) for period in due(when, missed, last=name(last) if last else None, now=now)]


def test_a_new_job_starts_with_its_newest_period() -> None:
    assert names(FIVE, Missed.EACH, None) == ["2026-11-18T01:05:00Z"]
    assert names(NIGHT, Missed.EACH, None) == ["2026-11-17T19:30:00Z"]


@pytest.mark.parametrize("when", [FIVE, NIGHT])
@pytest.mark.parametrize("missed", list(Missed))
def test_a_done_period_is_not_due_again(when: Every | Daily, missed: Missed) -> None:
    assert names(when, missed, when.newest(NOW)) == []
    assert names(when, missed, when.newest(NOW), now=NOW - timedelta(hours=3)) == []  # the clock went back


def test_two_days_of_downtime_are_caught_up_as_declared() -> None:
    last = NIGHT.newest(NOW - timedelta(hours=48))
    assert names(NIGHT, Missed.EACH, last) == ["2026-11-16T19:30:00Z", "2026-11-17T19:30:00Z"]
    assert names(NIGHT, Missed.LATEST, last) == ["2026-11-17T19:30:00Z"]
    every = names(FIVE, Missed.EACH, FIVE.newest(NOW - timedelta(hours=48)))
    assert (len(every), every[-1]) == (48 * 12, "2026-11-18T01:05:00Z")


def test_daily_falls_due_at_that_minute_of_the_shanghai_day() -> None:
    moment = datetime(2026, 11, 18, 19, 30, tzinfo=UTC)
    assert NIGHT.newest(moment) == moment
    assert NIGHT.newest(moment - timedelta(seconds=1)) == moment - timedelta(days=1)


def test_a_period_is_read_as_it_is_written() -> None:
    assert read(name(NIGHT.newest(NOW))) == NIGHT.newest(NOW)
