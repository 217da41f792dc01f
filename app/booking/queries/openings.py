"""Opening hours as the rules see them: the ordinary week, dated exceptions and public holidays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Integer as SqlInteger
from sqlalchemy import literal, null, select, union_all

from app.booking.rules import opening as hours
from app.catalogue.models import Instrument, OpeningException, OpeningSpan, PublicHoliday
from app.catalogue.queries import announced
from app.infra.db import session
from app.kernel.civil import civil_day, civil_year
from app.kernel.period import Period


def opening_of(instrument: Instrument, within: Period) -> hours.Opening:
    return openings_of([instrument], within)[instrument.id]


def openings_of(instruments: Sequence[Instrument], within: Period) -> dict[int, hours.Opening]:
    """Instrument id → everything that matters for `within`, by one statement however many they are."""
    first, last = civil_day(within.start) - timedelta(days=1), civil_day(within.end) + timedelta(days=1)
    ids, nothing = [row.id for row in instruments], literal(None, SqlInteger)
    weekly = select(
        OpeningSpan.instrument_id, literal("week"), OpeningSpan.weekday, null(), OpeningSpan.opens, OpeningSpan.closes
    ).where(OpeningSpan.instrument_id.in_(ids))
    dated = select(
        OpeningException.instrument_id,
        literal("day"),
        nothing,
        OpeningException.day,
        OpeningException.opens,
        OpeningException.closes,
    ).where(OpeningException.instrument_id.in_(ids), OpeningException.day.between(first, last))
    notices = select(
        nothing, literal("notice"), PublicHoliday.off.cast(SqlInteger), PublicHoliday.day, nothing, nothing
    ).where(PublicHoliday.day.between(first, last))
    return _sorted_out(instruments, session.execute(union_all(dated, weekly, notices)).all())


def unannounced_years(instrument: Instrument, *, now: datetime) -> list[int]:
    """The years that can be booked here already while nobody knows their public holidays."""
    if not instrument.closed_on_holidays:
        return []
    last = civil_year(now + timedelta(days=instrument.horizon_days))
    years = range(civil_year(now), last + 1)
    return sorted(set(years) - announced(years))


def _sorted_out(instruments: Sequence[Instrument], found: Sequence[Any]) -> dict[int, hours.Opening]:
    own: dict[int | None, list[Any]] = defaultdict(list)
    for instrument_id, *told in found:
        own[instrument_id].append(told)
    return {row.id: _opening([*own[row.id], *(own[None] if row.closed_on_holidays else ())]) for row in instruments}


def _opening(rows: Sequence[Any]) -> hours.Opening:
    weekly: list[list[hours.Span]] = [[] for _ in range(7)]
    special: dict[date, list[hours.Span]] = {}
    notices: dict[date, hours.DayKind] = {}
    for kind, number, day, opens, closes in rows:
        if kind == "week":
            weekly[number].append(hours.Span(opens, closes))
        elif kind == "notice":
            notices[day] = hours.DayKind.OFF if number else hours.DayKind.WORK
        else:
            spans = special.setdefault(day, [])
            if opens is not None:
                spans.append(hours.Span(opens, closes))
    exceptions = tuple(hours.DatedHours(d, d, tuple(sorted(spans))) for d, spans in sorted(special.items()))
    return hours.Opening(tuple(tuple(sorted(day)) for day in weekly), exceptions, notices)
