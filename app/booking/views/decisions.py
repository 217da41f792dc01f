"""What can be done with a booking from its page."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.booking import queries
from app.booking.forms import GuestForm, ReasonForm
from app.booking.permissions import BookingPermission
from app.booking.services import approval, cancellation, guests
from app.booking.views.blueprint import blueprint
from app.booking.views.lists import page
from app.kernel.civil import civil_day
from app.organisations.queries import people_of
from app.web.current import current_actor, now
from app.web.redirects import back_path


@blueprint.post("/bookings/<uuid:booking>/approve", permission=BookingPermission.DECIDE)
def approve(booking: object) -> ResponseReturnValue:
    form = ReasonForm()
    if form.validate():
        with form.taking_refusals():
            approval.approve(str(booking), version=form.version.data, actor=current_actor(), now=now())
            flash(_("Approved; the client has been told."), "success")
            return _back(booking)
    return page(str(booking), form)


@blueprint.post("/bookings/<uuid:booking>/decline", permission=BookingPermission.DECIDE)
def decline(booking: object) -> ResponseReturnValue:
    form = ReasonForm()
    if form.validate():
        with form.taking_refusals():
            reason = form.reason.data or ""
            approval.decline(str(booking), reason, version=form.version.data, actor=current_actor(), now=now())
            flash(_("Declined; the client has been told why."), "success")
            return _back(booking)
    return page(str(booking), form)


@blueprint.post("/bookings/<uuid:booking>/cancel", permission=BookingPermission.CANCEL)
def cancel(booking: object) -> ResponseReturnValue:
    form = ReasonForm()
    if form.validate():
        with form.taking_refusals():
            reason = form.reason.data or ""
            cancellation.cancel(str(booking), reason, version=form.version.data, actor=current_actor(), now=now())
            flash(_("Cancelled; the time is free again."), "success")
            return _back(booking)
    return page(str(booking), form)


@blueprint.post("/bookings/<uuid:booking>/guests", permission=BookingPermission.INVITE)
def invite(booking: object) -> ResponseReturnValue:
    row = queries.find_booking(str(booking), actor=current_actor())
    form = GuestForm()
    form.offer(people_of(row.client_id, today=civil_day(now())))
    if form.validate():
        with form.taking_refusals():
            guests.invite(str(booking), int(form.colleague.data), actor=current_actor(), now=now())
            flash(_("Your colleague has been invited."), "success")
            return _back(booking)
    return page(str(booking), form)


@blueprint.post("/bookings/<uuid:booking>/guests/<int:guest>/remove", permission=BookingPermission.INVITE)
def uninvite(booking: object, guest: int) -> ResponseReturnValue:
    guests.uninvite(str(booking), guest, actor=current_actor(), now=now())
    flash(_("Your colleague has been told that the invitation is taken back."), "success")
    return _back(booking)


def _back(booking: object) -> ResponseReturnValue:
    """To the list the decision was made in, or to the booking."""
    here = url_for("booking.show", booking=booking)
    return redirect(back_path(here) if request.form.get("from_list") else here)
