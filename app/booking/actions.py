"""What the audit records of booking."""

from __future__ import annotations

from app.audit.actions import Action


class OpeningAction(Action):
    CHANGED = "opening.changed"


class CalendarAction(Action):
    JOINED = "calendar.joined"
    LEFT = "calendar.left"


class BookingAction(Action):
    REQUESTED = "booking.requested"
    CONFIRMED = "booking.confirmed"
    DECLINED = "booking.declined"
    MOVED = "booking.moved"
    CANCELLED = "booking.cancelled"
    EXPIRED = "booking.expired"
    GUEST_INVITED = "booking.guest-invited"
    GUEST_REMOVED = "booking.guest-removed"
    STARTED = "booking.started"
    STOPPED = "booking.stopped"
    NO_SHOW = "booking.no-show"
    COMPLETED = "booking.completed"


class OccupationAction(Action):
    CREATED = "occupation.created"
    REMOVED = "occupation.removed"
