"""What people are told of a booking: approvals always, the rest only to whoever did not do it themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from app.access import Role
from app.accounts.models import User
from app.accounts.services.profile import recipient_of
from app.booking.events import (
    BookingCancelled,
    BookingDecided,
    BookingEvent,
    BookingMissed,
    BookingMoved,
    BookingPlaced,
    GuestInvited,
    GuestLeft,
)
from app.booking.models import Booking, BookingGuest, BookingStep
from app.booking.rules.states import BookingState
from app.catalogue.models import Instrument, InstrumentManager
from app.infra.db import session
from app.kernel.civil import civil_day, local
from app.kernel.names import name_in
from app.notifications.services import tell
from app.notifications.texts import Notice
from app.organisations.models import Organisation
from app.organisations.queries import holders, people_of

_DECISIONS = {
    BookingState.CONFIRMED: Notice.BOOKING_APPROVED,
    BookingState.DECLINED: Notice.BOOKING_DECLINED,
    BookingState.EXPIRED: Notice.BOOKING_EXPIRED,
}


def ask_the_staff(event: BookingPlaced) -> None:
    """A booking that needs nobody's word sends nothing: whoever made it has just seen it."""
    if event.booking.state is BookingState.REQUESTED:
        tell_others(_staff(event), Notice.BOOKING_REQUESTED, event)


def tell_the_decision(event: BookingDecided) -> None:
    tell_others(client_side(event), _DECISIONS[event.booking.state], event)


def tell_the_other_side(event: BookingCancelled) -> None:
    tell_others([*client_side(event), *_staff(event), *_guests(event)], Notice.BOOKING_CANCELLED, event)


def tell_the_new_time(event: BookingMoved) -> None:
    asked_again = event.booking.state is BookingState.REQUESTED
    notice = Notice.BOOKING_REQUESTED if asked_again else Notice.BOOKING_MOVED
    tell_others([*client_side(event), *_staff(event)], notice, event)
    tell_others(_guests(event), Notice.BOOKING_MOVED, event)


def tell_who_did_not_come(event: BookingMissed) -> None:
    tell_others(client_side(event), Notice.BOOKING_MISSED, event)


def tell_the_guest(event: GuestInvited) -> None:
    tell_others([session.get_one(User, event.user_id)], Notice.BOOKING_GUEST_INVITED, event)


def tell_who_need_not_come(event: GuestLeft) -> None:
    tell_others([session.get_one(User, event.user_id)], Notice.BOOKING_GUEST_REMOVED, event)


def client_side(event: BookingEvent) -> Sequence[User]:
    """Whoever booked, while they belong to the client; then those who answer for its bookings."""
    client, today = event.booking.client_id, civil_day(event.now)
    if event.booking.user_id in people_of(client, today=today):
        return [session.get_one(User, event.booking.user_id)]
    return [one for role in (Role.APPROVER, Role.ADMINISTRATOR) for one in holders(client, role, today=today)]


def _staff(event: BookingEvent) -> Sequence[User]:
    """The managers of the instrument; where it has none, the administrators of the provider."""
    managers = select(User).join(InstrumentManager, InstrumentManager.user_id == User.id)
    found = session.scalars(managers.where(InstrumentManager.instrument_id == event.booking.instrument_id)).all()
    return found or holders(event.booking.provider_id, Role.ADMINISTRATOR, today=civil_day(event.now))


def _guests(event: BookingEvent) -> Sequence[User]:
    """The colleagues taken along, while they are colleagues: they plan their day by it as well."""
    colleagues = people_of(event.booking.client_id, today=civil_day(event.now))
    invited = select(User).join(BookingGuest, BookingGuest.user_id == User.id)
    found = session.scalars(invited.where(BookingGuest.booking_id == event.booking.id))
    return [one for one in found if one.id in colleagues]


def tell_others(people: Iterable[User], notice: Notice, event: BookingEvent) -> None:
    booking = event.booking
    others = {user.id: user for user in people if user.id != event.actor.user_id}
    if not others:
        return
    about = session.get_one(Instrument, booking.instrument_id), session.get_one(Organisation, booking.client_id)
    words: dict[str, Any] = {"number": booking.number, "time": _time(booking), "reason": _reason(booking) or "–"}
    for user in others.values():
        instrument, client = (name_in(user.language, each) for each in about)
        tell(recipient_of(user), notice, now=event.now, instrument=instrument, client=client, **words)


def _time(booking: Booking) -> str:
    start, end = local(booking.starts_at), local(booking.ends_at)
    same_day = start.date() == end.date()
    return f"{start:%Y-%m-%d %H:%M} – {end:%H:%M}" if same_day else f"{start:%Y-%m-%d %H:%M} – {end:%Y-%m-%d %H:%M}"


def _reason(booking: Booking) -> str | None:
    steps = select(BookingStep.note).where(BookingStep.booking_id == booking.id).order_by(BookingStep.id.desc())
    return session.scalars(steps.limit(1)).first()
