"""People set up at the shell: their address is proved by whoever stands there."""

from __future__ import annotations

from datetime import datetime

from app.access import Actor
from app.accounts.actions import UserAction
from app.accounts.models import User, UserState
from app.accounts.queries import user_by_address
from app.accounts.rules import passwords as rules
from app.accounts.rules.addresses import Address
from app.accounts.services import authentication, passwords, sessions
from app.audit import changes, record
from app.infra.db import session
from app.kernel.errors import refuse, refuse_all


def create(name: str, address: Address, password: str, *, actor: Actor, now: datetime) -> User:
    """The person agrees to the documents at the first sign-in."""
    refuse_all(rules.faults(password, known=(name, address.text)))
    if user_by_address(address) is not None:
        raise refuse("address-taken", "address")
    user = User(name=name, password_hash=passwords.hash_of(password), created_at=now)
    authentication.mark_verified(user, address, now=now)
    session.add(user)
    session.flush()
    record(UserAction.SIGNED_UP, user, actor=actor, now=now, after={"by": address.kind.value})
    return user


def set_state(user: User, state: UserState, *, actor: Actor, now: datetime) -> None:
    """A suspended person is signed out everywhere and may not come in, tokens included, until set active again."""
    before, after = changes(user, state=state)
    if state is UserState.SUSPENDED:
        sessions.end_all(user, now=now)
    session.flush()
    record(UserAction.CHANGED, user, actor=actor, now=now, before=before, after=after)
