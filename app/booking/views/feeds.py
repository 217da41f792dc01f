"""What calendars draw, as JSON in Shanghai wall time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import PUBLIC
from app.access.authority import may
from app.booking import queries
from app.booking.models import Booking, Occupation, OccupationKind
from app.booking.permissions import BookingPermission
from app.booking.rules.opening import open_periods
from app.booking.views.blueprint import blueprint
from app.catalogue.models import Instrument
from app.kernel.civil import local, parse_instant
from app.kernel.period import Period
from app.web.current import current_actor, now
from app.web.labels import label

LONGEST = timedelta(days=62)


def asked_period() -> Period:
    """`?start=…&end=…` of a feed; 400 for anything that is not a period of at most two months."""
    try:
        start, end = (parse_instant(request.args[name], assume_shanghai=True) for name in ("start", "end"))
        period = Period(start, end)
    except (KeyError, ValueError):
        abort(400)
    if period.length > LONGEST:
        abort(400)
    return period


def wall(instant: datetime) -> str:
    return local(instant).strftime("%Y-%m-%dT%H:%M:%S")


@blueprint.get("/instruments/<uuid:instrument>/calendar", permission=PUBLIC)
def calendar(instrument: object) -> ResponseReturnValue:
    """Closed and taken time of one instrument; whose it is only for those who may know."""
    within = asked_period()
    found = queries.find_context(str(instrument), actor=current_actor()).instrument
    closed = within.minus(_still_open(found, within))
    taken = [item(*row) for row in queries.feed(found, within)]
    return {"items": [_closed(period) for period in closed] + taken}


def _still_open(found: Instrument, within: Period) -> list[Period]:
    """Open time that has not passed; what has passed is as closed as the night."""
    if within.end <= now():
        return []
    coming = Period(max(within.start, now()), within.end)
    return open_periods(queries.opening_of(found, coming), coming)


def _closed(period: Period) -> dict[str, Any]:
    return {"start": wall(period.start), "end": wall(period.end), "kind": "closed", "title": _("Closed")}


def item(held: Occupation, booking: Booking | None) -> dict[str, Any]:
    """One block of a calendar; a stranger sees only that the time is taken."""
    known = booking is not None and may(current_actor(), BookingPermission.VIEW, booking)
    own = known and booking is not None and booking.user_id == current_actor().user_id
    shown = {"start": wall(held.starts_at), "end": wall(held.ends_at), "kind": _kind(held, own), "title": _("Taken")}
    if held.kind is not OccupationKind.BOOKING:
        shown["title"] = label(held.kind)
    elif known and booking is not None:
        shown["title"] = _("My booking") if own else booking.number
        shown["url"] = url_for("booking.show", booking=booking.public_id)
    return shown


def _kind(held: Occupation, own: bool) -> str:  # noqa: FBT001  a fact, not a switch
    if not held.active:
        return "pending"
    if held.kind is not OccupationKind.BOOKING:
        return "blocked"
    return "mine" if own else "taken"
