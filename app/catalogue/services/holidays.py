"""Public holidays: what a new platform starts with, and what the operator enters when a notice comes out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select

from app import audit
from app.access import Actor
from app.access.actor import system
from app.access.authority import require
from app.audit import Subject
from app.catalogue.actions import HolidayAction
from app.catalogue.models import PublicHoliday
from app.catalogue.permissions import HolidayPermission
from app.catalogue.queries import announced
from app.catalogue.rules.holidays import Notice
from app.catalogue.seeds.holidays import notices
from app.catalogue.services.reference import note_holidays
from app.infra import jobs
from app.infra.db import session
from app.infra.locks import locked
from app.kernel.errors import NotFound

SEED = "holidays"


def seed(*, now: datetime) -> list[int]:
    """Note every year that this version knows, each once and only where nobody has entered it; the years noted.

    Two starts at the same moment come one after the other, and what the operator removed stays removed.
    """
    session.scalars(locked(select(jobs.JobLease))).one()
    fresh = [year for year in notices() if not jobs.done(SEED, str(year))]
    entered = announced(fresh)
    for year in fresh:
        jobs.claim(SEED, str(year), now=now)
    noted = [year for year in fresh if year not in entered]
    if noted:
        note_holidays((day for year in noted for day in notices()[year]), actor=system("seed"), now=now)
    return noted


def enter(days: Iterable[Notice], *, actor: Actor, now: datetime) -> int:
    """Write each day, replacing what stood of it; how many differ from before."""
    require(actor, HolidayPermission.CHANGE)
    changed = [_enter(day, actor=actor, now=now) for day in days]
    session.flush()
    return sum(changed)


def _enter(notice: Notice, *, actor: Actor, now: datetime) -> bool:
    row = session.get(PublicHoliday, notice.day)
    before = None if row is None else {"name": row.name, "off": row.off}
    after = {"name": notice.name, "off": notice.off}
    if before == after:
        return False
    session.merge(PublicHoliday(day=notice.day, **after))
    audit.record(HolidayAction.CHANGED, _subject(notice.day), actor=actor, now=now, before=before, after=after)
    return True


def remove(day: date, *, actor: Actor, now: datetime) -> None:
    """The day follows its weekday again."""
    require(actor, HolidayPermission.CHANGE)
    row = session.get(PublicHoliday, day)
    if row is None:
        raise NotFound("holiday")
    before = {"name": row.name, "off": row.off}
    session.delete(row)
    session.flush()
    audit.record(HolidayAction.REMOVED, _subject(day), actor=actor, now=now, before=before)


def _subject(day: date) -> Subject:
    return Subject(PublicHoliday.__tablename__, day.isoformat())
