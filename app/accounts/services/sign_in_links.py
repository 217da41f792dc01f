"""A second way in: a link sent to the person's own address, which no wrong password of anybody can shut."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Select, select

from app.access import Actor
from app.accounts.models import CodePurpose, OneTimeCode, User
from app.accounts.queries import hashed, user_by_address
from app.accounts.rules import limits
from app.accounts.rules.addresses import Address, read
from app.accounts.services import codes, sessions, throttle
from app.accounts.services.authentication import usable
from app.infra.db import session
from app.infra.locks import locked
from app.kernel.errors import NotFound
from app.notifications.services import Secret, tell
from app.notifications.texts import Notice


def send(address: Address, *, address_of: Callable[[str], str], actor: Actor, now: datetime) -> None:
    """Send a link if the address is known; the answer is the same if not. Earlier links stay good."""
    throttle.take((limits.LINK_ACCOUNT, address.text), (limits.CODE_ADDRESS, actor.address), now=now)
    user = user_by_address(address)
    if user is None or not usable(user, address):
        return
    secret, until = secrets.token_urlsafe(32), now + limits.LINK_LIFE
    row = OneTimeCode(user_id=user.id, purpose=CodePurpose.SIGN_IN_LINK, secret_hash=hashed(secret))
    row.sent_to, row.created_at, row.expires_at = address.text, now, until
    session.add(row)
    minutes = int(limits.LINK_LIFE.total_seconds() // 60)
    to = codes.recipient(address, language=user.language, user_id=user.id)
    tell(to, Notice.SIGN_IN_LINK, now=now, secret=Secret(address_of(secret), until), minutes=minutes)


def find(secret: str, *, now: datetime) -> User:
    """Whose link it is; NotFound for one that is used, old, nobody's or not the person's any more."""
    return _owner(session.scalars(_live(secret, now)).one_or_none())


def sign_in(secret: str, *, agent: str, actor: Actor, now: datetime) -> str:
    """Use the link up; returns the session's token."""
    row = session.scalars(locked(_live(secret, now))).one_or_none()
    user = _owner(row)
    if row is not None:
        row.used_at = now
    return sessions.begin(user, address=actor.address, agent=agent, now=now)


def _live(secret: str, now: datetime) -> Select[OneTimeCode]:
    return select(OneTimeCode).where(
        OneTimeCode.secret_hash == hashed(secret),
        OneTimeCode.purpose == CodePurpose.SIGN_IN_LINK,
        OneTimeCode.used_at.is_(None),
        OneTimeCode.expires_at > now,
    )


def _owner(row: OneTimeCode | None) -> User:
    address = read(row.sent_to) if row else None
    user = user_by_address(address) if address else None
    if row is None or address is None or user is None or user.id != row.user_id or not usable(user, address):
        raise NotFound("sign-in link")
    return user
