"""A whole and its parts on one calendar: a booking of the whole takes every place, one of a part its own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select, true

from app import audit
from app.access import Actor, Permission, authorize
from app.audit import Action
from app.booking.models import Booking, Occupation
from app.booking.rules.states import BookingState
from app.catalogue.models import Calendar, Instrument
from app.catalogue.queries import find_instrument
from app.infra.db import session
from app.infra.locks import locked
from app.kernel.errors import refuse


def join(public_id: str, whole_id: str, place: int, *, actor: Actor, now: datetime) -> None:
    """Make an instrument the place `place` of another one of its provider.

    Raises Refused naming what stands in the way: it would be a part of itself or of a part, the place
    does not exist or is another part, or time is held that was booked under other terms.
    """
    row, whole = _kept(public_id, actor=actor), _kept(whole_id, actor=actor)
    if row.whole or row.part or not _can_have_parts(whole, row):
        raise refuse("no-such-whole", "whole")
    _lock(row, whole)
    if not 1 <= place <= whole.places:
        raise refuse("no-such-place", "place", asked=place, places=whole.places)
    taken = select(Instrument.id).where(Instrument.calendar_id == whole.calendar_id, Instrument.part == place)
    if session.scalar(taken):
        raise refuse("place-is-a-part", "place", asked=place)
    if _held(row, true(), now=now) or (not whole.whole and _held(whole, true(), now=now)):
        raise refuse("time-still-held")
    before = {"calendar": row.calendar_id}
    row.calendar_id, row.part, whole.whole = whole.calendar_id, place, True
    session.flush()
    after = {"whole": whole.public_id, "place": place}
    audit.record(Action.CALENDAR_JOINED, row, actor=actor, now=now, before=before, after=after)


def leave(public_id: str, *, actor: Actor, now: datetime) -> None:
    """Give a part a calendar of its own again; the last one to leave makes the whole an ordinary instrument."""
    row = _kept(public_id, actor=actor)
    if row.part is None:
        raise refuse("no-such-whole", "whole")
    _lock(row)
    if _held(row, Occupation.place == row.part, now=now):
        raise refuse("time-still-held")
    before = {"calendar": row.calendar_id, "place": row.part}
    calendar = Calendar(places=row.places)
    session.add(calendar)
    session.flush()
    others = select(Instrument).where(Instrument.calendar_id == row.calendar_id, Instrument.id != row.id)
    rest = session.scalars(others).all()
    if not any(one.part for one in rest):
        for one in rest:
            one.whole = False
    row.calendar_id, row.part = calendar.id, None
    session.flush()
    audit.record(Action.CALENDAR_LEFT, row, actor=actor, now=now, before=before)


def _can_have_parts(whole: Instrument, other: Instrument) -> bool:
    return whole.id != other.id and whole.provider_id == other.provider_id and whole.part is None and whole.places > 1


def _kept(public_id: str, *, actor: Actor) -> Instrument:
    row = find_instrument(public_id, actor=actor)
    authorize(actor, Permission.INSTRUMENT_CHANGE, row)
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
