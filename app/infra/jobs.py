"""The rows that make a tick of the clock take effect exactly once, and the lease that says who leads."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, Integer, UniqueConstraint, delete, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, session
from app.infra.types import BigId, CanonicalJson

# Written by whoever loads invented data; production refuses a database that has it.
DEMO = ("demo", "loaded")

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


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


def claim(job: str, period: str, *, now: datetime) -> JobMark:
    """Mark the period before its work begins, in the transaction of that work.

    Flushes at once: a second process with the same period waits here for the first to end, then
    fails with IntegrityError if it committed.
    """
    mark = JobMark(job=job, period=period, done_at=now)
    session.add(mark)
    session.flush()
    return mark


def last_period(job: str) -> str | None:
    return session.scalar(select(func.max(JobMark.period)).where(JobMark.job == job))


def last_mark(job: str) -> JobMark | None:
    return session.scalars(select(JobMark).where(JobMark.job == job).order_by(JobMark.period.desc()).limit(1)).first()


def outcomes(job: str) -> list[Any]:
    """What every period of the job left behind, oldest first."""
    return list(session.scalars(select(JobMark.outcome).where(JobMark.job == job).order_by(JobMark.period)))


def forget_marks(jobs: Collection[str], *, before: datetime) -> int:
    """Drop old marks, never the last of a job: from it the next period is counted."""
    newest = select(func.max(JobMark.id)).group_by(JobMark.job)
    old = delete(JobMark).where(JobMark.job.in_(jobs), JobMark.done_at < before, JobMark.id.not_in(newest))
    return int(session.execute(old).rowcount)  # type: ignore[attr-defined]


def lead(holder: str, length: timedelta, *, now: datetime) -> bool:
    """Take or renew the lease; False while another holder's heartbeat is younger than `length`."""
    free = or_(JobLease.holder == holder, JobLease.heartbeat_at < now - length)
    taken = session.execute(update(JobLease).where(JobLease.id == 1, free).values(holder=holder, heartbeat_at=now))
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def yield_lease(holder: str) -> None:
    """A process that ends in order lets the next one lead at once."""
    session.execute(update(JobLease).where(JobLease.id == 1, JobLease.holder == holder).values(heartbeat_at=_LONG_AGO))


def lease() -> JobLease:
    return session.scalars(select(JobLease)).one()
