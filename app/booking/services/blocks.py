"""The staff's own time on the calendar: maintenance and work of the house."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from app import audit
from app.access import Actor, authorize
from app.booking import queries
from app.booking.actions import OccupationAction
from app.booking.models import Occupation, OccupationKind
from app.booking.permissions import SchedulePermission
from app.booking.rules.places import Occupation as Seated
from app.booking.rules.places import PlaceRequest, allocate
from app.booking.rules.refusals import RefusalCode, period_wanted
from app.booking.services.calendar import occupy, overlap_refused, reallocate
from app.catalogue.models import Instrument
from app.infra.db import session
from app.kernel.errors import NotFound, refuse
from app.kernel.period import Period

STAFF_KINDS = (OccupationKind.STAFF, OccupationKind.MAINTENANCE)


def block(
    instrument_id: str,
    starts_at: datetime,
    ends_at: datetime,
    kind: OccupationKind,
    *,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> Occupation:
    """Take time off the calendar at any hour: for maintenance every place the instrument has, for staff use as many
    as a booking would take.

    Raises Refused `slot-taken` where a booking stands; people cancel those first.
    """
    found = queries.lock_calendar(Instrument.public_id == instrument_id)
    if found is None:
        raise NotFound("instrument")
    authorize(actor, SchedulePermission.MANAGE, found.instrument)
    wanted = period_wanted(starts_at, ends_at)
    reach = queries.relevant(wanted, found.instrument.places, now=now)
    taken = queries.places_held(queries.occupations_on(found.calendar.id, reach))
    place_request = queries.place_request_of(found.instrument)
    with overlap_refused():
        if kind is OccupationKind.MAINTENANCE and place_request.component_place is None:
            places: Sequence[int] = range(1, place_request.capacity + 1)
        else:
            places = _allocated(wanted, taken, place_request, now=now)
        rows = [occupy(found.instrument, wanted, place, kind=kind, note=note) for place in places]
    after = {"kind": kind, "starts_at": starts_at, "ends_at": ends_at}
    audit.record(OccupationAction.CREATED, found.instrument, actor=actor, now=now, after=after)
    return rows[0]


def _allocated(
    wanted: Period, taken: tuple[Seated, ...], place_request: PlaceRequest, *, now: datetime
) -> tuple[int, ...]:
    allocation = allocate(wanted, taken, place_request, now=now)
    if allocation is None:
        raise refuse(RefusalCode.SLOT_TAKEN, "starts_at", next_free=[])
    reallocate(allocation.moves)
    return allocation.places


def unblock(instrument_id: str, occupation_id: int, *, actor: Actor, now: datetime) -> None:
    """Give staff time back; bookings are cancelled, never unblocked, and a component gives back what is its own."""
    found = queries.lock_calendar(Instrument.public_id == instrument_id)
    if found is None:
        raise NotFound("instrument")
    authorize(actor, SchedulePermission.MANAGE, found.instrument)
    one = session.get(Occupation, occupation_id, populate_existing=True)
    own = (
        one is not None
        and one.calendar_id == found.calendar.id
        and queries.place_request_of(found.instrument).meets(one.place)
    )
    if one is None or not own or not one.active or one.kind not in STAFF_KINDS:
        raise NotFound("occupation")
    together = select(Occupation).where(
        Occupation.calendar_id == one.calendar_id,
        Occupation.kind == one.kind,
        Occupation.starts_at == one.starts_at,
        Occupation.ends_at == one.ends_at,
        Occupation.active,
    )
    everywhere = one.kind is OccupationKind.MAINTENANCE or found.instrument.is_composite
    same = session.scalars(together).all() if everywhere and found.instrument.component_place is None else [one]
    for row in same:
        row.active = False
    session.flush()
    before = {"kind": one.kind, "starts_at": one.starts_at, "ends_at": one.ends_at}
    audit.record(OccupationAction.REMOVED, found.instrument, actor=actor, now=now, before=before)
