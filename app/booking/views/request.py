"""Asking for time on an instrument, with a live quote."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import Permission
from app.booking import queries
from app.booking.forms import BookingForm
from app.booking.models import Booking, Door
from app.booking.rules.states import BookingState
from app.booking.services.preview import preview
from app.booking.services.request import Wish, request_booking
from app.booking.views.room import room
from app.catalogue.models import Instrument, ServiceMode
from app.kernel.civil import parse_instant
from app.kernel.errors import NotFound
from app.web.current import current_actor, now

SLOTS_SHOWN = 6


@room.route("/instruments/<uuid:instrument>/book", methods=["GET", "POST"], permission=Permission.BOOKING_CREATE)
def book(instrument: object) -> ResponseReturnValue:
    """The calendar, the form beside it, and what it would cost."""
    form = BookingForm()
    if form.is_submitted():
        form.offer(queries.clients_of(current_actor()), list(ServiceMode))  # the service knows which are offered here
        with form.taking_refusals():
            if form.validate():
                booking = request_booking(_wish(form, str(instrument)), actor=current_actor(), now=now())
                flash(_said(booking), "success")
                return redirect(url_for("booking.show", booking=booking.public_id))
    found = queries.find_bench(str(instrument), actor=current_actor())
    form.offer(queries.clients_of(current_actor()), found.instrument.modes)
    if not form.is_submitted():
        _prefill(form)
    return render_template("booking/book.html", found=found, form=form, **_offered(found.instrument)), form.status


def _offered(row: Instrument) -> dict[str, Any]:
    """Opening hours and the next free slots: how to choose a time where no calendar can be drawn."""
    free = queries.next_slots([row], queries.soon(now(), SLOTS_SHOWN), now=now())
    return {"opening": queries.opening_shown(row), "slots": free.get(row.id, ())}


@room.get("/instruments/<uuid:instrument>/quote", permission=Permission.BOOKING_CREATE)
def quote(instrument: object) -> ResponseReturnValue:
    """The fragment beside the form: price line by line, and every rule that would say no."""
    found = queries.find_bench(str(instrument), actor=current_actor())
    form = BookingForm(request.args)
    form.offer(queries.clients_of(current_actor()), found.instrument.modes)
    if form.starts_at.data is None or form.ends_at.data is None or not form.client.data:
        return render_template("booking/quote.html", shown=None)
    try:
        shown = preview(_wish(form, str(instrument)), actor=current_actor(), now=now())
    except NotFound:
        shown = None
    return render_template("booking/quote.html", shown=shown)


def _prefill(form: BookingForm) -> None:
    """Links such as “book this free slot” carry the times."""
    for name in ("starts_at", "ends_at"):
        try:
            form[name].data = parse_instant(request.args.get(name, ""), assume_shanghai=True)
        except ValueError:
            form[name].data = None


def _wish(form: BookingForm, instrument: str) -> Wish:
    return Wish(
        instrument=instrument,
        client=form.client.data,
        starts_at=form.starts_at.data,
        ends_at=form.ends_at.data,
        purpose=form.purpose.data or "",
        direction=form.direction.data,
        mode=form.mode.data,
        door=Door.PAGE,
    )


def _said(booking: Booking) -> str:
    if booking.state is BookingState.CONFIRMED:
        return _("Booked. The time is yours.")
    return _("Your request has been sent to the crew; you will be told when they decide.")
