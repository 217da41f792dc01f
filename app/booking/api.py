"""Bookings, quotes and free time for programs."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from flask_babel import lazy_gettext as _l
from pydantic import Field

from app.api import ApiBlueprint
from app.api.blueprint import BASE, ApiResponse
from app.api.operations import Versions
from app.api.paging import Paged, page
from app.api.schemas import Amount, Answer, Body, Instant, Line, Listed, Paragraph, PublicId, RefusalOut
from app.booking import queries
from app.booking.models import Booking, Source
from app.booking.permissions import BookingPermission
from app.booking.rules.purposes import Purpose
from app.booking.rules.refusals import period_wanted
from app.booking.rules.states import BookingState
from app.booking.services import approval, cancellation
from app.booking.services.check import BookingRequest, Checked
from app.booking.services.move import NewTime
from app.booking.services.move import move as give_new_time
from app.booking.services.preview import preview
from app.booking.services.request import lines_of, request_booking
from app.catalogue.models import ServiceMode
from app.catalogue.permissions import InstrumentPermission
from app.kernel.canonical import plain
from app.kernel.errors import refuse
from app.pricing.rules import ClientClass
from app.web.current import current_actor, now
from app.web.labels import message

api = ApiBlueprint("booking_api", __name__)

LONGEST = timedelta(days=62)


class QuoteLine(Answer):
    code: str
    quantity: str
    unit_price_fen: Amount
    per: int
    amount_fen: Amount


class WishIn(Body):
    """A request for time on one instrument, on behalf of one client organisation."""

    instrument: PublicId
    client: PublicId
    starts_at: Instant
    ends_at: Instant
    description: Paragraph = ""
    purpose: Annotated[Purpose, Field(strict=False)] = Purpose.RESEARCH
    mode: Annotated[ServiceMode | None, Field(strict=False)] = None

    def booking_request(self) -> BookingRequest:
        return BookingRequest(source=Source.API, **{name: getattr(self, name) for name in type(self).model_fields})


class QuoteOut(Answer):
    """What a request would cost now, and every rule that would refuse it."""

    client_class: ClientClass | None
    lines: list[QuoteLine]
    total_fen: Amount | None
    refusals: list[RefusalOut]


class BookingOut(Answer):
    id: PublicId
    number: str
    state: BookingState
    instrument: PublicId
    client: PublicId
    starts_at: Instant
    ends_at: Instant
    description: str
    purpose: Purpose
    mode: ServiceMode
    client_class: ClientClass
    quote: list[QuoteLine]
    quoted_fen: Amount
    created_at: Instant
    version: int


class BookingList(Listed):
    items: list[BookingOut]


class BookingQuery(Paged):
    state: Annotated[BookingState | None, Field(strict=False)] = None


class Within(Body):
    start: Instant
    end: Instant


class FreePeriod(Answer):
    starts_at: Instant
    ends_at: Instant


class Availability(Answer):
    """Open time that nothing holds, in order; buffers and lead time are left to the quote."""

    free: list[FreePeriod]


class Reason(Body):
    reason: Line = ""


class NewTimeIn(Reason):
    """Where a booking goes."""

    starts_at: Instant
    ends_at: Instant


def serialize_booking(booking: Booking, instrument: str, client: str) -> BookingOut:
    return BookingOut(
        id=booking.public_id,
        number=booking.number,
        state=booking.state,
        instrument=instrument,
        client=client,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        description=booking.description,
        purpose=booking.purpose,
        mode=booking.mode,
        client_class=booking.client_class,
        quote=[QuoteLine(**line) for line in booking.quote],
        quoted_fen=booking.quoted.fen,
        created_at=booking.created_at,
        version=booking.version,
    )


def booking_response(booking: Booking) -> ApiResponse:
    """The booking as it stands now, read with its parties."""
    _booking, instrument, client = queries.with_parties(booking)
    return ApiResponse(serialize_booking(booking, instrument.public_id, client.public_id), version=booking.version)


@api.operation(
    "GET",
    "/instruments/<uuid:instrument>/availability",
    permission=InstrumentPermission.VIEW,
    summary=_l("Free time of one instrument within at most 62 days"),
    answer=Availability,
    query=Within,
)
def availability(instrument: str, query: Within) -> ApiResponse:
    within = period_wanted(query.start, query.end)
    if within.length > LONGEST:
        raise refuse("period-too-long", "end", days=LONGEST.days)
    found = queries.find_context(instrument, actor=current_actor())
    free = queries.free_time(found.instrument, within)
    return ApiResponse(Availability(free=[FreePeriod(starts_at=p.start, ends_at=p.end) for p in free]))


@api.operation(
    "POST",
    "/quotes",
    permission=BookingPermission.CREATE,
    summary=_l("Price a wish and name every rule that would refuse it; nothing is written"),
    answer=QuoteOut,
    body=WishIn,
)
def quote(body: WishIn) -> ApiResponse:
    return ApiResponse(_quote_out(preview(body.booking_request(), actor=current_actor(), now=now())))


def _quote_out(seen: Checked) -> QuoteOut:
    refusals = [
        RefusalOut(code=r.code, detail=message(r), field=r.field, params=plain(dict(r.params))) for r in seen.refusals
    ]
    if seen.offer is None:
        return QuoteOut(client_class=None, lines=[], total_fen=None, refusals=refusals)
    return QuoteOut(
        client_class=seen.offer.client_class,
        lines=[QuoteLine(**line) for line in lines_of(seen.offer.quote)],
        total_fen=seen.offer.quote.total.fen,
        refusals=refusals,
    )


@api.operation(
    "GET",
    "/bookings",
    permission=BookingPermission.VIEW,
    summary=_l("The bookings the token's owner may see"),
    answer=BookingList,
    query=BookingQuery,
)
def bookings(query: BookingQuery) -> ApiResponse:
    visible = queries.bookings_visible(current_actor())
    if query.state is not None:
        visible = visible.where(Booking.state == query.state)
    rows, following = page(visible, Booking, query)
    return ApiResponse(
        BookingList(items=[serialize_booking(b, i.public_id, c.public_id) for b, i, c in rows], next=following)
    )


@api.operation(
    "POST",
    "/bookings",
    permission=BookingPermission.CREATE,
    summary=_l("Book, or ask for approval where the instrument wants it; 409 slot-taken where the time is gone"),
    answer=BookingOut,
    body=WishIn,
    status=201,
)
def create(body: WishIn) -> ApiResponse:
    booking = request_booking(body.booking_request(), actor=current_actor(), now=now())
    # The parties are those just named, so they need not be read again.
    known = serialize_booking(booking, body.instrument, body.client)
    return ApiResponse(known, version=booking.version, location=f"{BASE}/bookings/{booking.public_id}")


@api.operation(
    "GET", "/bookings/<uuid:booking>", permission=BookingPermission.VIEW, summary=_l("One booking"), answer=BookingOut
)
def one(booking: str) -> ApiResponse:
    return booking_response(queries.find_booking(booking, actor=current_actor()))


@api.operation(
    "POST",
    "/bookings/<uuid:booking>/approve",
    permission=BookingPermission.DECIDE,
    summary=_l("Grant a request"),
    answer=BookingOut,
    versions=Versions.OPTIONAL,
)
def approve(booking: str, version: int | None) -> ApiResponse:
    return booking_response(approval.approve(booking, version=version, actor=current_actor(), now=now()))


@api.operation(
    "POST",
    "/bookings/<uuid:booking>/decline",
    permission=BookingPermission.DECIDE,
    summary=_l("Refuse a request, with a reason"),
    answer=BookingOut,
    body=Reason,
    versions=Versions.OPTIONAL,
)
def decline(booking: str, body: Reason, version: int | None) -> ApiResponse:
    return booking_response(approval.decline(booking, body.reason, version=version, actor=current_actor(), now=now()))


@api.operation(
    "POST",
    "/bookings/<uuid:booking>/cancel",
    permission=BookingPermission.CANCEL,
    summary=_l("Give the time back"),
    answer=BookingOut,
    body=Reason,
    versions=Versions.OPTIONAL,
)
def cancel(booking: str, body: Reason, version: int | None) -> ApiResponse:
    return booking_response(
        cancellation.cancel(booking, body.reason, version=version, actor=current_actor(), now=now())
    )


@api.operation(
    "POST",
    "/bookings/<uuid:booking>/move",
    permission=BookingPermission.MOVE,
    summary=_l("Give a booking another time, at the price in force then; 409 slot-taken where it is gone"),
    answer=BookingOut,
    body=NewTimeIn,
    versions=Versions.OPTIONAL,
)
def move(booking: str, body: NewTimeIn, version: int | None) -> ApiResponse:
    to = NewTime(body.starts_at, body.ends_at)
    return booking_response(give_new_time(booking, to, body.reason, version=version, actor=current_actor(), now=now()))
