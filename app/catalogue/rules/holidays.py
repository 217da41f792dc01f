"""Public holidays and make-up working days (调休) as the State Council's yearly notice names them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.catalogue.rules.dates import read_written_day
from app.kernel.civil import EARLIEST, LATEST
from app.kernel.errors import Refusal, refuse_all
from app.kernel.text import fold

LONGEST_NAME = 40
_BETWEEN = re.compile(r"\s*[,;\t\uff0c\uff1b]\s*")


class HolidayKind(StrEnum):
    OFF = "off"
    WORK = "work"
    """A weekend day that is worked in exchange."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What the notice says of one day: off, or a weekend day that is worked."""

    day: date
    name: str
    off: bool


def new_year(of: int) -> date:
    """The day that every notice names: where it stands, the year has been announced."""
    return date(of, 1, 1)


def read_notice(text: str, kinds: Mapping[str, HolidayKind]) -> list[Notice]:
    """Lines of day, name and kind, as in `2027-01-01, New Year, off`, under a header or not.

    Raises Refused with every line that cannot be read, and for a day that stands twice.
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if lines and not any(c.isdigit() for c in lines[0][1]):
        del lines[0]
    found: dict[date, Notice] = {}
    refuse_all(list(_read(lines, kinds, found)) or ([] if found else [Refusal("notice-empty", {}, "lines")]))
    return list(found.values())


def _read(
    lines: list[tuple[int, str]], kinds: Mapping[str, HolidayKind], found: dict[date, Notice]
) -> Iterator[Refusal]:
    """Fill `found`, and yield what is wrong line by line."""
    for number, line in lines:
        try:
            notice = _notice(line, kinds)
        except (ValueError, KeyError):
            yield Refusal("notice-line-unreadable", {"line": number, "text": line[:80]}, "lines")
            continue
        if notice.day in found:
            yield Refusal("notice-day-twice", {"line": number, "day": notice.day}, "lines")
        found[notice.day] = notice


def _notice(line: str, kinds: Mapping[str, HolidayKind]) -> Notice:
    written, name, kind = _BETWEEN.split(line)
    day = read_written_day(written)
    if not EARLIEST.date() <= day < LATEST.date() or not 0 < len(name) <= LONGEST_NAME:
        raise ValueError("a day lies between 1990 and 2100 and has a name")
    return Notice(day, name, kinds[fold(kind)] is HolidayKind.OFF)
