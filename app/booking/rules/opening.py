"""When an instrument is open: weekly hours, dated exceptions, public holidays and make-up working days (调休)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from app.booking.rules.grid import DAY_MINUTES
from app.kernel.civil import at, day, days_of
from app.kernel.period import Period, union

_SPAN = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})", re.ASCII)
_DASH = re.compile(r"\s*[-~\u2013\u2014]\s*")
_BETWEEN = re.compile(r"[\s,;\u3001]+")


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """Minutes of a Shanghai day, `[start, end)`; an end beyond 1440 lies on the next day."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < DAY_MINUTES:
            raise ValueError("a span starts within its day")
        if not self.start < self.end <= self.start + DAY_MINUTES:
            raise ValueError("a span lasts more than nothing and at most 24 hours")


WHOLE_DAY = (Span(0, DAY_MINUTES),)
Hours = tuple[Span, ...]


class DayKind(StrEnum):
    """What a public notice says of a day; days no notice names follow their weekday."""

    OFF = "off"
    WORK = "work"


@dataclass(frozen=True, slots=True)
class DatedHours:
    """Other hours from `first` to `last`, both included; no hours at all means closed."""

    first: date
    last: date
    hours: Hours = ()

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("an exception ends on or after its first day")

    def rules_on(self, of: date) -> bool:
        return self.first <= of <= self.last


@dataclass(frozen=True, slots=True)
class Opening:
    """Opening hours of one instrument.

    Strongest first: the last exception that names the day, then the public notices, then the
    weekday. A make-up working day takes Monday's hours unless `on_makeup_day` says otherwise.
    """

    weekly: tuple[Hours, ...] = (WHOLE_DAY,) * 7
    exceptions: tuple[DatedHours, ...] = ()
    notices: Mapping[date, DayKind] = field(default_factory=dict)
    on_holiday: Hours = ()
    on_makeup_day: Hours | None = None

    def __post_init__(self) -> None:
        if len(self.weekly) != 7:
            raise ValueError("a week has seven days, Monday first")


ALWAYS_OPEN = Opening()


def exception_on(opening: Opening, of: date) -> DatedHours | None:
    named = [e for e in opening.exceptions if e.rules_on(of)]
    return named[-1] if named else None


def hours_on(opening: Opening, of: date) -> Hours:
    """The spans that begin on one civil day."""
    if exception := exception_on(opening, of):
        return exception.hours
    match opening.notices.get(of):
        case DayKind.OFF:
            return opening.on_holiday
        case DayKind.WORK:
            return opening.weekly[0] if opening.on_makeup_day is None else opening.on_makeup_day
    return opening.weekly[of.weekday()]


def _begun_on(opening: Opening, of: date) -> Iterator[Period]:
    midnight = at(of)
    # An exception rules its whole civil day: what would run in over midnight stops there.
    cut = exception_on(opening, of + timedelta(days=1)) is not None
    for span in hours_on(opening, of):
        end = min(span.end, DAY_MINUTES) if cut else span.end
        yield Period(midnight + timedelta(minutes=span.start), midnight + timedelta(minutes=end))


def open_periods(opening: Opening, within: Period) -> list[Period]:
    """The open time inside `within`, disjoint and in order; midnight does not divide it."""
    reach = within.widened(day(days_of(within)[0]).length, timedelta())
    spans = [p for of in days_of(reach) for p in _begun_on(opening, of) if p.overlaps(within)]
    return union(Period(max(p.start, within.start), min(p.end, within.end)) for p in spans)


def is_open(opening: Opening, wanted: Period) -> bool:
    return open_periods(opening, wanted) == [wanted]


def parse_hours(text: str) -> Hours:
    """Read `08:00-12:00, 14:00-18:00`; an end at or before its start lies on the next day.

    `00:00-24:00` is the whole day, empty text is closed. Anything else, or spans that overlap,
    raises ValueError.
    """
    joined = _DASH.sub("-", unicodedata.normalize("NFKC", text))
    spans = sorted(_span(part) for part in _BETWEEN.split(joined) if part)
    if any(earlier.end > later.start for earlier, later in pairwise(spans)):
        raise ValueError("the hours of a day do not overlap")
    return tuple(spans)


def _span(text: str) -> Span:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise ValueError("hours are written like 08:00-12:00, 14:00-18:00")
    from_hour, from_minute, to_hour, to_minute = (int(g) for g in match.groups())
    start, end = from_hour * 60 + from_minute, to_hour * 60 + to_minute
    if max(from_minute, to_minute) > 59 or start >= DAY_MINUTES or end > DAY_MINUTES:
        raise ValueError("a day has 24 hours of 60 minutes")
    return Span(start, end if end > start else end + DAY_MINUTES)


def hours_text(hours: Hours) -> str:
    """The text that `parse_hours` reads back."""
    return ", ".join(f"{_clock(s.start)}-{_clock(s.end)}" for s in hours)


def _clock(minute: int) -> str:
    shown = minute if minute <= DAY_MINUTES else minute - DAY_MINUTES
    return f"{shown // 60:02d}:{shown % 60:02d}"
