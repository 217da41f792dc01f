"""The one way in which a booking changes its state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app import audit
from app.access import Actor, Permission, authorize
from app.audit import Action
from app.booking import queries
from app.booking.events import BookingEvent
from app.booking.models import Booking, BookingStep, UnmetDemand
from app.booking.rules.refusals import RefusalCode
from app.booking.rules.states import BookingState
from app.catalogue.models import Instrument
from app.infra import events
from app.infra.db import session
from app.infra.locks import require_version
from app.kernel.errors import NotFound


def for_change(
    public_id: str, permission: Permission, version: int | None, *, actor: Actor
) -> tuple[Booking, queries.InstrumentContext]:
    """Load, permit, lock the calendar, look again."""
    booking = queries.find_booking(public_id, actor=actor)
    authorize(actor, permission, booking)
    found = queries.lock_calendar(Instrument.id == booking.instrument_id)
    if found is None:
        raise NotFound("instrument")
    session.refresh(booking)
    require_version(booking, version)
    return booking, found


def advance(
    booking: Booking,
    state: BookingState,
    action: Action,
    event: Callable[[Booking, Actor, datetime], BookingEvent],
    *,
    actor: Actor,
    now: datetime,
    note: str = "",
) -> None:
    """Write the new state with its step, its audit entry and its event."""
    before, after = audit.changes(booking, state=state)
    session.add(BookingStep(booking_id=booking.id, state=state, at=now, user_id=actor.user_id, note=note))
    session.flush()
    audit.record(action, booking, actor=actor, now=now, before=before, after=after)
    events.publish(event(booking, actor, now))


def unmet(booking: Booking, reason: RefusalCode, *, now: datetime) -> UnmetDemand:
    """A request that nobody granted is demand not met, too."""
    return UnmetDemand(
        instrument_id=booking.instrument_id,
        provider_id=booking.provider_id,
        client_id=booking.client_id,
        user_id=booking.user_id,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        codes=[reason],
        source=booking.source,
        at=now,
    )
