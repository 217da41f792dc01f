"""Starting, stopping and confirming a use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.access import Actor, Permission, authorize
from app.booking import queries
from app.booking.actions import BookingAction
from app.booking.events import BookingEvent
from app.booking.models import Booking
from app.booking.permissions import BookingPermission
from app.booking.rules.opening import ALWAYS_OPEN
from app.booking.rules.states import BookingMove, moved
from app.booking.services.transitions import advance
from app.catalogue.models import Instrument
from app.infra.db import session
from app.infra.locks import locked, require_version
from app.kernel.civil import civil_day
from app.kernel.errors import Refused, refuse
from app.kernel.period import Period
from app.organisations.models import Organisation
from app.organisations.queries import legal_person
from app.usage.models import UsageSession
from app.usage.rules import Use, refusal_to_start, refusal_to_stop


class UseStarted(BookingEvent):
    """Somebody is at the instrument."""


@dataclass(frozen=True)
class UseEnded(BookingEvent):
    """The use is over; `use` holds actual beside booked time."""

    use: Use
    internal: bool


@dataclass(frozen=True)
class ServiceConfirmed(BookingEvent):
    """The client agrees that the service was done; internal use closes by itself, without a rating."""

    rating: int | None
    comment: str


def start(public_id: str, *, version: int | None = None, actor: Actor, now: datetime) -> Booking:
    """Begin a use within the minutes around the booked start."""
    booking = _for_change(public_id, BookingPermission.RUN, version, actor=actor)
    state = moved(booking.state, BookingMove.START)
    instrument = session.get_one(Instrument, booking.instrument_id)
    refusal = refusal_to_start(_booked(booking), queries.rules_of(instrument, ALWAYS_OPEN), now=now)
    if refusal:
        raise Refused(refusal)
    session.add(
        UsageSession(
            booking_id=booking.id, instrument_id=booking.instrument_id, started_at=now, started_by_id=actor.user_id
        )
    )
    advance(booking, state, BookingAction.STARTED, UseStarted, actor=actor, now=now)
    return booking


def stop(
    public_id: str, *, ended_at: datetime | None = None, version: int | None = None, actor: Actor, now: datetime
) -> Booking:
    """End a use now, or at an earlier time that was forgotten; the record and the charge follow at once."""
    booking = _for_change(public_id, BookingPermission.RUN, version, actor=actor)
    state = moved(booking.state, BookingMove.STOP)
    one = session.scalars(locked(select(UsageSession).where(UsageSession.booking_id == booking.id))).one()
    ended = ended_at or now
    refusal = refusal_to_stop(one.started_at, ended, now=now)
    if refusal:
        raise Refused(refusal)
    one.ended_at, one.ended_by_id = ended, actor.user_id
    use = Use(_booked(booking), Period(one.started_at, ended))
    internal = _internal(booking)
    advance(
        booking,
        state,
        BookingAction.STOPPED,
        lambda b, a, n: UseEnded(b, a, n, use, internal),
        actor=actor,
        now=now,
    )
    if internal:
        _complete(booking, None, "", actor=actor, now=now)
    return booking


def confirm(
    public_id: str,
    rating: int,
    comment: str = "",
    *,
    version: int | None = None,
    actor: Actor,
    now: datetime,
) -> Booking:
    """The client's word that the service was done, with 1–5; nobody confirms for the client, or for both sides."""
    booking = _for_change(public_id, BookingPermission.CONFIRM, version, actor=actor)
    if booking.client_id != booking.provider_id and booking.provider_id in actor.organisations():
        raise refuse("confirms-for-both-sides")
    if not 1 <= rating <= 5:
        raise refuse("rating-out-of-range", "rating")
    booking.rating = rating
    _complete(booking, rating, comment, actor=actor, now=now)
    return booking


def _complete(booking: Booking, rating: int | None, comment: str, *, actor: Actor, now: datetime) -> None:
    state = moved(booking.state, BookingMove.COMPLETE)
    advance(
        booking,
        state,
        BookingAction.COMPLETED,
        lambda b, a, n: ServiceConfirmed(b, a, n, rating, comment),
        actor=actor,
        now=now,
    )


def _internal(booking: Booking) -> bool:
    """Use inside one legal person is never scored (internal_service)."""
    day = civil_day(booking.starts_at)
    parties = session.scalars(select(Organisation).where(Organisation.id.in_([booking.client_id, booking.provider_id])))
    return len({legal_person(party, on=day) for party in parties}) == 1


def _booked(booking: Booking) -> Period:
    return Period(booking.starts_at, booking.ends_at)


def _for_change(public_id: str, permission: Permission, version: int | None, *, actor: Actor) -> Booking:
    found = queries.find_booking(public_id, actor=actor)
    authorize(actor, permission, found)
    booking = session.scalars(locked(select(Booking).where(Booking.id == found.id))).one()
    require_version(booking, version)
    return booking
