"""The rows that make a clock's knock take effect exactly once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, Integer, UniqueConstraint, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, session
from app.infra.types import BigId, CanonicalJson

LEASE_LENGTH = timedelta(seconds=30)


class JobMark(Base):
    """One period of one job, written in the same transaction as its effect."""

    __tablename__ = "job_marks"
    __table_args__ = (UniqueConstraint("job", "period"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    job: Mapped[str]
    period: Mapped[str]
    done_at: Mapped[datetime]
    outcome: Mapped[Any] = mapped_column(CanonicalJson, nullable=True)


class JobLease(Base):
    """Which scheduler process leads; another takes over when the heartbeat stops."""

    __tablename__ = "job_lease"
    __table_args__ = (CheckConstraint("id = 1", "single"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    holder: Mapped[str]
    heartbeat_at: Mapped[datetime]


def done(job: str, period: str) -> bool:
    mark = select(JobMark.id).where(JobMark.job == job, JobMark.period == period)
    return session.scalar(mark) is not None


def mark_done(job: str, period: str, *, now: datetime, outcome: Any = None) -> None:
    """Flushes at once: a second process that did the same work fails here and rolls back."""
    session.add(JobMark(job=job, period=period, done_at=now, outcome=outcome))
    session.flush()


def lead(holder: str, *, now: datetime) -> bool:
    """Take or renew the lease; False while another holder's heartbeat is fresh."""
    free = or_(JobLease.holder == holder, JobLease.heartbeat_at < now - LEASE_LENGTH)
    taken = session.execute(update(JobLease).where(JobLease.id == 1, free).values(holder=holder, heartbeat_at=now))
    return bool(taken.rowcount)  # type: ignore[attr-defined]
