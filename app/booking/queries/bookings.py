"""Reading bookings with their parties, their life and the people around them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from app.access import Actor, authorize, scope
from app.access.authority import may
from app.accounts.models import User
from app.booking.models import Booking, BookingGuest, BookingStep, Occupation
from app.booking.permissions import BookingPermission
from app.booking.rules.states import BookingState
from app.catalogue.models import Instrument
from app.infra.db import session
from app.kernel.civil import civil_day
from app.kernel.errors import NotFound
from app.kernel.period import Period
from app.organisations.models import Organisation
from app.organisations.queries import people_of


def find_booking(public_id: str, *, actor: Actor) -> Booking:
    """A booking this actor may see; raises NotFound alike for absent and foreign ones."""
    booking = session.scalars(select(Booking).where(Booking.public_id == public_id)).first()
    if booking is None:
        raise NotFound("booking")
    authorize(actor, BookingPermission.VIEW, booking)
    return booking


def waiting_rows(booking: Booking) -> Select[Occupation]:
    """The time a request waits for; what was held once and given back had a place."""
    return select(Occupation).where(Occupation.booking_id == booking.id, ~Occupation.active, Occupation.place.is_(None))


def bookings_visible(actor: Actor) -> Select[Any, Any, Any]:
    """(Booking, Instrument, client Organisation) the actor may see."""
    return (
        select(Booking, Instrument, Organisation)
        .join(Instrument, Booking.instrument_id == Instrument.id)
        .join(Organisation, Booking.client_id == Organisation.id)
        .where(scope(actor, BookingPermission.VIEW, Booking))
    )


def booking_of(booking_id: int) -> Booking:
    """For features above, which have already asked whether the reader may see what hangs on it."""
    return session.get_one(Booking, booking_id)


def with_parties(booking: Booking) -> tuple[Booking, Instrument, Organisation]:
    """The same row with its instrument and client."""
    parties = (
        select(Instrument, Organisation)
        .join(Organisation, Organisation.id == booking.client_id)
        .where(Instrument.id == booking.instrument_id)
    )
    return (booking, *session.execute(parties).one())


def asked_before(instrument_id: int, client_id: int, user_id: int | None, wanted: Period) -> str | None:
    """The number of a request of this person for some of this time that nobody has decided yet."""
    return session.scalars(
        select(Booking.number)
        .where(Booking.instrument_id == instrument_id, Booking.client_id == client_id, Booking.user_id == user_id)
        .where(Booking.state == BookingState.REQUESTED)
        .where(Booking.starts_at < wanted.end, Booking.ends_at > wanted.start)
        .limit(1)
    ).first()


def life_of(booking: Booking) -> list[BookingStep]:
    return list(
        session.scalars(select(BookingStep).where(BookingStep.booking_id == booking.id).order_by(BookingStep.id))
    )


def guests_of(booking: Booking) -> list[int]:
    return list(session.scalars(select(BookingGuest.user_id).where(BookingGuest.booking_id == booking.id)))


def clients_of(actor: Actor) -> list[Organisation]:
    """The organisations this person may book for."""
    mine = [party for party in actor.organisations() if may(actor, BookingPermission.CREATE, ClientParty(party))]
    rows = select(Organisation).where(Organisation.id.in_(mine)).order_by(Organisation.sort_key, Organisation.id)
    return list(session.scalars(rows)) if mine else []


@dataclass(frozen=True, slots=True)
class ClientParty:
    """A client as the policy sees it, before there is a booking."""

    client_id: int


@dataclass(frozen=True)
class BookingDetails:
    """What a booking's page shows beside the booking itself."""

    instrument: Instrument
    client: Organisation
    provider: Organisation
    life: list[BookingStep]
    names: dict[int, str]  # of everybody named in its life
    guests: list[int]
    colleagues: dict[int, str]


def booking_details(booking: Booking, *, now: datetime) -> BookingDetails:
    client, provider = aliased(Organisation), aliased(Organisation)
    parties = (
        select(Instrument, client, provider)
        .join(provider, provider.id == Instrument.provider_id)
        .join(client, client.id == booking.client_id)
        .where(Instrument.id == booking.instrument_id)
    )
    instrument, client_row, provider_row = session.execute(parties).one()
    life, guests = life_of(booking), guests_of(booking)
    known = people_of(booking.client_id, today=civil_day(now))
    wanted = {booking.user_id, *guests, *(step.user_id for step in life if step.user_id is not None)}
    named = session.execute(select(User.id, User.name).where(User.id.in_(wanted)))
    return BookingDetails(instrument, client_row, provider_row, life, {r.id: r.name for r in named}, guests, known)


def waiting_for(actor: Actor) -> Select[Any, Any, Any]:
    """Requests this person may decide."""
    return (
        select(Booking, Instrument, Organisation)
        .join(Instrument, Booking.instrument_id == Instrument.id)
        .join(Organisation, Booking.client_id == Organisation.id)
        .where(Booking.state == BookingState.REQUESTED, scope(actor, BookingPermission.DECIDE, Booking))
    )
