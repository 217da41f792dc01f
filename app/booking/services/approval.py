"""Granting and declining requests: the calendar is locked, and the constraint decides."""

from __future__ import annotations

from datetime import date, datetime

from app.access import Actor, Role
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
from app.catalogue.queries import managers_of
from app.infra.db import session
from app.kernel.civil import civil_day
from app.kernel.errors import refuse
from app.kernel.period import Period
from app.organisations.queries import holders


def approve(public_id: str, *, version: int | None = None, actor: Actor, now: datetime) -> Booking:
    """Grant a request: its occupation is seated under the calendar lock, and the constraint decides."""
    booking, found = for_change(public_id, BookingPermission.DECIDE, version, actor=actor)
    after = moved(booking.state, BookingMove.APPROVE)
    if _own_case(booking, actor, today=civil_day(now)):
        raise refuse("own-case")
    if booking.starts_at < now:
        raise refuse("asked-time-passed")
    waiting = session.scalars(queries.waiting_rows(booking)).first()
    if waiting is not None:
        _seat(waiting, found, now=now)
    advance(booking, after, BookingAction.CONFIRMED, BookingDecided, actor=actor, now=now)
    return booking


def _own_case(booking: Booking, actor: Actor, *, today: date) -> bool:
    """Nobody grants their own request or one of a body they belong to.

    Use by the provider's own staff is accepted by rule where nobody else could decide (domain.md §2).
    """
    if booking.client_id != booking.provider_id:
        return booking.user_id == actor.user_id or booking.client_id in actor.organisations()
    return booking.user_id == actor.user_id and _others_decide(booking, actor, today=today)


def _others_decide(booking: Booking, actor: Actor, *, today: date) -> bool:
    admins = holders(booking.provider_id, Role.ADMINISTRATOR, today=today)
    return bool({*managers_of(booking.instrument_id), *(one.id for one in admins)} - {actor.user_id})


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
