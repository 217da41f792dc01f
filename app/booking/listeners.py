"""What booking has to say about changes of the catalogue."""

from __future__ import annotations

from sqlalchemy import select, true

from app.booking.models import Occupation
from app.catalogue.events import PlacesChanging
from app.catalogue.models import Instrument
from app.infra.db import session
from app.infra.events import subscribe
from app.kernel.errors import refuse


@subscribe(PlacesChanging)
def keep_used_places(change: PlacesChanging) -> None:
    """Raises Refused `places-in-use` when time is held, or a part stands, at a place that would go.

    A whole holds the places it had: one more would be free in the middle of its bookings.
    """
    calendar_id = change.instrument.calendar_id
    held = select(Occupation.id).where(
        Occupation.calendar_id == calendar_id,
        Occupation.active,
        Occupation.ends_at > change.now,
        true() if change.instrument.whole else Occupation.place > change.places,
    )
    parts = select(Instrument.id).where(Instrument.calendar_id == calendar_id, Instrument.part > change.places)
    if session.scalars(held.limit(1)).first() or session.scalars(parts.limit(1)).first():
        raise refuse("places-in-use", "places", places=change.places)
