"""Actors built from the memberships in the database, as signing in would build them."""

from __future__ import annotations

from sqlalchemy import select

from app.access import Actor
from app.accounts.models import User
from app.catalogue.models import InstrumentManager
from app.infra.db import session
from app.organisations.models import Membership


def acting(user: User) -> Actor:
    roles = session.execute(select(Membership.role, Membership.organisation_id).where(Membership.user_id == user.id))
    managed = session.scalars(select(InstrumentManager.instrument_id).where(InstrumentManager.user_id == user.id))
    return Actor(user_id=user.id, roles=frozenset((r, o) for r, o in roles), instruments=frozenset(managed))
