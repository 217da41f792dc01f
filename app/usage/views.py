"""Start, stop and confirmation, on the booking's own page."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.authority import may
from app.booking import queries as booking_queries
from app.booking.models import Booking
from app.booking.permissions import BookingPermission
from app.booking.rules.opening import ALWAYS_OPEN
from app.booking.rules.states import BookingMove, allowed
from app.booking.views import lists
from app.catalogue.models import Instrument
from app.infra.db import session
from app.kernel.period import Period
from app.usage import queries, services
from app.usage.forms import ConfirmForm, RunForm
from app.usage.rules import TOLERANCE, Use, start_window
from app.web.blueprint import GuardedBlueprint
from app.web.current import current_actor, now
from app.web.forms import Form

blueprint = GuardedBlueprint("usage", __name__)


@blueprint.post("/bookings/<uuid:booking>/start", permission=BookingPermission.RUN)
def start(booking: object) -> ResponseReturnValue:
    form = RunForm()
    if form.validate():
        with form.taking_refusals():
            services.start(str(booking), version=form.version.data, actor=current_actor(), now=now())
            flash(_("Started; the clock is running."), "success")
            return _back(booking)
    return lists.page(str(booking), form)


@blueprint.post("/bookings/<uuid:booking>/stop", permission=BookingPermission.RUN)
def stop(booking: object) -> ResponseReturnValue:
    form = RunForm()
    if form.validate():
        with form.taking_refusals():
            services.stop(
                str(booking),
                ended_at=form.ended_at.data,
                version=form.version.data,
                actor=current_actor(),
                now=now(),
            )
            flash(_("Ended. The record has been written; the client is asked to confirm it."), "success")
            return _back(booking)
    return lists.page(str(booking), form)


@blueprint.post("/bookings/<uuid:booking>/confirm", permission=BookingPermission.CONFIRM)
def confirm(booking: object) -> ResponseReturnValue:
    form = ConfirmForm()
    if form.validate():
        with form.taking_refusals():
            services.confirm(
                str(booking),
                form.rating.data,
                form.comment.data or "",
                version=form.version.data,
                actor=current_actor(),
                now=now(),
            )
            flash(_("Thank you; the service is confirmed."), "success")
            return _back(booking)
    return lists.page(str(booking), form)


def _back(booking: object) -> ResponseReturnValue:
    return redirect(url_for("booking.show", booking=booking))


def panel(booking: Booking, refused: Form | None) -> str:
    """What really happened, and the one thing that can be done next."""
    steps = allowed(booking.state)
    run, own = (
        may(current_actor(), BookingPermission.RUN, booking),
        may(current_actor(), BookingPermission.CONFIRM, booking),
    )
    one = queries.session_of(booking.id)
    used = Period(one.started_at, one.ended_at) if one and one.ended_at and one.ended_at > one.started_at else None
    use = Use(Period(booking.starts_at, booking.ends_at), used) if used else None
    return render_template(
        "usage/panel.html",
        booking=booking,
        booked=Period(booking.starts_at, booking.ends_at),
        session=one,
        use=use,
        flags=use.flags(TOLERANCE) if use else (),
        may_start=run and BookingMove.START in steps,
        starts=_start_window(booking) if BookingMove.START in steps else None,
        now=now(),
        may_stop=run and BookingMove.STOP in steps,
        may_confirm=own and BookingMove.COMPLETE in steps,
        run=refused if isinstance(refused, RunForm) else RunForm(formdata=None),
        confirm=refused if isinstance(refused, ConfirmForm) else ConfirmForm(formdata=None),
    )


def _start_window(booking: Booking) -> Period:
    rules = booking_queries.rules_of(session.get_one(Instrument, booking.instrument_id), ALWAYS_OPEN)
    return start_window(Period(booking.starts_at, booking.ends_at), rules)
