"""Asking for time: quote, rules, lock, insert – the same verb behind every endpoint."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app import audit
from app.access import Actor, authorize
from app.booking import queries
from app.booking.actions import BookingAction
from app.booking.events import BookingPlaced
from app.booking.models import Booking, OccupationKind, UnmetDemand
from app.booking.permissions import BookingPermission
from app.booking.queries import InstrumentContext
from app.booking.rules.places import allocate
from app.booking.rules.refusals import NO_DEMAND
from app.booking.rules.states import BookingState
from app.booking.services.calendar import occupy, overlap_refused, reallocate
from app.booking.services.check import BookingRequest, Offer, check, modes_of
from app.catalogue.models import Instrument
from app.catalogue.permissions import InstrumentPermission
from app.infra import events
from app.infra.db import session
from app.infra.transactions import after_transaction
from app.kernel.canonical import decimal_text
from app.kernel.civil import local
from app.kernel.errors import NotFound, Refused
from app.kernel.ids import new_public_id
from app.organisations.models import Organisation
from app.pricing.rules import Quote

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is read as another


def request_booking(request: BookingRequest, *, actor: Actor, now: datetime) -> Booking:
    """Book, or ask for approval where the instrument wants it.

    Raises Refused with every rule that says no (kept as unmet demand), NotFound for what the
    actor may not see.
    """
    client = client_for(request.client, actor=actor)
    found = queries.lock_calendar(Instrument.public_id == request.instrument)
    if found is None:
        raise NotFound("instrument")
    authorize(actor, InstrumentPermission.VIEW, found.instrument)
    try:
        return _place(request, found, client, actor=actor, now=now)
    except Refused as refused:
        record_unmet_demand(request, found.instrument, client.id, refused, actor=actor, now=now)
        raise


def client_for(public_id: str, *, actor: Actor) -> Organisation:
    """The organisation the actor books for; raises NotFound where they have no role."""
    client = session.scalars(select(Organisation).where(Organisation.public_id == public_id)).first()
    if client is None:
        raise NotFound("organisation")
    authorize(actor, BookingPermission.CREATE, queries.ClientParty(client.id))
    return client


def _place(
    request: BookingRequest, found: InstrumentContext, client: Organisation, *, actor: Actor, now: datetime
) -> Booking:
    facts, offer = check(request, found, client, actor=actor, now=now).or_refuse()
    booking = _write(request, found, client, offer, actor=actor, now=now)
    waits = facts.rules.needs_approval and not facts.rules.pending_blocks
    held = facts.rules.held(facts.wanted)
    allocation = None if waits else allocate(held, facts.occupations, facts.rules.place_request, now=now)
    with overlap_refused():
        reallocate(allocation.moves if allocation else ())
        for place in allocation.places if allocation else (None,):
            occupy(found.instrument, held, place, kind=OccupationKind.BOOKING, booking=booking)
    _announce(booking, actor=actor, now=now)
    return booking


def _write(
    request: BookingRequest,
    found: InstrumentContext,
    client: Organisation,
    offer: Offer,
    *,
    actor: Actor,
    now: datetime,
) -> Booking:
    instrument = found.instrument
    booking = Booking(
        public_id=new_public_id(),
        number=_number(now),
        instrument_id=instrument.id,
        provider_id=instrument.provider_id,
        client_id=client.id,
        user_id=actor.user_id,
        state=BookingState.REQUESTED if instrument.needs_approval else BookingState.CONFIRMED,
        mode=request.mode or modes_of(instrument)[0],
        purpose=request.purpose,
        description=request.description,
        starts_at=request.starts_at,
        ends_at=request.ends_at,
        client_class=offer.client_class,
        price_list_id=offer.price.id,
        quote=lines_of(offer.quote),
        quoted=offer.quote.total,
        source=request.source,
        created_at=now,
    )
    session.add(booking)
    session.flush()
    return booking


def lines_of(priced: Quote) -> list[dict[str, Any]]:
    """A quote as it is stored with the booking and shown by the API; amounts in fen."""
    return [
        {
            "code": line.code,
            "quantity": decimal_text(line.quantity),
            "unit_price_fen": line.unit_price.fen,
            "per": line.per,
            "amount_fen": line.amount.fen,
        }
        for line in priced.lines
    ]


def _number(now: datetime) -> str:
    """Readable aloud: the day and six letters; the unique constraint guards the rest."""
    return f"{local(now):%y%m%d}-{''.join(secrets.choice(_LETTERS) for _ in range(6))}"


def _announce(booking: Booking, *, actor: Actor, now: datetime) -> None:
    confirmed = booking.state is BookingState.CONFIRMED
    after = {
        "state": booking.state,
        "starts_at": booking.starts_at,
        "ends_at": booking.ends_at,
        "quoted": booking.quoted,
    }
    audit.record(
        BookingAction.CONFIRMED if confirmed else BookingAction.REQUESTED, booking, actor=actor, now=now, after=after
    )
    events.publish(BookingPlaced(booking, actor, now))


def record_unmet_demand(
    request: BookingRequest,
    instrument: Instrument,
    client_id: int,
    refused: Refused,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """What is refused is unmet demand, and stays when all else rolls back; asked twice, it is one request."""
    codes = [refusal.code for refusal in refused.refusals if refusal.code not in NO_DEMAND]
    if not codes:
        return
    ordered = request.starts_at < request.ends_at
    kept = {
        "instrument_id": instrument.id,
        "provider_id": instrument.provider_id,
        "client_id": client_id,
        "user_id": actor.user_id,
        "starts_at": request.starts_at if ordered else None,
        "ends_at": request.ends_at if ordered else None,
        "codes": codes,
        "source": request.source,
        "at": now,
    }
    after_transaction(lambda: session.add(UnmetDemand(**kept)))
