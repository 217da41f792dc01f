"""What really happened on the instrument."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, PublicId, Versioned


class UsageSession(PublicId, Versioned, Base):
    """上机记录: actual start and stop of a booking, beside the booked times; flagged, never constrained."""

    __tablename__ = "usage_sessions"
    __table_args__ = (CheckConstraint("ended_at IS NULL OR started_at <= ended_at", "order"),)

    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"), unique=True)
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instruments.id"), index=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    started_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
