"""Server-side sign-in sessions: begun, seen, ended. The token itself is only in the cookie."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select, update

from app.access import Actor
from app.accounts.actions import UserAction
from app.accounts.models import SignInSession, User
from app.accounts.queries import hashed
from app.audit import record
from app.infra.db import session
from app.kernel.errors import NotFound

LONGEST_AGENT = 300


def begin(user: User, *, address: str, agent: str, now: datetime) -> str:
    """A new session; returns its token, which is stored nowhere else."""
    token = secrets.token_urlsafe(32)
    row = SignInSession(
        token_hash=hashed(token),
        user_id=user.id,
        address=address,
        agent=agent[:LONGEST_AGENT],
        created_at=now,
        last_seen_at=now,
    )
    session.add(row)
    session.flush()
    record(UserAction.SIGNED_IN, user, actor=Actor(user_id=user.id, address=address), now=now)
    return token


def touch(session_id: int, *, now: datetime) -> None:
    """Note that the session is in use; the caller keeps this to once a minute."""
    session.execute(update(SignInSession).where(SignInSession.id == session_id).values(last_seen_at=now))


def end(public_id: str, *, actor: Actor, now: datetime) -> None:
    """End one of the actor's own sessions."""
    row = session.scalars(
        select(SignInSession).where(
            SignInSession.public_id == public_id,
            SignInSession.user_id == actor.user_id,
            SignInSession.ended_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        raise NotFound(public_id)
    row.ended_at = now
    record(UserAction.SIGNED_OUT, row, actor=actor, now=now)


def end_present(session_id: int, *, actor: Actor, now: datetime) -> None:
    row = session.get_one(SignInSession, session_id)
    row.ended_at = now
    record(UserAction.SIGNED_OUT, row, actor=actor, now=now)


def end_all(user: User, *, but: int | None = None, now: datetime) -> None:
    """After a password change nobody stays signed in, except where it was changed."""
    live = SignInSession.user_id == user.id, SignInSession.ended_at.is_(None)
    session.execute(update(SignInSession).where(*live, SignInSession.id != (but or 0)).values(ended_at=now))


def act_for(session_id: int, organisation_id: int | None) -> None:
    """Remember which organisation the person acts for; the caller has checked the membership."""
    session.execute(
        update(SignInSession).where(SignInSession.id == session_id).values(acting_organisation_id=organisation_id)
    )
