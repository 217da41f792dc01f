"""What booking has to say about changes of the catalogue."""

from __future__ import annotations

from sqlalchemy import select, true

from app.booking.models import Occupation
from app.catalogue.events import PlacesChanging
from app.catalogue.models import Instrument
from app.infra.db import session
from app.kernel.errors import refuse


def keep_used_places(change: PlacesChanging) -> None:
    """Raises Refused `places-in-use` when time is held, or a component stands, at a place that would go.

    A composite holds the places it had: one more would be free in the middle of its bookings.
    """
    calendar_id = change.instrument.calendar_id
    held = select(Occupation.id).where(
        Occupation.calendar_id == calendar_id,
        Occupation.active,
        Occupation.ends_at > change.now,
        true() if change.instrument.is_composite else Occupation.place > change.places,
    )
    components = select(Instrument.id).where(
        Instrument.calendar_id == calendar_id, Instrument.component_place > change.places
    )
    if session.scalars(held.limit(1)).first() or session.scalars(components.limit(1)).first():
        raise refuse("places-in-use", "places", places=change.places)
