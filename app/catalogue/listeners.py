"""What the catalogue adds when an actor is built."""

from __future__ import annotations

from sqlalchemy import select

from app.catalogue.models import Instrument, InstrumentManager
from app.infra.db import session
from app.organisations.services.actors import ActorBuilding


def add_managed_instruments(building: ActorBuilding) -> None:
    """A manager counts as one only while holding a role at the institution that owns the instrument."""
    building.instruments.update(
        session.scalars(
            select(InstrumentManager.instrument_id)
            .join(Instrument, Instrument.id == InstrumentManager.instrument_id)
            .where(InstrumentManager.user_id == building.user_id, Instrument.provider_id.in_(building.providers))
        )
    )
