"""Colleagues of the client organisation who come along."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete

from app import audit
from app.access import Actor
from app.booking import queries
from app.booking.actions import BookingAction
from app.booking.events import GuestInvited, GuestLeft
from app.booking.models import BookingGuest
from app.booking.permissions import BookingPermission
from app.booking.rules.states import BookingMove, moved
from app.booking.services.transitions import for_change
from app.infra import events
from app.infra.db import session
from app.kernel.civil import civil_day
from app.kernel.errors import NotFound, refuse
from app.organisations.queries import people_of


def invite(public_id: str, user_id: int, *, actor: Actor, now: datetime) -> None:
    """Bring a colleague of the client organisation along; inviting twice changes nothing."""
    booking, _ = for_change(public_id, BookingPermission.INVITE, None, actor=actor)
    if user_id not in people_of(booking.client_id, today=civil_day(now)):
        raise refuse("not-a-colleague", "colleague")
    if user_id == booking.user_id or user_id in queries.guests_of(booking):
        return
    session.add(BookingGuest(booking_id=booking.id, user_id=user_id, invited_at=now))
    session.flush()
    audit.record(BookingAction.GUEST_INVITED, booking, actor=actor, now=now, after={"user": user_id})
    events.publish(GuestInvited(booking, actor, now, user_id))


def uninvite(public_id: str, user_id: int, *, actor: Actor, now: datetime) -> None:
    """Take an invitation back before the use begins; whoever was never invited is not found."""
    booking, _ = for_change(public_id, BookingPermission.INVITE, None, actor=actor)
    if user_id not in queries.guests_of(booking):
        raise NotFound("guest")
    moved(booking.state, BookingMove.CANCEL)  # once begun, who came along stays told
    session.execute(delete(BookingGuest).where(BookingGuest.booking_id == booking.id, BookingGuest.user_id == user_id))
    audit.record(BookingAction.GUEST_REMOVED, booking, actor=actor, now=now, before={"user": user_id})
    events.publish(GuestLeft(booking, actor, now, user_id))
