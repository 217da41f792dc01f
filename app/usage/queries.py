"""Reading what really happened."""

from __future__ import annotations

from sqlalchemy import select

from app.infra.db import session
from app.usage.models import UsageSession


def session_of(booking_id: int) -> UsageSession | None:
    return session.scalars(select(UsageSession).where(UsageSession.booking_id == booking_id)).first()
