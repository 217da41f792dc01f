"""Days and times as spreadsheets and other systems write them, read without guessing.

A day: 2019-05-06, 2019/5/6, 20190506, the same with Chinese signs, or the number that Excel keeps for it. A time is a
day with a clock: 2019/10/1 8:05, 20191001 0805, or an Excel number with a fraction.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from app.kernel.text import fold

_MONTH = r"(?P<year>\d{4})[-/.\s\u5e74]{1,3}(?P<month>\d{1,2})"
_DAY = _MONTH + r"[-/.\s\u6708]{1,3}(?P<day>\d{1,2})\u65e5?"
_DAY_TOGETHER = r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}(?:\.\d+)?))?"
_CLOCK_TOGETHER = r"(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?"
_OFFSET = r"\s*(?P<offset>z|[+-]\d{2}:?\d{2})?"

_DAYS = tuple(re.compile(p, re.ASCII) for p in (_DAY, _DAY_TOGETHER, _MONTH + r"[-/.\s\u6708]?"))
_TIMES = tuple(
    re.compile(day + between + clock + _OFFSET, re.ASCII)
    for day, between in ((_DAY, r"(?:(?<=\u65e5)\s*|[\st]+)"), (_DAY_TOGETHER, r"[\st]+"))
    for clock in (_CLOCK, _CLOCK_TOGETHER)
)

# Five digits are 1927 to 2173. Fewer are taken for a year or a typing mistake, 60 among them: Excel's 29 February 1900
# never was.
_SERIAL = re.compile(r"\d{5}(\.\d+)?", re.ASCII)
_SERIAL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001  on the clock of the file, whichever that is
_SECONDS = 86_400


def read_written_day(text: str) -> date:
    """The day that a cell names, also by a time on it; a month alone means its first day. ValueError otherwise."""
    folded = fold(text)
    if _SERIAL.fullmatch(folded):
        return _of_serial(folded).date()
    for pattern in (*_DAYS, *_TIMES):
        if match := pattern.fullmatch(folded):
            return date(int(match["year"]), int(match["month"]), int(match.groupdict().get("day", 1)))
    raise ValueError("not a day")


def as_iso(text: str) -> str:
    """A time in one of these spellings as ISO 8601, with an offset only where one is written; other text as it is."""
    folded = fold(text)
    if _SERIAL.fullmatch(folded) and "." in folded:
        return _of_serial(folded).isoformat(sep=" ")
    match = next((m for pattern in _TIMES if (m := pattern.fullmatch(folded))), None)
    if match is None:
        return text
    year, month, day, hour, minute, second, offset = match.group(
        "year", "month", "day", "hour", "minute", "second", "offset"
    )
    return f"{year}-{month:0>2}-{day:0>2} {hour:0>2}:{minute}:{second or '00'}{(offset or '').upper()}"


def _of_serial(text: str) -> datetime:
    """Days since the end of 1899, whose fraction is the clock; a float keeps whole seconds only nearly."""
    seconds = (Decimal(text) * _SECONDS).quantize(Decimal(1), ROUND_HALF_UP)
    return _SERIAL_ZERO + timedelta(seconds=int(seconds))
