"""Who stood behind a use on the day of its confirmation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.access import Actor
from app.booking.models import Booking
from app.infra.db import session
from app.kernel.civil import civil_day
from app.ledger.queries.facts import organisation_graph
from app.ledger.rules.witnesses import Witness, witness
from app.organisations.models import Membership
from app.organisations.queries import in_force
from app.usage.queries import session_of


def witness_of(booking: Booking, actor: Actor, *, now: datetime) -> Witness:
    day, graph, provider = civil_day(now), organisation_graph(), booking.provider_id
    person = graph.person_id(provider, day)
    house = [id_ for id_ in graph.bodies if graph.person_id(id_, day) == person]
    one = session_of(booking.id)
    recorded_by = {id_ for id_ in (one.started_by_id, one.ended_by_id) if id_ is not None} if one else set()
    people = select(Membership.user_id).where(
        Membership.organisation_id.in_(house), Membership.user_id.in_([*recorded_by, actor.user_id]), in_force(day)
    )
    near = any(graph.related(provider, id_, day) for id_ in actor.organisations())
    return witness(recorded_by, actor.user_id, of_provider=frozenset(session.scalars(people)), near=near)
