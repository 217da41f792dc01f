"""Giving time back before it is used."""

from __future__ import annotations

from datetime import datetime

from app.access import Actor
from app.access.authority import may
from app.booking import queries
from app.booking.actions import BookingAction
from app.booking.events import BookingCancelled
from app.booking.models import Booking
from app.booking.permissions import BookingPermission
from app.booking.rules.opening import ALWAYS_OPEN
from app.booking.rules.refusals import late_to_cancel
from app.booking.rules.states import BookingMove, BookingState, moved
from app.booking.services.calendar import release
from app.booking.services.transitions import advance, for_change
from app.kernel.errors import refuse
from app.kernel.period import Period


def cancel(public_id: str, reason: str = "", *, version: int | None = None, actor: Actor, now: datetime) -> Booking:
    """Give the time back. The client may until the published hours before the start, the staff until the start."""
    booking, found = for_change(public_id, BookingPermission.CANCEL, version, actor=actor)
    after = moved(booking.state, BookingMove.CANCEL)
    staff = may(actor, BookingPermission.DECIDE, booking)
    if booking.state is BookingState.CONFIRMED and not staff:
        rules = queries.rules_of(found.instrument, ALWAYS_OPEN)
        late = late_to_cancel(Period(booking.starts_at, booking.ends_at), rules, now=now)
        if late:
            raise refuse(late.code, **dict(late.params))
    if staff and not reason and booking.user_id != actor.user_id:
        raise refuse("reason-missing", "reason")
    release(booking)
    advance(booking, after, BookingAction.CANCELLED, BookingCancelled, actor=actor, now=now, note=reason)
    return booking
