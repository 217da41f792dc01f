"""Tables that come from outside and are replaced whole or row by row: public holidays and instrument classes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app import audit
from app.access import Actor
from app.audit import Subject
from app.catalogue.actions import ReferenceAction
from app.catalogue.models import InstrumentClass, PublicHoliday
from app.catalogue.rules import class_codes
from app.catalogue.rules.holidays import Notice
from app.infra.db import session
from app.kernel.errors import refuse


def note_holidays(notices: Iterable[Notice], *, actor: Actor, now: datetime) -> int:
    """Write each day, replacing what was noted of it before; how many."""
    known = list(notices)
    for notice in known:
        session.merge(PublicHoliday(day=notice.day, name=notice.name, off=notice.off))
    session.flush()
    _note("public_holidays", len(known), actor=actor, now=now)
    return len(known)


def note_classes(found: Iterable[tuple[str, str, str]], *, actor: Actor, now: datetime) -> int:
    """Write each (code, name, English name), parents first; classes in use are never taken away."""
    rows = sorted({class_codes.normalise(code): (name, name_en) for code, name, name_en in found}.items())
    for code, (name, name_en) in rows:
        parent = code[:-2] or None
        if parent and session.get(InstrumentClass, parent) is None:
            raise refuse("class-without-parent", class_code=code)
        session.merge(InstrumentClass(code=code, name=name, name_en=name_en or name, parent_code=parent))
        session.flush()
    _note("instrument_classes", len(rows), actor=actor, now=now)
    return len(rows)


def _note(table: str, rows: int, *, actor: Actor, now: datetime) -> None:
    audit.record(ReferenceAction.NOTED, Subject(table, table), actor=actor, now=now, after={"rows": rows})
