"""Whether a request for time could be met, and at what price: one check for booking, preview and move.

Higher features (billing limits, training) join it with the `checks` of their `Feature`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select

from app.access import Actor
from app.access.authority import may
from app.booking import queries
from app.booking.models import Booking, Occupation, OccupationKind, Source
from app.booking.permissions import BookingPermission
from app.booking.queries import InstrumentContext
from app.booking.rules.places import allocate
from app.booking.rules.purposes import Purpose
from app.booking.rules.refusals import BookingFacts, RefusalCode, late_to_cancel, period_wanted, refusals
from app.booking.rules.states import BookingState
from app.catalogue.models import Instrument, InstrumentState, ServiceMode
from app.catalogue.rules.words import ShareMode
from app.infra.db import session
from app.infra.feature import installed
from app.kernel.civil import civil_day
from app.kernel.errors import Refusal, Refused
from app.kernel.period import Period
from app.organisations.models import Organisation, OrganisationState
from app.organisations.queries import legal_person
from app.pricing import queries as pricing
from app.pricing.models import PriceList
from app.pricing.rules import ClientClass, Quote, price_for, quote


@dataclass(frozen=True, slots=True)
class BookingRequest:
    """What a client asks for. `client` and `instrument` are public ids; times are UTC.

    `moving` is the booking that is to have this time: what it holds itself is in nobody's way.
    """

    instrument: str
    client: str
    starts_at: datetime
    ends_at: datetime
    description: str
    purpose: Purpose = Purpose.RESEARCH
    mode: ServiceMode | None = None
    source: Source = Source.WEB
    moving: Booking | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What a use would cost under the price in force at its start."""

    client_class: ClientClass
    price: PriceList
    quote: Quote


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a check: facts and offer, and every refusal at once, in the order of the rules.

    Without `facts` no period was asked for; without `offer` a refusal says which class has no price.
    """

    facts: BookingFacts | None
    offer: Offer | None
    refusals: tuple[Refusal, ...]

    def or_refuse(self) -> tuple[BookingFacts, Offer]:
        """Facts and offer of a request that can be met; raises Refused with every refusal of one that cannot."""
        if self.refusals or self.facts is None or self.offer is None:
            raise Refused(*self.refusals)
        return self.facts, self.offer


def check(
    request: BookingRequest, found: InstrumentContext, client: Organisation, *, actor: Actor, now: datetime
) -> Checked:
    """Ask every rule, the price list and the checks of other features. Writes nothing; a caller that books holds the
    lock of the calendar."""
    try:
        wanted = period_wanted(request.starts_at, request.ends_at)
    except Refused as refused:
        return Checked(None, None, tuple(refused.refusals))
    facts = load_facts(wanted, found, client, moving=request.moving, now=now)
    offer = _offer(wanted, found, client)
    said_no = [
        *refusals(facts),
        *_of_price(offer, wanted, found, client),
        *_of_request(request, found.instrument, client, actor),
    ]
    said_no += _of_move(request, facts, actor, now)
    for further in installed().checks:
        said_no += further(found, client, wanted, actor, now)
    return Checked(facts, offer, tuple(said_no))


def load_facts(
    wanted: Period, found: InstrumentContext, client: Organisation, *, moving: Booking | None, now: datetime
) -> BookingFacts:
    """Everything the rules may look at."""
    instrument = found.instrument
    reach = queries.lookup_window(wanted, instrument, now=now)
    rules = queries.rules_of(instrument, queries.opening_of(instrument, reach))
    own = _own(moving)
    held = [one for one in queries.occupations_on(found.calendar.id, reach) if one.id not in own]
    repairs = queries.places_held([one for one in held if one.kind is OccupationKind.MAINTENANCE])
    return BookingFacts(
        wanted=wanted,
        now=now,
        rules=rules,
        occupations=queries.places_held(held),
        open_for_booking=instrument.state is InstrumentState.LISTED
        and found.provider.state is not OrganisationState.SUSPENDED,
        shared_with_client=_shared(instrument, found.provider, client, on=civil_day(wanted.start)),
        client_verified=client.state is OrganisationState.VERIFIED,
        # Whether repairs alone would leave no place for it.
        in_service=allocate(rules.held(wanted), repairs, rules.place_request, now=now) is not None,
        suspended_until=None,
    )


def _own(moving: Booking | None) -> frozenset[int]:
    if moving is None:
        return frozenset()
    return frozenset(session.scalars(select(Occupation.id).where(Occupation.booking_id == moving.id)))


def _shared(instrument: Instrument, provider: Organisation, client: Organisation, *, on: date) -> bool:
    if instrument.share_mode is ShareMode.EXTERNAL:
        return True
    own = legal_person(provider, on=on) == legal_person(client, on=on)
    return instrument.share_mode is ShareMode.INTERNAL and own


def _offer(wanted: Period, found: InstrumentContext, client: Organisation) -> Offer | None:
    """The quote by the price in force on the day the use begins; None where this class has no price."""
    day = civil_day(wanted.start)
    wanted_class = pricing.client_class(client, found.provider, on=day)
    price = price_for(wanted_class, pricing.prices_on(found.instrument.id, day))
    return Offer(wanted_class, price, quote(pricing.hourly(price), wanted.seconds // 60)) if price else None


def _of_price(offer: Offer | None, wanted: Period, found: InstrumentContext, client: Organisation) -> Iterator[Refusal]:
    if offer is None:
        refused = pricing.client_class(client, found.provider, on=civil_day(wanted.start))
        yield Refusal(RefusalCode.NO_PRICE, {"client_class": refused})


def modes_of(instrument: Instrument) -> list[ServiceMode]:
    return [ServiceMode(value) for value in instrument.modes] or [ServiceMode.SELF_OPERATED]


def _of_request(
    request: BookingRequest, instrument: Instrument, client: Organisation, actor: Actor
) -> Iterator[Refusal]:
    """What the request itself says no to: a way of working not offered, or that it has been asked for already."""
    if request.moving is not None:
        return
    offered = modes_of(instrument)
    if request.mode is not None and request.mode not in offered:
        yield Refusal(RefusalCode.MODE_NOT_OFFERED, {"offered": [mode.value for mode in offered]}, "mode")
    # Of several places somebody may want two.
    if instrument.needs_approval and not instrument.pending_blocks and instrument.places == 1:
        wanted = Period(request.starts_at, request.ends_at)
        if number := queries.asked_before(instrument.id, client.id, actor.user_id, wanted):
            yield Refusal(RefusalCode.ALREADY_ASKED, {"number": number})


def _of_move(request: BookingRequest, facts: BookingFacts, actor: Actor, now: datetime) -> Iterator[Refusal]:
    """A confirmed booking is moved until the published hours before its start; the staff may later, too."""
    booking = request.moving
    if booking is None or booking.state is not BookingState.CONFIRMED or may(actor, BookingPermission.DECIDE, booking):
        return
    if late := late_to_cancel(Period(booking.starts_at, booking.ends_at), facts.rules, now=now):
        yield replace(late, code=RefusalCode.TOO_LATE_TO_MOVE)
