"""What the catalogue adds when an actor is built or the audit is searched."""

from __future__ import annotations

from sqlalchemy import select

from app.audit.search import SubjectSearch
from app.catalogue.models import Instrument, InstrumentManager
from app.infra.db import session
from app.organisations.services.actors import ActorBuilding
from app.web.listing import contains


def add_managed_instruments(building: ActorBuilding) -> None:
    """A manager counts as one only while holding a role at the institution that owns the instrument."""
    building.instruments.update(
        session.scalars(
            select(InstrumentManager.instrument_id)
            .join(Instrument, Instrument.id == InstrumentManager.instrument_id)
            .where(InstrumentManager.user_id == building.user_id, Instrument.provider_id.in_(building.providers))
        )
    )


def find_instruments_of_audit(search: SubjectSearch) -> None:
    named = contains(search.words, Instrument.name, Instrument.name_en, Instrument.inner_id, Instrument.national_number)
    search.found[Instrument.__tablename__] = select(Instrument.public_id).where(named)
