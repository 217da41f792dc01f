"""Another time for a booking: the calendar, the form beside it, and what it would then cost."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import authorize
from app.booking import queries
from app.booking.forms import MoveForm
from app.booking.models import Booking
from app.booking.permissions import BookingPermission
from app.booking.rules.states import BookingMove, BookingState, moved
from app.booking.services.move import NewTime, preview_move
from app.booking.services.move import move as give_new_time
from app.booking.views.blueprint import blueprint
from app.booking.views.request import alternatives
from app.kernel.period import Period
from app.web.current import current_actor, now


@blueprint.route("/bookings/<uuid:booking>/move", methods=["GET", "POST"], permission=BookingPermission.MOVE)
def move(booking: object) -> ResponseReturnValue:
    row = _movable(booking)
    form = MoveForm()
    if request.method == "GET":
        form.starts_at.data, form.ends_at.data, form.version.data = row.starts_at, row.ends_at, row.version
    if form.validate_on_submit():
        with form.taking_refusals():
            to = NewTime(form.starts_at.data, form.ends_at.data)
            reason, version = form.reason.data or "", form.version.data
            given = give_new_time(str(booking), to, reason, version=version, actor=current_actor(), now=now())
            flash(_message(given), "success")
            return redirect(url_for("booking.show", booking=booking))
    present = Period(row.starts_at, row.ends_at)
    found = queries.context_of(row)
    page = {"booking": row, "found": found, "opening": queries.opening_shown(found.instrument), "slots": [present]}
    return render_template("booking/move.html", form=form, **page), form.status


@blueprint.get("/bookings/<uuid:booking>/move/quote", permission=BookingPermission.MOVE)
def move_quote(booking: object) -> ResponseReturnValue:
    """The fragment beside the form: the price then, and every rule that would say no."""
    row, form = _movable(booking), MoveForm(request.args)
    if form.starts_at.data is None or form.ends_at.data is None:
        return render_template("booking/quote.html", shown=None)
    to = NewTime(form.starts_at.data, form.ends_at.data)
    shown = preview_move(row.public_id, to, actor=current_actor(), now=now())
    address = url_for("booking.move", booking=booking)
    return render_template("booking/quote.html", shown=shown, slots=alternatives(shown.refusals), address=address)


def _movable(booking: object) -> Booking:
    row = queries.find_booking(str(booking), actor=current_actor())
    authorize(current_actor(), BookingPermission.MOVE, row)
    moved(row.state, BookingMove.RESCHEDULE)  # raises Refused: what is over is not offered another time
    return row


def _message(row: Booking) -> str:
    if row.state is BookingState.CONFIRMED:
        return _("Moved. The new time is held.")
    return _("Moved; the staff decides about the new time.")
