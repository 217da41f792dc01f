"""The same request sent twice takes effect once and gets the same answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Integer, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, session
from app.infra.types import BigId, CanonicalJson
from app.kernel.canonical import digest
from app.kernel.errors import refuse


class IdempotencyKey(Base):
    """Written in the same transaction as the effect; kept at least 24 hours."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("actor_key", "route", "key"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    actor_key: Mapped[str]
    route: Mapped[str]
    key: Mapped[str]
    body_digest: Mapped[str]
    status: Mapped[int] = mapped_column(Integer)
    answer: Mapped[Any] = mapped_column(CanonicalJson)
    created_at: Mapped[datetime] = mapped_column(index=True)


def earlier_answer(*, actor_key: str, route: str, key: str, body: Any) -> tuple[int, Any] | None:
    """What this key was answered before; another body under the same key is refused."""
    row = session.scalars(
        select(IdempotencyKey).where(
            IdempotencyKey.actor_key == actor_key, IdempotencyKey.route == route, IdempotencyKey.key == key
        )
    ).first()
    if row is None:
        return None
    if row.body_digest != digest(body):
        raise refuse("idempotency-key-reused")
    return row.status, row.answer


def remember(*, actor_key: str, route: str, key: str, body: Any, status: int, answer: Any, now: datetime) -> None:
    """The unique constraint decides between two that run at the same moment."""
    session.add(
        IdempotencyKey(
            actor_key=actor_key,
            route=route,
            key=key,
            body_digest=digest(body),
            status=status,
            answer=answer,
            created_at=now,
        )
    )


def forget(*, before: datetime) -> int:
    """Drop keys that were used before then; how many."""
    return int(session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < before)).rowcount)  # type: ignore[attr-defined]
