"""Dates first: which instruments are really free for so long in those days, and when each is free next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.booking import queries as booking
from app.infra.db import session
from app.kernel import civil
from app.kernel.period import Period
from app.web import formats
from app.web.current import now
from app.web.listing import PER_PAGE, Listing, Page

LENGTHS = (30, 60, 120, 180, 240, 480)  # minutes
REACHES = (1, 3, 7, 14)  # days
MOST = 400  # instruments looked at; beyond it the search has to be narrowed
SLOTS_OF_EACH = 3


@dataclass(frozen=True)
class DatesWanted:
    """What the reader asked: from which day, within how many days, for how many minutes."""

    day: date | None
    days: int
    minutes: int | None

    @property
    def given(self) -> bool:
        return self.day is not None or self.minutes is not None

    def window(self) -> booking.Search:
        if not self.given:
            return booking.next_days(now(), 1)
        first = max(now(), civil.at(self.day)) if self.day else now()
        last = civil.at(self.day or civil.civil_day(now())) + timedelta(days=self.days)
        return booking.Search(Period(first, max(last, first + timedelta(minutes=1))), SLOTS_OF_EACH, self.minutes)


def read(asked: Mapping[str, str]) -> DatesWanted:
    """Whatever cannot be read counts as not asked."""
    return DatesWanted(
        _day(asked.get("day", "")), _among(asked.get("days"), REACHES) or 7, _among(asked.get("for"), LENGTHS)
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2100 else None


def _among(text: str | None, offered: tuple[int, ...]) -> int | None:
    return next((number for number in offered if str(number) == text), None)


@dataclass(frozen=True)
class FreeListing(Listing):
    def page(self, asked: MultiDict[str, str]) -> Page:
        return FreePage(self, asked)


@dataclass
class FreePage(Page):
    """The found instruments; where dates were asked for, only those that are free then."""

    slots: dict[int, tuple[Period, ...]] = field(default_factory=dict)
    cut: bool = False  # more matched than were looked at

    @property
    def wanted(self) -> DatesWanted:
        return read(self.args)

    @property
    def filtered(self) -> bool:
        return super().filtered or self.wanted.given

    def load(self, statement: Any) -> None:
        if self.wanted.given:
            self._keep_free(list(self.everything(statement)))
        else:
            super().load(statement)
            self.slots = self._free(self.rows)

    def everything(self, statement: Any) -> Any:
        if not self.wanted.given:
            return super().everything(statement)
        found = session.execute(self._order(self._filter(statement)).limit(MOST + 1)).all()
        self.cut = len(found) > MOST
        self.slots = self._free(found[:MOST])
        return (row for row in found[:MOST] if self.slots.get(row[0].id))

    def _keep_free(self, free: list[Any]) -> None:
        self.total = len(free)
        self.number = min(self.pages, max(1, self._asked_number()))
        first = (self.number - 1) * PER_PAGE
        self.rows = free[first : first + PER_PAGE]

    def _free(self, rows: Sequence[Any]) -> dict[int, tuple[Period, ...]]:
        return booking.next_slots([row[0] for row in rows], self.wanted.window(), now=now())

    @property
    def lengths(self) -> list[tuple[str, str]]:
        return [(str(m), formats.duration(timedelta(minutes=m))) for m in LENGTHS]

    @property
    def reaches(self) -> list[tuple[str, str]]:
        words = {1: _("that day"), 3: _("3 days"), 7: _("a week"), 14: _("two weeks")}
        return [(str(days), words[days]) for days in REACHES]
