"""A use that ended is charged; so is a booking that nobody came to."""

from __future__ import annotations

from dataclasses import dataclass

from app.billing.models import Charge, ChargedFor
from app.billing.services import post_charge
from app.booking.events import BookingMissed
from app.infra import events
from app.kernel.period import Period
from app.usage.rules import Basis, missed_minutes
from app.usage.services import UseEnded


@dataclass(frozen=True)
class ServiceCharged:
    """The ended use with its charge: all that a service record needs."""

    ended: UseEnded
    charge: Charge


def charge_use(ended: UseEnded) -> None:
    """The time held or the time used, whichever is longer."""
    minutes = ended.use.billed_minutes(Basis.BOOKED_OR_LONGER)
    charge = post_charge(ended.booking, minutes, ChargedFor.SERVICE, actor=ended.actor, now=ended.now)
    events.publish(ServiceCharged(ended, charge))


def charge_absence(missed: BookingMissed) -> None:
    booked = Period(missed.booking.starts_at, missed.booking.ends_at)
    post_charge(missed.booking, missed_minutes(booked), ChargedFor.NO_SHOW, actor=missed.actor, now=missed.now)
