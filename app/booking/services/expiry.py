"""What becomes of requests that nobody decided and of bookings that nobody began."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.access import Actor
from app.booking.actions import BookingAction
from app.booking.events import BookingDecided, BookingMissed
from app.booking.models import Booking
from app.booking.rules.refusals import RefusalCode, missed_at
from app.booking.rules.states import BookingMove, BookingState, moved
from app.booking.services.calendar import release
from app.booking.services.transitions import advance, unmet
from app.catalogue.models import Instrument
from app.infra.db import session
from app.infra.locks import locked


def expire_requests(*, actor: Actor, now: datetime) -> int:
    """Requests nobody decided before their start; each was demand not met."""
    due = select(Booking).where(Booking.state == BookingState.REQUESTED, Booking.starts_at <= now).order_by(Booking.id)
    expired = session.scalars(locked(due).limit(500)).all()
    for booking in expired:
        release(booking)
        session.add(unmet(booking, RefusalCode.UNDECIDED, now=now))
        after = moved(booking.state, BookingMove.EXPIRE)
        advance(booking, after, BookingAction.EXPIRED, BookingDecided, actor=actor, now=now)
    return len(expired)


def free_no_shows(*, actor: Actor, now: datetime) -> int:
    """Confirmed bookings nobody started within the published minutes: the slot is free again."""
    due = (
        select(Booking, Instrument.late_start_minutes)
        .join(Instrument, Booking.instrument_id == Instrument.id)
        .where(Booking.state == BookingState.CONFIRMED, Booking.starts_at < now)
        .order_by(Booking.id)
        .with_for_update(of=Booking, key_share=True)
        .limit(500)
    )
    missed = [b for b, minutes in session.execute(due) if missed_at(b.starts_at, minutes) <= now]
    for booking in missed:
        release(booking)
        after = moved(booking.state, BookingMove.MISS)
        advance(booking, after, BookingAction.NO_SHOW, BookingMissed, actor=actor, now=now)
    return len(missed)
