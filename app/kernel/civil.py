"""Civil time of the district: days, months and evaluation years are those of Asia/Shanghai.

No other module turns an instant into a date. Times are whole seconds between 1990 and 2100
(the range the database columns accept).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.kernel.period import Period, require_utc

SHANGHAI = ZoneInfo("Asia/Shanghai")
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)

_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?(\.\d+)?(Z|[+-]\d{2}:?\d{2})?", re.ASCII)


def storable(instant: datetime) -> bool:
    return EARLIEST <= instant < LATEST


def at(day: date, clock: time = time()) -> datetime:
    """The UTC instant at which Shanghai clocks show `clock` on `day`."""
    return datetime.combine(day, clock, SHANGHAI).astimezone(UTC)


def local(instant: datetime) -> datetime:
    """The same instant on Shanghai clocks."""
    return require_utc(instant).astimezone(SHANGHAI)


def civil_day(instant: datetime) -> date:
    return local(instant).date()


def civil_year(instant: datetime) -> int:
    return local(instant).year


def days(first: date, last: date) -> Period:
    """From the first moment of `first` to the last moment of `last`, both included."""
    return Period(at(first), at(last + timedelta(days=1)))


def day(of: date) -> Period:
    return days(of, of)


def year(of: int) -> Period:
    return days(date(of, 1, 1), date(of, 12, 31))


def days_of(period: Period) -> list[date]:
    """Every civil day that `period` touches, in order."""
    first = civil_day(period.start)
    last = civil_day(period.end - timedelta(microseconds=1))
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def parse_instant(text: str, *, assume_shanghai: bool = False) -> datetime:
    """Read ISO 8601 as a UTC instant: the one parser of the platform.

    A time without an offset is refused unless `assume_shanghai` says that the text stands on a
    page, where Shanghai clocks are meant. Leap seconds, fractions and instants outside
    1990–2100 are refused with ValueError: guessing would make two engines disagree.
    """
    text = text.strip()
    match = _INSTANT.fullmatch(text)
    if not match:
        raise ValueError("not an ISO 8601 time")
    if match[2]:
        raise ValueError("times are whole seconds")
    if match[3] is None and not assume_shanghai:
        raise ValueError("a time needs an offset")
    parsed = datetime.fromisoformat(text)
    if parsed.tzinfo is None:
        parsed = parsed.replace(tzinfo=SHANGHAI)
    try:
        instant = parsed.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("a time lies between 1990 and 2100") from error
    if not storable(instant):
        raise ValueError("a time lies between 1990 and 2100")
    return instant


def parse_day(text: str, *, since: date = date(1990, 1, 1)) -> date:
    """Read an ISO 8601 day between `since` and 2100; ValueError for anything else."""
    parsed = date.fromisoformat(text)
    if not since <= parsed < LATEST.date():
        raise ValueError(f"a day lies between {since} and 2100")
    return parsed


def iso(instant: datetime) -> str:
    """Canonical text of an instant, for digests, audit and the API: UTC, whole seconds, `Z`."""
    return f"{require_utc(instant).isoformat(timespec='seconds')[:19]}Z"
