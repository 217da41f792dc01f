"""Seating and unseating occupations under the calendar lock; the database has the last word."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app.booking.models import Booking, Occupation, OccupationKind
from app.booking.rules.places import Move
from app.booking.rules.refusals import RefusalCode
from app.catalogue.models import Instrument
from app.infra import guards
from app.infra.db import session
from app.kernel.errors import refuse
from app.kernel.period import Period

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def overlap_refused() -> Iterator[None]:
    """An overlap that only the database saw is the same refusal as one the rules saw.

    The transaction is lost with it: what the page reads afterwards begins another, and the edge commits neither.
    """
    try:
        yield
        session.flush()
    except IntegrityError as error:
        overlaps = guards.broken(error, guards.OVERLAP)
        session.rollback()
        if overlaps:
            raise refuse(RefusalCode.SLOT_TAKEN, "starts_at", next_free=[]) from error
        raise


def occupy(
    on: Instrument,
    held: Period,
    place: int | None,
    *,
    kind: OccupationKind,
    booking: Booking | None = None,
    note: str = "",
) -> Occupation:
    """Hold time; without a place the row waits and blocks nothing. Composites and components keep their places."""
    row = Occupation(
        calendar_id=on.calendar_id,
        place=place,
        pinned=on.is_composite or on.component_place is not None,
        starts_at=held.start,
        ends_at=held.end,
        kind=kind,
        active=place is not None,
        booking_id=booking.id if booking else None,
        note=note,
    )
    session.add(row)
    return row


def reallocate(moves: Sequence[Move]) -> None:
    """Give other occupations their new places: all leave first, so that no order of moves can collide."""
    if not moves:
        return
    keys = [move.key for move in moves]
    session.execute(update(Occupation).where(Occupation.id.in_(keys)).values(active=False))
    for move in moves:
        session.execute(update(Occupation).where(Occupation.id == move.key).values(place=move.place))
    session.execute(update(Occupation).where(Occupation.id.in_(keys)).values(active=True))


def release(booking: Booking) -> None:
    """Free the time a booking held; the row stays as a trace."""
    session.execute(
        update(Occupation).where(Occupation.booking_id == booking.id, Occupation.active).values(active=False)
    )
