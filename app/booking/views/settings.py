"""Opening hours, exceptions and booking rules of one instrument."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import authorize
from app.booking import queries
from app.booking.forms import ComponentForm, ExceptionForm, SettingsForm
from app.booking.services import components
from app.booking.services import settings as services
from app.booking.views.blueprint import blueprint
from app.catalogue.models import Instrument
from app.catalogue.permissions import InstrumentPermission
from app.catalogue.queries import find_instrument
from app.kernel.civil import parse_day
from app.web.current import current_actor, now
from app.web.forms import Form


@blueprint.route(
    "/manage/instruments/<uuid:instrument>/opening", methods=["GET", "POST"], permission=InstrumentPermission.CHANGE
)
def settings(instrument: object) -> ResponseReturnValue:
    row = _kept(instrument)
    form = SettingsForm(data=None if request.method == "POST" else _present(row))
    if form.validate_on_submit():
        with form.taking_refusals():
            rules = {name: form[name].data for name in services.RULES}
            version = form.version.data
            services.change_rules(str(instrument), rules, form.week, version=version, actor=current_actor(), now=now())
            flash(_("Saved."), "success")
            return redirect(url_for("booking.settings", instrument=instrument))
    return _page(row, form), form.status


@blueprint.post("/manage/instruments/<uuid:instrument>/exceptions", permission=InstrumentPermission.CHANGE)
def add_exception(instrument: object) -> ResponseReturnValue:
    row = _kept(instrument)
    form = ExceptionForm()
    if form.validate():
        with form.taking_refusals():
            hours, reason = form.hours.data or (), form.reason.data or ""
            services.set_exception(str(instrument), form.day.data, hours, reason, actor=current_actor(), now=now())
            flash(_("Saved."), "success")
            return redirect(url_for("booking.settings", instrument=instrument))
    return _page(row, exception=form), form.status


@blueprint.post("/manage/instruments/<uuid:instrument>/exceptions/remove", permission=InstrumentPermission.CHANGE)
def remove_exception(instrument: object) -> ResponseReturnValue:
    try:
        day = parse_day(request.form.get("day", ""))
    except ValueError:
        abort(400)
    services.drop_exception(str(instrument), day, actor=current_actor(), now=now())
    flash(_("The day follows the ordinary week again."), "success")
    return redirect(url_for("booking.settings", instrument=instrument))


@blueprint.post("/manage/instruments/<uuid:instrument>/component", permission=InstrumentPermission.CHANGE)
def join(instrument: object) -> ResponseReturnValue:
    row = _kept(instrument)
    form = ComponentForm()
    form.offer(queries.possible_composites(row, actor=current_actor()))
    if form.validate():
        with form.taking_refusals():
            components.join(str(instrument), form.composite.data, form.place.data, actor=current_actor(), now=now())
            flash(_("It is now booked as a part of the whole."), "success")
            return redirect(url_for("booking.settings", instrument=instrument))
    return _page(row, component=form), form.status


@blueprint.post("/manage/instruments/<uuid:instrument>/component/leave", permission=InstrumentPermission.CHANGE)
def leave(instrument: object) -> ResponseReturnValue:
    row, form, shown = _kept(instrument), Form(), ComponentForm(formdata=None)
    if form.validate():
        with form.taking_refusals():
            components.leave(str(instrument), actor=current_actor(), now=now())
            flash(_("It has a calendar of its own again."), "success")
            return redirect(url_for("booking.settings", instrument=instrument))
    shown.take_over(form)
    return _page(row, component=shown), form.status


def _kept(instrument: object) -> Instrument:
    row = find_instrument(str(instrument), actor=current_actor())
    authorize(current_actor(), InstrumentPermission.CHANGE, row)
    return row


def _present(row: Instrument) -> dict[str, object]:
    week = {f"day_{day}": hours for day, hours in queries.opening_shown(row)}
    return {**week, **{name: getattr(row, name) for name in services.RULES}, "version": row.version}


def _page(
    row: Instrument,
    form: SettingsForm | None = None,
    *,
    exception: ExceptionForm | None = None,
    component: ComponentForm | None = None,
) -> str:
    """The page with the form that was sent, as it was sent, and the others fresh."""
    if component is None:
        component = ComponentForm(formdata=None)
    composites = queries.possible_composites(row, actor=current_actor())
    component.offer(composites)
    return render_template(
        "booking/settings.html",
        instrument=row,
        form=form or SettingsForm(formdata=None, data=_present(row)),
        exception=exception or ExceptionForm(formdata=None),
        special=queries.exceptions_of(row),
        component=component,
        composites=composites,
        unknown_years=queries.unannounced_years(row, now=now()),
        together=queries.together(row),
    )
