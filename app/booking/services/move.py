"""Moving a booking to another time: the booking stays, one occupation is given back and another inserted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.access import Actor, authorize
from app.access.authority import may
from app.booking import queries
from app.booking.actions import BookingAction
from app.booking.events import BookingMoved
from app.booking.models import Booking, OccupationKind
from app.booking.permissions import BookingPermission
from app.booking.queries import InstrumentContext
from app.booking.rules.places import allocate
from app.booking.rules.refusals import BookingFacts
from app.booking.rules.states import BookingMove, BookingState, moved
from app.booking.services.calendar import occupy, overlap_refused, reallocate, release
from app.booking.services.check import BookingRequest, Checked, check
from app.booking.services.request import lines_of, record_unmet_demand
from app.booking.services.transitions import advance, for_change
from app.infra.db import session
from app.kernel.civil import local
from app.kernel.errors import Refused, refuse
from app.kernel.period import Period
from app.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class NewTime:
    starts_at: datetime
    ends_at: datetime


def move(
    public_id: str, to: NewTime, reason: str = "", *, version: int | None = None, actor: Actor, now: datetime
) -> Booking:
    """Give a booking another time, at the price in force then.

    The client may until the published hours before the start, the staff until use begins or the time
    is freed as missed. Where the instrument wants approval, what the client moves is asked for again.
    Raises Refused with every rule that says no; the booking then keeps its time.
    """
    booking, found = for_change(public_id, BookingPermission.MOVE, version, actor=actor)
    after = moved(booking.state, BookingMove.RESCHEDULE)
    if (to.starts_at, to.ends_at) == (booking.starts_at, booking.ends_at):
        raise refuse("same-time", "starts_at")
    request, client = _request(booking, to, found), session.get_one(Organisation, booking.client_id)
    try:
        facts, offer = check(request, found, client, actor=actor, now=now).or_refuse()
    except Refused as refused:
        record_unmet_demand(request, found.instrument, booking.client_id, refused, actor=actor, now=now)
        raise
    if facts.rules.needs_approval and not may(actor, BookingPermission.DECIDE, booking):
        after = BookingState.REQUESTED
    before = Period(booking.starts_at, booking.ends_at)
    booking.starts_at, booking.ends_at = to.starts_at, to.ends_at
    booking.client_class, booking.price_list_id = offer.client_class, offer.price.id
    booking.quote, booking.quoted = lines_of(offer.quote), offer.quote.total
    _seat(booking, facts, found, waits=after is BookingState.REQUESTED and not facts.rules.pending_blocks)
    note = f"{_words(before)} → {_words(facts.wanted)}{f' ({reason})' if reason else ''}"
    advance(booking, after, BookingAction.MOVED, BookingMoved, actor=actor, now=now, note=note)
    return booking


def _words(during: Period) -> str:
    return f"{local(during.start):%Y-%m-%d %H:%M}–{local(during.end):%m-%d %H:%M}"


def preview_move(public_id: str, to: NewTime, *, actor: Actor, now: datetime) -> Checked:
    """What would come of it, without a lock and without a trace."""
    booking = queries.find_booking(public_id, actor=actor)
    authorize(actor, BookingPermission.MOVE, booking)
    found = queries.context_of(booking)
    client = session.get_one(Organisation, booking.client_id)
    return check(_request(booking, to, found), found, client, actor=actor, now=now)


def _request(booking: Booking, to: NewTime, found: InstrumentContext) -> BookingRequest:
    """The booking as it would be asked for anew, at the other time."""
    return BookingRequest(
        found.instrument.public_id,
        "",
        to.starts_at,
        to.ends_at,
        booking.description,
        purpose=booking.purpose,
        mode=booking.mode,
        source=booking.source,
        moving=booking,
    )


def _seat(booking: Booking, facts: BookingFacts, found: InstrumentContext, *, waits: bool) -> None:
    held = facts.rules.held(facts.wanted)
    allocation = None if waits else allocate(held, facts.occupations, facts.rules.place_request, now=facts.now)
    with overlap_refused():
        release(booking)
        waiting = session.scalars(queries.waiting_rows(booking)).first()
        if waiting is not None:
            waiting.starts_at, waiting.ends_at = held.start, held.end
        elif waits:
            occupy(found.instrument, held, None, kind=OccupationKind.BOOKING, booking=booking)
        reallocate(allocation.moves if allocation else ())
        for place in allocation.places if allocation else ():
            occupy(found.instrument, held, place, kind=OccupationKind.BOOKING, booking=booking)
