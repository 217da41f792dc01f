"""Bearer tokens for the API: shown once, stored hashed, never wider than their owner's rights."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from app.access import Actor
from app.access.permissions import SCOPES
from app.accounts.actions import TokenAction
from app.accounts.models import ApiToken
from app.accounts.queries import hashed
from app.accounts.rules.limits import LONGEST_TOKEN_LIFE, SEEN_AT_MOST_EVERY
from app.audit import record
from app.infra.db import session
from app.kernel.errors import NotFound, refuse

PREFIX = "isp_"
SHOWN = 12


def create(
    name: str, scopes: Collection[str], life: timedelta, *, user_id: int, actor: Actor, now: datetime
) -> tuple[ApiToken, str]:
    """The row and the token itself, which can never be shown again."""
    if not scopes or not set(scopes) <= set(SCOPES):
        raise refuse("token-scopes", "scopes")
    if not timedelta(0) < life <= LONGEST_TOKEN_LIFE:
        raise refuse("token-life", "days", most_days=LONGEST_TOKEN_LIFE.days)
    bearer = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        user_id=user_id,
        name=name,
        prefix=bearer[:SHOWN],
        token_hash=hashed(bearer),
        scopes=sorted(scopes),
        created_at=now,
        expires_at=now + life,
    )
    session.add(row)
    session.flush()
    after = {"scopes": sorted(scopes), "expires_at": row.expires_at}
    record(TokenAction.CREATED, row, actor=actor, now=now, after=after)
    return row, bearer


def revoke(public_id: str, *, actor: Actor, now: datetime) -> None:
    row = session.scalars(
        select(ApiToken).where(ApiToken.public_id == public_id, ApiToken.user_id == actor.user_id)
    ).one_or_none()
    if row is None or row.revoked_at is not None:
        raise NotFound(public_id)
    row.revoked_at = now
    record(TokenAction.REVOKED, row, actor=actor, now=now)


def touch(token_id: int, *, address: str, now: datetime) -> None:
    """Note the use, at most once a minute, and at once from where it was not used just before."""
    idle = or_(ApiToken.last_used_at.is_(None), ApiToken.last_used_at <= now - SEEN_AT_MOST_EVERY)
    elsewhere = ApiToken.last_used_from.is_distinct_from(address)
    used = update(ApiToken).where(ApiToken.id == token_id, or_(idle, elsewhere))
    session.execute(used.values(last_used_at=now, last_used_from=address))
