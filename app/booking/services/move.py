"""Moving a booking to another time: the booking stays, one occupation is given back and another inserted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from app.access import Actor, authorize
from app.access.authority import may
from app.booking import queries
from app.booking.actions import BookingAction
from app.booking.events import BookingMoved
from app.booking.models import Booking, Occupation, OccupationKind
from app.booking.permissions import BookingPermission
from app.booking.queries import InstrumentContext
from app.booking.rules.places import allocate
from app.booking.rules.refusals import BookingFacts, RefusalCode, late_to_cancel, period_wanted, refusals
from app.booking.rules.states import BookingMove, BookingState, moved
from app.booking.services import checks
from app.booking.services.calendar import occupy, overlap_refused, reallocate, release
from app.booking.services.preview import Preview
from app.booking.services.request import BookingRequest, lines_of, load_facts, quote_or_refusal, record_unmet_demand
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
    staff = may(actor, BookingPermission.DECIDE, booking)
    facts = _facts(booking, period_wanted(to.starts_at, to.ends_at), found, now=now)
    shown = _preview(booking, facts, found, actor=actor, now=now)
    if shown.refusals or shown.offer is None:
        refused = Refused(*shown.refusals)
        asked = BookingRequest(found.instrument.public_id, "", to.starts_at, to.ends_at, "", source=booking.source)
        record_unmet_demand(asked, found.instrument, booking.client_id, refused, actor=actor, now=now)
        raise refused
    if facts.rules.needs_approval and not staff:
        after = BookingState.REQUESTED
    before = Period(booking.starts_at, booking.ends_at)
    booking.starts_at, booking.ends_at = to.starts_at, to.ends_at
    booking.client_class, booking.price_list_id = shown.offer.client_class, shown.offer.price.id
    booking.quote, booking.quoted = lines_of(shown.offer.quote), shown.offer.quote.total
    _seat(booking, facts, found, waits=after is BookingState.REQUESTED and not facts.rules.pending_blocks)
    note = f"{_words(before)} → {_words(facts.wanted)}{f' ({reason})' if reason else ''}"
    advance(booking, after, BookingAction.MOVED, BookingMoved, actor=actor, now=now, note=note)
    return booking


def _words(during: Period) -> str:
    return f"{local(during.start):%Y-%m-%d %H:%M}–{local(during.end):%m-%d %H:%M}"


def preview_move(public_id: str, to: NewTime, *, actor: Actor, now: datetime) -> Preview:
    """What would come of it, without a lock and without a trace."""
    booking = queries.find_booking(public_id, actor=actor)
    authorize(actor, BookingPermission.MOVE, booking)
    found = queries.context_of(booking)
    try:
        wanted = period_wanted(to.starts_at, to.ends_at)
    except Refused as refused:
        return Preview(None, refused.refusals)
    return _preview(booking, _facts(booking, wanted, found, now=now), found, actor=actor, now=now)


def _facts(booking: Booking, wanted: Period, found: InstrumentContext, *, now: datetime) -> BookingFacts:
    """As for a new wish, but what the booking itself holds is in nobody's way."""
    client = session.get_one(Organisation, booking.client_id)
    facts = load_facts(wanted, found, client, now=now)
    own = set(session.scalars(select(Occupation.id).where(Occupation.booking_id == booking.id)))
    return replace(facts, occupations=tuple(one for one in facts.occupations if one.key not in own))


def _preview(
    booking: Booking, facts: BookingFacts, found: InstrumentContext, *, actor: Actor, now: datetime
) -> Preview:
    client = session.get_one(Organisation, booking.client_id)
    offer, unpriced = quote_or_refusal(facts.wanted, found, client)
    said_no = [*refusals(facts), *unpriced]
    said_no += checks.refusals(found, client, facts.wanted, actor=actor, now=now)
    if booking.state is BookingState.CONFIRMED and not may(actor, BookingPermission.DECIDE, booking):
        late = late_to_cancel(Period(booking.starts_at, booking.ends_at), facts.rules, now=now)
        said_no += [replace(late, code=RefusalCode.TOO_LATE_TO_MOVE)] if late else []
    return Preview(offer, said_no)


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
