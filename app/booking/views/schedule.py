"""The staff's day: a timeline over several instruments, and time taken off for the house."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.booking import queries
from app.booking.forms import BlockForm
from app.booking.permissions import SchedulePermission
from app.booking.services import blocks
from app.booking.views.blueprint import blueprint
from app.booking.views.feeds import asked_period, item
from app.catalogue.models import Instrument
from app.kernel import civil
from app.web.current import current_actor, now
from app.web.i18n import by_name, named
from app.web.listing import searched

MOST = 50


def _asked_day() -> date:
    try:
        return civil.parse_day(request.args.get("date", ""))
    except ValueError:
        return civil.civil_day(now())


@blueprint.route("/schedule", methods=["GET", "POST"], permission=SchedulePermission.MANAGE)
def schedule() -> ResponseReturnValue:
    instruments = queries.scheduled_by(current_actor(), words=searched(request.args), most=MOST)
    form = BlockForm()
    form.offer(instruments)
    if form.validate_on_submit():
        with form.taking_refusals():
            wanted = (form.instrument.data, form.starts_at.data, form.ends_at.data, form.kind.data)
            blocks.block(*wanted, note=form.note.data or "", actor=current_actor(), now=now())
            flash(_("The time is taken off the calendar."), "success")
            return redirect(url_for("booking.schedule", date=civil.civil_day(form.starts_at.data)))
    instruments, day = by_name(instruments), _asked_day()
    rows = _by_instrument(instruments, queries.timeline(instruments, civil.day(day)))
    page = {"instruments": instruments, "rows": rows, "day": day, "form": form, "most": MOST}
    return render_template("booking/schedule.html", **page), form.status


def _by_instrument(instruments: Sequence[Instrument], rows: Iterable[Any]) -> dict[str, list[Any]]:
    """Public id → its rows; what a composite holds stands beside each of its components, too."""
    on: dict[int, list[Any]] = {}
    for row in rows:
        on.setdefault(row[0].calendar_id, []).append(row)
    return {one.public_id: queries.shown_on(one, on.get(one.calendar_id, [])) for one in instruments}


@blueprint.get("/schedule/feed", permission=SchedulePermission.MANAGE)
def schedule_feed() -> ResponseReturnValue:
    instruments = queries.scheduled_by(current_actor(), words=searched(request.args), most=MOST)
    items = []
    for instrument, rows in _by_instrument(instruments, queries.timeline(instruments, asked_period())).items():
        for held, booking, client in rows:
            shown = {**item(held, booking), "instrument": instrument}
            items.append({**shown, "title": named(client)} if client else shown)
    return {"items": items}


@blueprint.post("/schedule/<uuid:instrument>/<int:occupation>/remove", permission=SchedulePermission.MANAGE)
def unblock(instrument: object, occupation: int) -> ResponseReturnValue:
    blocks.unblock(str(instrument), occupation, actor=current_actor(), now=now())
    flash(_("The time is open for booking again."), "success")
    return redirect(url_for("booking.schedule", date=request.form.get("date")))
