"""Reading calendars: opening hours, occupations and what the rules need to decide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from app.access import Actor, authorize, scope
from app.booking.models import Booking, Occupation, OccupationKind
from app.booking.permissions import SchedulePermission
from app.booking.queries.openings import opening_of
from app.booking.rules import opening as hours
from app.booking.rules.places import Occupation as Seated
from app.booking.rules.places import PlaceRequest
from app.booking.rules.refusals import BookingRules
from app.booking.rules.states import BookingState
from app.catalogue.models import Calendar, Instrument, InstrumentState, OpeningException, OpeningSpan
from app.catalogue.permissions import InstrumentPermission
from app.infra.db import session
from app.kernel.civil import EARLIEST, LATEST
from app.kernel.errors import NotFound
from app.kernel.period import Period
from app.organisations.models import Organisation

REACH = timedelta(days=15)  # how far beyond a request the next free slots are looked for


@dataclass(frozen=True)
class InstrumentContext:
    """An instrument with the rows every booking verb needs, loaded by one statement."""

    instrument: Instrument
    calendar: Calendar
    provider: Organisation


def context_statement(wanted: ColumnElement[bool]) -> Select[Instrument, Calendar, Organisation]:
    return (
        select(Instrument, Calendar, Organisation)
        .join(Calendar, Instrument.calendar_id == Calendar.id)
        .join(Organisation, Instrument.provider_id == Organisation.id)
        .where(wanted)
    )


def find_context(public_id: str, *, actor: Actor) -> InstrumentContext:
    """The instrument as this actor may see it; raises NotFound."""
    row = session.execute(context_statement(Instrument.public_id == public_id)).first()
    if row is None:
        raise NotFound("instrument")
    authorize(actor, InstrumentPermission.VIEW, row[0])
    return InstrumentContext(*row)


def context_of(booking: Booking) -> InstrumentContext:
    return InstrumentContext(*session.execute(context_statement(Instrument.id == booking.instrument_id)).one())


def lock_calendar(wanted: ColumnElement[bool]) -> InstrumentContext | None:
    """The same rows with the calendar locked: from here to the commit nobody else seats anything on it."""
    statement = (
        context_statement(wanted).with_for_update(of=Calendar, key_share=True).execution_options(populate_existing=True)
    )
    row = session.execute(statement).first()
    return InstrumentContext(*row) if row else None


def opening_shown(instrument: Instrument) -> list[tuple[int, hours.Hours]]:
    """(weekday, hours) of the ordinary week, Monday first."""
    rows = session.execute(
        select(OpeningSpan.weekday, OpeningSpan.opens, OpeningSpan.closes)
        .where(OpeningSpan.instrument_id == instrument.id)
        .order_by(OpeningSpan.weekday, OpeningSpan.opens)
    ).all()
    return [(day, tuple(hours.Span(opens, closes) for of, opens, closes in rows if of == day)) for day in range(7)]


def rules_of(instrument: Instrument, opening: hours.Opening) -> BookingRules:
    return BookingRules(
        grid_minutes=instrument.grid_minutes,
        min_minutes=instrument.min_minutes,
        max_minutes=instrument.max_minutes,
        lead_minutes=instrument.lead_minutes,
        horizon_days=instrument.horizon_days,
        cancel_before_hours=instrument.cancel_hours,
        early_start_minutes=instrument.early_start_minutes,
        late_start_minutes=instrument.late_start_minutes,
        buffer_before_minutes=instrument.buffer_before_minutes,
        buffer_after_minutes=instrument.buffer_after_minutes,
        place_request=place_request_of(instrument),
        needs_approval=instrument.needs_approval,
        pending_blocks=instrument.pending_blocks,
        opening=opening,
    )


def place_request_of(instrument: Instrument) -> PlaceRequest:
    return PlaceRequest(instrument.places, instrument.component_place, instrument.is_composite)


def occupations_on(calendar_id: int, within: Period) -> list[Occupation]:
    """Active occupations that touch `within`, in order of start."""
    return list(
        session.scalars(
            select(Occupation)
            .where(
                Occupation.calendar_id == calendar_id,
                Occupation.active,
                Occupation.starts_at < within.end,
                Occupation.ends_at > within.start,
            )
            .order_by(Occupation.starts_at, Occupation.id)
        )
    )


def places_held(rows: Sequence[Occupation]) -> tuple[Seated, ...]:
    """The same rows as the pure rules see them."""
    return tuple(Seated(r.id, r.place or 0, Period(r.starts_at, r.ends_at), named=r.pinned) for r in rows)


def lookup_window(wanted: Period, instrument: Instrument, *, now: datetime) -> Period:
    """Where calendars matter to a request and to what is offered instead: of one that has passed, the time to come."""
    soonest = now + timedelta(minutes=instrument.lead_minutes + 1)
    coming = Period(max(wanted.start, now), max(wanted.end, soonest))
    return relevant(coming, instrument.places, now=now)


def relevant(wanted: Period, capacity: int, *, now: datetime) -> Period:
    """Where occupations can matter to a request: re-seating may begin with anything still to come."""
    start = wanted.start - timedelta(days=1) if capacity == 1 else min(now, wanted.start - timedelta(days=1))
    return Period(max(start, EARLIEST), min(wanted.end + REACH, LATEST - timedelta(seconds=1)))


def feed(instrument: Instrument, within: Period) -> list[Any]:
    """What an instrument's calendar shows: active occupations with the booking behind each, by one statement."""
    rows = session.execute(
        select(Occupation, Booking)
        .outerjoin(Booking, Occupation.booking_id == Booking.id)
        .where(
            Occupation.calendar_id == instrument.calendar_id,
            Occupation.active,
            Occupation.starts_at < within.end,
            Occupation.ends_at > within.start,
        )
        .order_by(Occupation.starts_at, Occupation.id)
    ).all()
    return shown_on(instrument, rows)


def shown_on(instrument: Instrument, rows: Iterable[Any]) -> list[Any]:
    """Of the rows of its calendar those that concern it, each booking and each time taken off once."""
    place_request = place_request_of(instrument)
    found: dict[Any, Any] = {}
    for row in rows:
        held, booking = row[0], row[1]
        own = booking is not None and booking.instrument_id == instrument.id
        if own or (held.active and place_request.meets(held.place)):
            key = (held.booking_id,) if booking else (held.kind, held.starts_at, held.ends_at, held.note)
            found.setdefault(key, row)
    return list(found.values())


def timeline(instruments: Sequence[Instrument], within: Period) -> Sequence[Any]:
    """The same for several instruments, with waiting requests, by one statement."""
    calendars = [i.calendar_id for i in instruments]
    asked = and_(Occupation.kind == OccupationKind.BOOKING, Booking.state == BookingState.REQUESTED)
    waiting = and_(asked, Occupation.place.is_(None))
    return session.execute(
        select(Occupation, Booking, Organisation)
        .outerjoin(Booking, Occupation.booking_id == Booking.id)
        .outerjoin(Organisation, Booking.client_id == Organisation.id)
        .where(
            Occupation.calendar_id.in_(calendars),
            Occupation.active | waiting,
            Occupation.starts_at < within.end,
            Occupation.ends_at > within.start,
        )
        .order_by(Occupation.starts_at, Occupation.id)
    ).all()


def scheduled_by(actor: Actor, *, words: str = "", most: int) -> list[Instrument]:
    """The instruments whose calendars this person keeps, by name."""
    kept = select(Instrument).where(
        scope(actor, SchedulePermission.MANAGE, Instrument),
        Instrument.state.in_([InstrumentState.LISTED, InstrumentState.SUSPENDED]),
        or_(*(name.icontains(words, autoescape=True) for name in (Instrument.name, Instrument.name_en))),
    )
    return list(session.scalars(kept.order_by(Instrument.sort_key, Instrument.id).limit(most)))


def possible_composites(instrument: Instrument, *, actor: Actor) -> Sequence[Instrument]:
    """What it could become a component of: others this person keeps, with several places, no components themselves."""
    others = select(Instrument).where(
        scope(actor, InstrumentPermission.CHANGE, Instrument),
        Instrument.provider_id == instrument.provider_id,
        Instrument.id != instrument.id,
        Instrument.component_place.is_(None),
        Instrument.places > 1,
        Instrument.state != InstrumentState.RETIRED,
    )
    return session.scalars(others.order_by(Instrument.sort_key, Instrument.id).limit(200)).all()


def together(instrument: Instrument) -> Sequence[Instrument]:
    """The composite and the components on its calendar, itself included; nothing where it stands alone."""
    if not instrument.is_composite and instrument.component_place is None:
        return ()
    same = select(Instrument).where(Instrument.calendar_id == instrument.calendar_id)
    return session.scalars(same.order_by(Instrument.component_place.is_not(None), Instrument.component_place)).all()


def free_time(instrument: Instrument, within: Period) -> list[Period]:
    """Open time inside `within` that is not full, in order."""
    full = place_request_of(instrument).full(places_held(occupations_on(instrument.calendar_id, within)))
    opened = hours.open_periods(opening_of(instrument, within), within)
    return [gap for period in opened for gap in period.minus(full)]


def exceptions_of(instrument: Instrument) -> list[tuple[date, str, str]]:
    """(day, hours in words or nothing, reason) of every day that differs, in order."""
    rows = session.scalars(
        select(OpeningException)
        .where(OpeningException.instrument_id == instrument.id)
        .order_by(OpeningException.day, OpeningException.opens)
    ).all()
    days: dict[date, tuple[list[hours.Span], str]] = {}
    for row in rows:
        spans, _reason = days.setdefault(row.day, ([], row.reason))
        if row.opens is not None and row.closes is not None:
            spans.append(hours.Span(row.opens, row.closes))
    return [(day, hours.hours_text(tuple(spans)), reason) for day, (spans, reason) in days.items()]
