"""Rounds taken through their states."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.access.actor import system
from app.accounts.models import User
from app.evaluation.models import Computation, Round
from app.evaluation.queries import newest_computation
from app.evaluation.services import acts, rounds
from app.infra.db import session
from app.infra.transactions import transaction
from tests.factories.actors import acting


def computed(round_: Round, now: datetime) -> Computation:
    with transaction():
        found = rounds.compute_round(round_, actor=system("test"), now=now)
    assert found is not None
    return found


def made_final(round_: Round, officer: User, now: datetime) -> Computation:
    """Computed after its cut-off, and made final by the scheme manager."""
    computed(round_, now)
    with transaction():
        found = session.scalars(select(Round).where(Round.id == round_.id)).one()
        newest = newest_computation(found)
        assert newest is not None
        return acts.finalise(found.public_id, newest.public_id, "Minutes 7", actor=acting(officer), now=now)


def compute_due(now: datetime, year: int | None = None) -> dict[str, Any]:
    """As the night does: reads outside, writes in a transaction of its own."""
    due = rounds.prepare_due(now=now, year=year)
    with transaction():
        return rounds.record_due(due, actor=system("test"), now=now)
