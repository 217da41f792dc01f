"""A computed year, with a result of ours and one of theirs."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from app.access.actor import system
from app.evaluation.models import Result
from app.evaluation.services import rounds, schemes
from app.infra.db import session
from app.infra.transactions import transaction
from tests.factories.cast import Cast

SHELL = system("test")


def computed(cast: Cast, now: datetime) -> dict[str, dict[str, str]]:
    """The round belongs to nobody: it is ours and theirs alike."""
    with transaction():
        scheme = schemes.seed(actor=SHELL, now=now)
        opened = rounds.open_round(scheme, 2026, date(2027, 3, 31), actor=SHELL, now=now)
        rounds.compute_round(opened, actor=SHELL, now=now)
    found = {f"round.{whose}": {"round_": opened.public_id} for whose in ("own", "other")}
    for whose, provider in (("own", cast.university), ("other", cast.other_university)):
        result = session.scalars(select(Result).where(Result.provider_id == provider.id)).first()
        assert result
        found[f"result.{whose}"] = {"result": result.public_id, "kind": "service-count"}
    return found
