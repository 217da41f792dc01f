"""What booking tells the features above it, inside the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.access import Actor
from app.booking.models import Booking


@dataclass(frozen=True)
class BookingEvent:
    booking: Booking
    actor: Actor
    now: datetime


class BookingPlaced(BookingEvent):
    """Requested or confirmed at once."""


class BookingDecided(BookingEvent):
    """Approved or declined by the staff."""


class BookingCancelled(BookingEvent):
    """By the client or by the staff."""


class BookingMoved(BookingEvent):
    """To another time, by the client or by the staff."""


@dataclass(frozen=True)
class GuestInvited(BookingEvent):
    """A colleague is to come along."""

    user_id: int


@dataclass(frozen=True)
class GuestLeft(BookingEvent):
    """A colleague is no longer to come along."""

    user_id: int


class BookingMissed(BookingEvent):
    """Nobody came within the published minutes; the slot is free again."""
