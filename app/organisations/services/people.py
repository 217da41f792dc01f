"""Keeping a person out, and letting them in again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.access import Actor, require
from app.accounts.models import User, UserState
from app.accounts.services import bootstrap
from app.accounts.services.profile import recipient_of
from app.infra.db import session
from app.infra.locks import locked
from app.kernel.civil import civil_day
from app.kernel.errors import NotFound, refuse
from app.notifications.services import tell
from app.notifications.texts import Notice
from app.organisations import queries, rules
from app.organisations.permissions import PersonPermission


def suspend(public_id: str, reason: str, *, actor: Actor, now: datetime) -> User:
    """They are signed out everywhere and their tokens stop; memberships and bookings stay as they are."""
    person = _person(public_id, UserState.ACTIVE, actor=actor, now=now)
    bootstrap.set_state(person, UserState.SUSPENDED, actor=actor, now=now)
    tell(recipient_of(person), Notice.PERSON_SUSPENDED, now=now, reason=reason)
    return person


def reinstate(public_id: str, *, actor: Actor, now: datetime) -> User:
    person = _person(public_id, UserState.SUSPENDED, actor=actor, now=now)
    bootstrap.set_state(person, UserState.ACTIVE, actor=actor, now=now)
    tell(recipient_of(person), Notice.PERSON_REINSTATED, now=now)
    return person


def _person(public_id: str, state: UserState, *, actor: Actor, now: datetime) -> User:
    require(actor, PersonPermission.SUSPEND)
    person = session.scalars(locked(select(User).where(User.public_id == public_id))).one_or_none()
    if person is None:
        raise NotFound(public_id)
    if person.id == actor.user_id:
        raise refuse("own-case")
    held = {role.value for role, _organisation in queries.roles_of(person.id, today=civil_day(now))}
    if held & rules.SEPARATED:
        raise refuse("administrators-apart")
    if person.state is not state:
        raise refuse("wrong-standing", state=person.state)
    return person
