"""Approving, declining, cancelling, inviting: what happens to a booking before it is used."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, select

from app import audit
from app.access import Actor, Permission, authorize
from app.access.authority import may
from app.audit import Action
from app.booking import queries
from app.booking.actions import BookingAction
from app.booking.events import BookingCancelled, BookingDecided, BookingEvent, BookingMissed, GuestInvited, GuestLeft
from app.booking.models import Booking, BookingGuest, BookingStep, Occupation, UnmetDemand
from app.booking.permissions import BookingPermission
from app.booking.rules.demand import DemandReason
from app.booking.rules.opening import ALWAYS_OPEN
from app.booking.rules.places import take
from app.booking.rules.refusals import RefusalCode, late_to_cancel, missed_at
from app.booking.rules.states import BookingMove, BookingState, moved
from app.booking.services.calendar import occupy, overlap_refused, release, reseat
from app.catalogue.models import Instrument
from app.infra import events
from app.infra.db import session
from app.infra.locks import locked, require_version
from app.kernel.civil import civil_day
from app.kernel.errors import NotFound, refuse
from app.kernel.period import Period
from app.organisations.queries import people_of
from app.pricing.rules import ClientClass


def approve(public_id: str, *, version: int | None = None, actor: Actor, now: datetime) -> Booking:
    """Grant a request: its occupation is seated under the calendar lock, and the constraint decides."""
    booking, found = for_change(public_id, BookingPermission.DECIDE, version, actor=actor)
    after = moved(booking.state, BookingMove.APPROVE)
    if booking.user_id == actor.user_id and not _own_house(booking):
        raise refuse("own-case")
    if booking.starts_at < now:
        raise refuse("asked-time-passed")
    waiting = session.scalars(queries.waiting_rows(booking)).first()
    if waiting is not None:
        _seat(waiting, found, now=now)
    advance(booking, after, BookingAction.CONFIRMED, BookingDecided, actor=actor, now=now)
    return booking


def _own_house(booking: Booking) -> bool:
    """Staff use of the provider's own instrument is accepted by rule (domain.md §2)."""
    return booking.client_class is ClientClass.OWN_UNIT


def _seat(waiting: Occupation, found: queries.Bench, *, now: datetime) -> None:
    held = Period(waiting.starts_at, waiting.ends_at)
    reach = queries.relevant(held, found.instrument.places, now=now)
    taken = queries.seated(queries.occupations_on(found.calendar.id, reach))
    taking = take(held, taken, queries.claim_of(found.instrument), now=now)
    if taking is None:
        raise refuse(RefusalCode.SLOT_TAKEN, next_free=[])
    with overlap_refused():
        reseat(taking.moves)
        waiting.place, waiting.active = taking.places[0], True
        booking = session.get_one(Booking, waiting.booking_id)
        for place in taking.places[1:]:
            occupy(found.instrument, held, place, kind=waiting.kind, booking=booking)


def unmet(booking: Booking, reason: DemandReason, *, now: datetime) -> UnmetDemand:
    """A request that nobody granted is demand not met, too."""
    return UnmetDemand(
        instrument_id=booking.instrument_id,
        provider_id=booking.provider_id,
        client_id=booking.client_id,
        user_id=booking.user_id,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        codes=[reason],
        source=booking.source,
        at=now,
    )


def decline(public_id: str, reason: str, *, version: int | None = None, actor: Actor, now: datetime) -> Booking:
    """Refuse a request; the client reads the reason."""
    booking, _ = for_change(public_id, BookingPermission.DECIDE, version, actor=actor)
    if not reason:
        raise refuse("reason-missing", "reason")
    release(booking)
    after = moved(booking.state, BookingMove.DECLINE)
    session.add(unmet(booking, DemandReason.DECLINED, now=now))
    advance(booking, after, BookingAction.DECLINED, BookingDecided, actor=actor, now=now, note=reason)
    return booking


def cancel(public_id: str, reason: str = "", *, version: int | None = None, actor: Actor, now: datetime) -> Booking:
    """Give the time back. The client may until the published hours before the start, the staff until the start."""
    booking, found = for_change(public_id, BookingPermission.CANCEL, version, actor=actor)
    after = moved(booking.state, BookingMove.CANCEL)
    staff = may(actor, BookingPermission.DECIDE, booking)
    if booking.state is BookingState.CONFIRMED and not staff:
        rules = queries.rules_of(found.instrument, ALWAYS_OPEN)
        late = late_to_cancel(Period(booking.starts_at, booking.ends_at), rules, now=now)
        if late:
            raise refuse(late.code, **dict(late.params))
    if staff and not reason and booking.user_id != actor.user_id:
        raise refuse("reason-missing", "reason")
    release(booking)
    advance(booking, after, BookingAction.CANCELLED, BookingCancelled, actor=actor, now=now, note=reason)
    return booking


def invite(public_id: str, user_id: int, *, actor: Actor, now: datetime) -> None:
    """Bring a colleague of the client organisation along; inviting twice changes nothing."""
    booking, _ = for_change(public_id, BookingPermission.INVITE, None, actor=actor)
    if user_id not in people_of(booking.client_id, today=civil_day(now)):
        raise refuse("not-a-colleague", "colleague")
    if user_id == booking.user_id or user_id in queries.guests_of(booking):
        return
    session.add(BookingGuest(booking_id=booking.id, user_id=user_id, invited_at=now))
    session.flush()
    audit.record(BookingAction.GUEST_INVITED, booking, actor=actor, now=now, after={"user": user_id})
    events.publish(GuestInvited(booking, actor, now, user_id))


def uninvite(public_id: str, user_id: int, *, actor: Actor, now: datetime) -> None:
    """Take an invitation back before the use begins; whoever was never invited is not found."""
    booking, _ = for_change(public_id, BookingPermission.INVITE, None, actor=actor)
    if user_id not in queries.guests_of(booking):
        raise NotFound("guest")
    moved(booking.state, BookingMove.CANCEL)  # once begun, who came along stays told
    session.execute(delete(BookingGuest).where(BookingGuest.booking_id == booking.id, BookingGuest.user_id == user_id))
    audit.record(BookingAction.GUEST_REMOVED, booking, actor=actor, now=now, before={"user": user_id})
    events.publish(GuestLeft(booking, actor, now, user_id))


def expire_requests(*, actor: Actor, now: datetime) -> int:
    """Requests nobody decided before their start; each was demand not met."""
    due = select(Booking).where(Booking.state == BookingState.REQUESTED, Booking.starts_at <= now).order_by(Booking.id)
    expired = session.scalars(locked(due).limit(500)).all()
    for booking in expired:
        release(booking)
        session.add(unmet(booking, DemandReason.UNDECIDED, now=now))
        after = moved(booking.state, BookingMove.EXPIRE)
        advance(booking, after, BookingAction.EXPIRED, BookingDecided, actor=actor, now=now)
    return len(expired)


def free_no_shows(*, actor: Actor, now: datetime) -> int:
    """Confirmed bookings nobody started within the published minutes: the slot is free again."""
    due = (
        select(Booking, Instrument.late_start_minutes)
        .join(Instrument, Booking.instrument_id == Instrument.id)
        .where(Booking.state == BookingState.CONFIRMED, Booking.starts_at < now)
        .order_by(Booking.id)
        .with_for_update(of=Booking, key_share=True)
        .limit(500)
    )
    missed = [b for b, minutes in session.execute(due) if missed_at(b.starts_at, minutes) <= now]
    for booking in missed:
        release(booking)
        after = moved(booking.state, BookingMove.MISS)
        advance(booking, after, BookingAction.NO_SHOW, BookingMissed, actor=actor, now=now)
    return len(missed)


def for_change(
    public_id: str, permission: Permission, version: int | None, *, actor: Actor
) -> tuple[Booking, queries.Bench]:
    """Load, permit, lock the calendar, look again."""
    booking = queries.find_booking(public_id, actor=actor)
    authorize(actor, permission, booking)
    found = queries.lock_bench(Instrument.id == booking.instrument_id)
    if found is None:
        raise NotFound("instrument")
    session.refresh(booking)
    require_version(booking, version)
    return booking, found


def advance(
    booking: Booking,
    state: BookingState,
    action: Action,
    event: Callable[[Booking, Actor, datetime], BookingEvent],
    *,
    actor: Actor,
    now: datetime,
    note: str = "",
) -> None:
    """Write the new state with its step, its audit entry and its event."""
    before, after = audit.changes(booking, state=state)
    session.add(BookingStep(booking_id=booking.id, state=state, at=now, user_id=actor.user_id, note=note))
    session.flush()
    audit.record(action, booking, actor=actor, now=now, before=before, after=after)
    events.publish(event(booking, actor, now))
