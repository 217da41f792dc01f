"""Asking for time on an instrument, with a live quote."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.booking import queries
from app.booking.forms import BookingForm
from app.booking.models import Booking, Source
from app.booking.permissions import BookingPermission
from app.booking.rules.states import BookingState
from app.booking.services.check import BookingRequest
from app.booking.services.preview import preview
from app.booking.services.request import request_booking
from app.booking.views.blueprint import blueprint
from app.catalogue.models import Instrument, ServiceMode
from app.catalogue.rules.national import supervised
from app.kernel.civil import civil_day, parse_instant
from app.kernel.errors import NotFound, Refusal
from app.kernel.period import Period
from app.web.current import current_actor, now

SLOTS_SHOWN = 6


@blueprint.route("/instruments/<uuid:instrument>/book", methods=["GET", "POST"], permission=BookingPermission.CREATE)
def book(instrument: object) -> ResponseReturnValue:
    """The calendar, the form beside it, and what it would cost."""
    form = BookingForm()
    if form.is_submitted():
        form.offer(queries.clients_of(current_actor()), list(ServiceMode))  # the service knows which are offered here
        with form.taking_refusals():
            if form.validate():
                booking = request_booking(_booking_request(form, str(instrument)), actor=current_actor(), now=now())
                flash(_message(booking), "success")
                return redirect(url_for("booking.show", booking=booking.public_id))
    found = queries.find_context(str(instrument), actor=current_actor())
    form.offer(queries.clients_of(current_actor()), found.instrument.modes)
    if not form.is_submitted():
        _prefill(form)
    row = found.instrument
    bound = supervised(bound=row.customs_supervised, released_on=row.customs_released_on, today=civil_day(now()))
    page = render_template("booking/book.html", found=found, form=form, supervised=bound, **_offered(row, form))
    return page, form.status


def _offered(row: Instrument, form: BookingForm) -> dict[str, Any]:
    """Opening hours and free slots: how to choose a time where no calendar can be drawn."""
    soonest = queries.next_days(now(), SLOTS_SHOWN)
    found = (queries.next_slots([row], search, now=now()).get(row.id) for search in (*_near(row, form), soonest))
    return {
        "opening": queries.opening_shown(row),
        "unknown_years": queries.unannounced_years(row, now=now()),
        "slots": next(filter(None, found), ()),
    }


def _near(row: Instrument, form: BookingForm) -> list[queries.Search]:
    """From the time that was asked for and of its length, where that may be booked already."""
    starts, ends = form.starts_at.data, form.ends_at.data
    if starts is None or not now() <= starts < now() + timedelta(days=row.horizon_days):
        return []
    within = Period(starts, starts + queries.SOON)
    minutes = (ends - starts) // timedelta(minutes=1) if ends else None
    return [queries.Search(within, SLOTS_SHOWN, length) for length in (minutes, None)]


@blueprint.get("/instruments/<uuid:instrument>/quote", permission=BookingPermission.CREATE)
def quote(instrument: object) -> ResponseReturnValue:
    """The fragment beside the form: price line by line, and every rule that would say no."""
    found = queries.find_context(str(instrument), actor=current_actor())
    form = BookingForm(request.args)
    form.offer(queries.clients_of(current_actor()), found.instrument.modes)
    if form.starts_at.data is None or form.ends_at.data is None or not form.client.data:
        return render_template("booking/quote.html", shown=None)
    try:
        shown = preview(_booking_request(form, str(instrument)), actor=current_actor(), now=now())
    except NotFound:
        shown = None
    address = url_for("booking.book", instrument=instrument)
    return render_template(
        "booking/quote.html", shown=shown, slots=shown and alternatives(shown.refusals), address=address
    )


def alternatives(refusals: Iterable[Refusal]) -> list[Period]:
    """The free times that refusals name, each once."""
    named = (Period(*times) for refusal in refusals for times in refusal.params.get("next_free", ()))
    return list(dict.fromkeys(named))


def _prefill(form: BookingForm) -> None:
    """Links such as “book this free slot” carry the times."""
    for name in ("starts_at", "ends_at"):
        try:
            form[name].data = parse_instant(request.args.get(name, ""), assume_shanghai=True)
        except ValueError:
            form[name].data = None


def _booking_request(form: BookingForm, instrument: str) -> BookingRequest:
    return BookingRequest(
        instrument=instrument,
        client=form.client.data,
        starts_at=form.starts_at.data,
        ends_at=form.ends_at.data,
        description=form.description.data or "",
        purpose=form.purpose.data,
        mode=form.mode.data,
        source=Source.WEB,
    )


def _message(booking: Booking) -> str:
    if booking.state is BookingState.CONFIRMED:
        return _("Booked. The time is yours.")
    return _("Your request has been sent to the staff; you will be told when they decide.")
