"""Building the Actor: the roles a person holds today, for the organisation they act for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from app.access import Actor
from app.accounts.services import sessions
from app.infra import events
from app.kernel.civil import civil_day
from app.kernel.errors import NotFound
from app.organisations import queries


@dataclass
class ActorBuilding:
    """Asked of higher features: which instruments of these does this person manage? They add to `instruments`."""

    user_id: int
    providers: frozenset[int]
    instruments: set[int] = field(default_factory=set)


def actor_for(
    user_id: int,
    *,
    acting_organisation_id: int | None = None,
    scopes: frozenset[str] | None = None,
    address: str = "",
    now: datetime,
) -> Actor:
    """The person as the policy sees them; acting for one organisation leaves the others' roles aside."""
    roles, providers = queries.standing_of(user_id, today=civil_day(now))
    if acting_organisation_id in {organisation for _role, organisation in roles}:
        roles = frozenset(held for held in roles if held[1] == acting_organisation_id)
    building = ActorBuilding(user_id, providers & {organisation for _role, organisation in roles})
    if building.providers:
        events.publish(building)
    return Actor(
        user_id=user_id,
        roles=roles,
        instruments=frozenset(building.instruments),
        providers=building.providers,
        scopes=scopes,
        address=address,
    )


def act_for(session_id: int, public_id: str | None, *, user_id: int, now: datetime) -> None:
    """Choose one's own organisation for this session, or none in particular."""
    own = {o.public_id: o.id for o in queries.organisations_of(user_id, today=civil_day(now))}
    if public_id is not None and public_id not in own:
        raise NotFound(public_id)
    sessions.act_for(session_id, own[public_id] if public_id else None)
