"""Granting and declining requests: the calendar is locked, and the constraint decides."""

from __future__ import annotations

from datetime import datetime

from app.access import Actor
from app.booking import queries
from app.booking.actions import BookingAction
from app.booking.events import BookingDecided
from app.booking.models import Booking, Occupation
from app.booking.permissions import BookingPermission
from app.booking.rules.places import allocate
from app.booking.rules.refusals import RefusalCode
from app.booking.rules.states import BookingMove, moved
from app.booking.services.calendar import occupy, overlap_refused, reallocate, release
from app.booking.services.transitions import advance, for_change, unmet
from app.infra.db import session
from app.kernel.errors import refuse
from app.kernel.period import Period
from app.pricing.rules import ClientClass


def approve(public_id: str, *, version: int | None = None, actor: Actor, now: datetime) -> Booking:
    """Grant a request: its occupation is seated under the calendar lock, and the constraint decides."""
    booking, found = for_change(public_id, BookingPermission.DECIDE, version, actor=actor)
    after = moved(booking.state, BookingMove.APPROVE)
    if booking.user_id == actor.user_id and not _own_house(booking):
        raise refuse("own-case")
    if booking.starts_at < now:
        raise refuse("asked-time-passed")
    waiting = session.scalars(queries.waiting_rows(booking)).first()
    if waiting is not None:
        _seat(waiting, found, now=now)
    advance(booking, after, BookingAction.CONFIRMED, BookingDecided, actor=actor, now=now)
    return booking


def _own_house(booking: Booking) -> bool:
    """Staff use of the provider's own instrument is accepted by rule (domain.md §2)."""
    return booking.client_class is ClientClass.OWN_UNIT


def _seat(waiting: Occupation, found: queries.InstrumentContext, *, now: datetime) -> None:
    held = Period(waiting.starts_at, waiting.ends_at)
    reach = queries.relevant(held, found.instrument.places, now=now)
    taken = queries.places_held(queries.occupations_on(found.calendar.id, reach))
    allocation = allocate(held, taken, queries.place_request_of(found.instrument), now=now)
    if allocation is None:
        raise refuse(RefusalCode.SLOT_TAKEN, next_free=[])
    with overlap_refused():
        reallocate(allocation.moves)
        waiting.place, waiting.active = allocation.places[0], True
        booking = session.get_one(Booking, waiting.booking_id)
        for place in allocation.places[1:]:
            occupy(found.instrument, held, place, kind=waiting.kind, booking=booking)


def decline(public_id: str, reason: str, *, version: int | None = None, actor: Actor, now: datetime) -> Booking:
    """Refuse a request; the client reads the reason."""
    booking, _ = for_change(public_id, BookingPermission.DECIDE, version, actor=actor)
    if not reason:
        raise refuse("reason-missing", "reason")
    release(booking)
    after = moved(booking.state, BookingMove.DECLINE)
    session.add(unmet(booking, RefusalCode.DECLINED, now=now))
    advance(booking, after, BookingAction.DECLINED, BookingDecided, actor=actor, now=now, note=reason)
    return booking
