"""When an instrument is open, and what it asks of a booking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select

from app import audit
from app.access import Actor, authorize
from app.booking.actions import OpeningAction
from app.booking.rules.opening import Hours, hours_text
from app.booking.rules.refusals import BookingRules
from app.catalogue.models import Instrument, OpeningException, OpeningSpan
from app.catalogue.permissions import InstrumentPermission
from app.catalogue.queries import find_instrument
from app.infra.db import session
from app.infra.locks import locked, require_version
from app.kernel.errors import refuse

RULES = (
    "grid_minutes",
    "min_minutes",
    "max_minutes",
    "lead_minutes",
    "horizon_days",
    "cancel_hours",
    "early_start_minutes",
    "late_start_minutes",
    "buffer_before_minutes",
    "buffer_after_minutes",
    "needs_approval",
    "pending_blocks",
    "closed_on_holidays",
)


def change_rules(
    public_id: str,
    rules: Mapping[str, Any],
    weekly: Sequence[Hours],
    *,
    version: int | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Set the ordinary week and the booking rules; bookings already made keep their time."""
    row = _for_change(public_id, version, actor=actor)
    try:
        BookingRules(rules["grid_minutes"], rules["min_minutes"], rules["max_minutes"])
    except ValueError as error:
        raise refuse("rules-contradict", "grid_minutes") from error
    before, after = audit.changes(row, **{name: rules[name] for name in RULES})
    session.execute(delete(OpeningSpan).where(OpeningSpan.instrument_id == row.id))
    session.add_all(
        OpeningSpan(instrument_id=row.id, weekday=weekday, opens=span.start, closes=span.end)
        for weekday, hours in enumerate(weekly)
        for span in hours
    )
    session.flush()
    after |= {"week": [hours_text(hours) for hours in weekly]}
    audit.record(OpeningAction.CHANGED, row, actor=actor, now=now, before=before, after=after)


def set_exception(public_id: str, day: date, hours: Hours, reason: str, *, actor: Actor, now: datetime) -> None:
    """One day that differs from the week; without hours it is closed."""
    row = _for_change(public_id, None, actor=actor)
    session.execute(
        delete(OpeningException).where(OpeningException.instrument_id == row.id, OpeningException.day == day)
    )
    spans: list[tuple[int | None, int | None]] = [(s.start, s.end) for s in hours] or [(None, None)]
    session.add_all(
        OpeningException(instrument_id=row.id, day=day, opens=opens, closes=closes, reason=reason)
        for opens, closes in spans
    )
    session.flush()
    after = {"day": day, "hours": hours_text(hours)}
    audit.record(OpeningAction.CHANGED, row, actor=actor, now=now, after=after)


def drop_exception(public_id: str, day: date, *, actor: Actor, now: datetime) -> None:
    row = _for_change(public_id, None, actor=actor)
    session.execute(
        delete(OpeningException).where(OpeningException.instrument_id == row.id, OpeningException.day == day)
    )
    audit.record(OpeningAction.CHANGED, row, actor=actor, now=now, before={"day": day})


def _for_change(public_id: str, version: int | None, *, actor: Actor) -> Instrument:
    row = find_instrument(public_id, actor=actor)
    authorize(actor, InstrumentPermission.CHANGE, row)
    session.scalars(locked(select(Instrument).where(Instrument.id == row.id))).one()
    require_version(row, version)
    return row
