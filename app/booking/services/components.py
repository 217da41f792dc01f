"""A whole and its parts on one calendar: a booking of the whole takes every place, one of a part its own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select, true

from app import audit
from app.access import Actor, authorize
from app.booking.actions import CalendarAction
from app.booking.models import Booking, Occupation
from app.booking.rules.states import BookingState
from app.catalogue.models import Calendar, Instrument
from app.catalogue.permissions import InstrumentPermission
from app.catalogue.queries import find_instrument
from app.infra.db import session
from app.infra.locks import locked
from app.kernel.errors import refuse


def join(public_id: str, composite_id: str, place: int, *, actor: Actor, now: datetime) -> None:
    """Make an instrument the place `place` of another one of its provider.

    Raises Refused naming what stands in the way: it would be a component of itself or of a component, the place
    does not exist or is another component, or time is held that was booked under other terms.
    """
    row, composite = _kept(public_id, actor=actor), _kept(composite_id, actor=actor)
    if row.is_composite or row.component_place or not _can_have_components(composite, row):
        raise refuse("no-such-composite", "composite")
    _lock(row, composite)
    if not 1 <= place <= composite.places:
        raise refuse("no-such-place", "place", asked=place, places=composite.places)
    taken = select(Instrument.id).where(
        Instrument.calendar_id == composite.calendar_id, Instrument.component_place == place
    )
    if session.scalar(taken):
        raise refuse("place-is-a-component", "place", asked=place)
    if _held(row, true(), now=now) or (not composite.is_composite and _held(composite, true(), now=now)):
        raise refuse("time-still-held")
    before = {"calendar": row.calendar_id}
    row.calendar_id, row.component_place, composite.is_composite = composite.calendar_id, place, True
    session.flush()
    after = {"composite": composite.public_id, "place": place}
    audit.record(CalendarAction.JOINED, row, actor=actor, now=now, before=before, after=after)


def leave(public_id: str, *, actor: Actor, now: datetime) -> None:
    """Give a part a calendar of its own again; the last one to leave makes the whole an ordinary instrument."""
    row = _kept(public_id, actor=actor)
    if row.component_place is None:
        raise refuse("no-such-composite", "composite")
    _lock(row)
    if _held(row, Occupation.place == row.component_place, now=now):
        raise refuse("time-still-held")
    before = {"calendar": row.calendar_id, "place": row.component_place}
    calendar = Calendar(places=row.places)
    session.add(calendar)
    session.flush()
    others = select(Instrument).where(Instrument.calendar_id == row.calendar_id, Instrument.id != row.id)
    rest = session.scalars(others).all()
    if not any(one.component_place for one in rest):
        for one in rest:
            one.is_composite = False
    row.calendar_id, row.component_place = calendar.id, None
    session.flush()
    audit.record(CalendarAction.LEFT, row, actor=actor, now=now, before=before)


def _can_have_components(composite: Instrument, other: Instrument) -> bool:
    return (
        composite.id != other.id
        and composite.provider_id == other.provider_id
        and composite.component_place is None
        and composite.places > 1
    )


def _kept(public_id: str, *, actor: Actor) -> Instrument:
    row = find_instrument(public_id, actor=actor)
    authorize(actor, InstrumentPermission.CHANGE, row)
    return row


def _lock(*rows: Instrument) -> None:
    """Calendars by ascending id, as everywhere."""
    calendars = sorted({row.calendar_id for row in rows})
    session.scalars(locked(select(Calendar).where(Calendar.id.in_(calendars)).order_by(Calendar.id))).all()


def _held(row: Instrument, where: ColumnElement[bool], *, now: datetime) -> bool:
    """Time to come on its calendar, or a request that waits for some."""
    held = select(Occupation.id).where(
        Occupation.calendar_id == row.calendar_id, Occupation.active, Occupation.ends_at > now, where
    )
    waiting = select(Booking.id).where(Booking.instrument_id == row.id, Booking.state == BookingState.REQUESTED)
    return bool(session.scalar(held.limit(1)) or session.scalar(waiting.limit(1)))
