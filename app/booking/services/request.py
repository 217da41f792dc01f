"""Asking for time: quote, rules, lock, insert – the same verb behind every endpoint."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app import audit
from app.access import Actor, authorize
from app.booking import queries
from app.booking.actions import BookingAction
from app.booking.events import BookingPlaced
from app.booking.models import Booking, OccupationKind, Source, UnmetDemand
from app.booking.permissions import BookingPermission
from app.booking.queries import InstrumentContext
from app.booking.rules.places import allocate
from app.booking.rules.purposes import Purpose
from app.booking.rules.refusals import BookingFacts, period_wanted, refusals
from app.booking.rules.states import BookingState
from app.booking.services import checks
from app.booking.services.calendar import occupy, overlap_refused, reallocate
from app.catalogue.models import Instrument, InstrumentState, ServiceMode
from app.catalogue.permissions import InstrumentPermission
from app.catalogue.rules.words import ShareMode
from app.infra import events
from app.infra.db import session
from app.infra.transactions import after_transaction
from app.kernel.canonical import decimal_text
from app.kernel.civil import local
from app.kernel.errors import NotFound, Refusal, Refused
from app.kernel.ids import new_public_id
from app.kernel.period import Period
from app.organisations.models import Organisation, OrganisationState
from app.pricing import queries as pricing
from app.pricing.models import PriceList
from app.pricing.rules import ClientClass, Quote, price_for, quote

ALREADY_ASKED = "already-asked"
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is read as another


@dataclass(frozen=True, slots=True)
class BookingRequest:
    """What a client asks for. `client` and `instrument` are public ids; times are UTC."""

    instrument: str
    client: str
    starts_at: datetime
    ends_at: datetime
    description: str
    purpose: Purpose = Purpose.RESEARCH
    mode: ServiceMode | None = None
    source: Source = Source.WEB


@dataclass(frozen=True, slots=True)
class Offer:
    """What a wish would cost under the price in force at its start."""

    client_class: ClientClass
    price: PriceList
    quote: Quote


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
    wanted = period_wanted(request.starts_at, request.ends_at)
    facts = load_facts(wanted, found, client, now=now)
    offer, unpriced = quote_or_refusal(wanted, found, client)
    unfit = request_refusals(request, found.instrument, client, actor=actor)
    said_no = [*refusals(facts), *unpriced, *unfit, *checks.refusals(found, client, wanted, actor=actor, now=now)]
    if said_no:
        raise Refused(*said_no)
    assert offer is not None  # noqa: S101  no offer is a refusal
    booking = _write(request, found, client, offer, actor=actor, now=now)
    waits = facts.rules.needs_approval and not facts.rules.pending_blocks
    held = facts.rules.held(wanted)
    allocation = None if waits else allocate(held, facts.occupations, facts.rules.place_request, now=now)
    with overlap_refused():
        reallocate(allocation.moves if allocation else ())
        for place in allocation.places if allocation else (None,):
            occupy(found.instrument, held, place, kind=OccupationKind.BOOKING, booking=booking)
    _tell(booking, actor=actor, now=now)
    return booking


def load_facts(wanted: Period, found: InstrumentContext, client: Organisation, *, now: datetime) -> BookingFacts:
    """Everything the rules may look at, read under the lock."""
    instrument = found.instrument
    reach = queries.lookup_window(wanted, instrument, now=now)
    rules = queries.rules_of(instrument, queries.opening_of(instrument, reach))
    held = queries.occupations_on(found.calendar.id, reach)
    repairs = queries.places_held([one for one in held if one.kind is OccupationKind.MAINTENANCE])
    return BookingFacts(
        wanted=wanted,
        now=now,
        rules=rules,
        occupations=queries.places_held(held),
        # Whether repairs alone would leave no place for it.
        in_service=allocate(rules.held(wanted), repairs, rules.place_request, now=now) is not None,
        open_for_booking=instrument.state is InstrumentState.LISTED
        and found.provider.state is not OrganisationState.SUSPENDED,
        shared_with_client=_shared(instrument, found.provider, client),
        client_verified=client.state is OrganisationState.VERIFIED,
    )


def _shared(instrument: Instrument, provider: Organisation, client: Organisation) -> bool:
    if instrument.share_mode is ShareMode.EXTERNAL:
        return True
    own = pricing.legal_person(provider) == pricing.legal_person(client)
    return instrument.share_mode is ShareMode.INTERNAL and own


def offer_for(wanted: Period, found: InstrumentContext, client: Organisation) -> Offer | None:
    """The quote by the price in force on the day the use begins; None where this class has no price."""
    wanted_class = pricing.client_class(client, found.provider)
    listed = pricing.prices_on(found.instrument.id, local(wanted.start).date())
    price = price_for(wanted_class, listed)
    if price is None:
        return None
    return Offer(wanted_class, price, quote(pricing.hourly(price), wanted.seconds // 60))


def quote_or_refusal(
    wanted: Period, found: InstrumentContext, client: Organisation
) -> tuple[Offer | None, list[Refusal]]:
    """The quote, or the refusal that stands in its place and names the class without a price."""
    offer = offer_for(wanted, found, client)
    return offer, [] if offer else [Refusal("no-price", {"client_class": pricing.client_class(client, found.provider)})]


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
        mode=request.mode or _modes(instrument)[0],
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


def _modes(instrument: Instrument) -> list[ServiceMode]:
    return [ServiceMode(value) for value in instrument.modes] or [ServiceMode.SELF_OPERATED]


def request_refusals(
    request: BookingRequest, instrument: Instrument, client: Organisation, *, actor: Actor
) -> list[Refusal]:
    """What the wish itself says no to: a way of working not offered, or that it has been asked for already."""
    offered, said_no = _modes(instrument), []
    if request.mode is not None and request.mode not in offered:
        said_no.append(Refusal("mode-not-offered", {"offered": [mode.value for mode in offered]}, "mode"))
    # Of several places somebody may want two.
    if instrument.needs_approval and not instrument.pending_blocks and instrument.places == 1:
        wanted = Period(request.starts_at, request.ends_at)
        if number := queries.asked_before(instrument.id, client.id, actor.user_id, wanted):
            said_no.append(Refusal(ALREADY_ASKED, {"number": number}))
    return said_no


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


def _tell(booking: Booking, *, actor: Actor, now: datetime) -> None:
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
    """A wish refused is demand not met, and stays when everything else rolls back; what is asked twice is one wish."""
    codes = [refusal.code for refusal in refused.refusals if refusal.code != ALREADY_ASKED]
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
