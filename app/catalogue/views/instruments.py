"""Registering, describing, listing and retiring instruments."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from app.access import authorize
from app.access.authority import may
from app.catalogue import queries
from app.catalogue.forms import InstrumentForm, ManagersForm, PictureForm
from app.catalogue.models import Instrument, InstrumentState, ServiceMode
from app.catalogue.permissions import InstrumentPermission
from app.catalogue.rules.national import checklist, completeness
from app.catalogue.rules.words import ShareMode
from app.catalogue.services import instruments as services
from app.catalogue.views.blueprint import blueprint
from app.infra.db import session
from app.infra.feature import installed
from app.kernel.civil import civil_day
from app.organisations.models import EvaluationUnit, Organisation
from app.organisations.queries import people_of, units_of
from app.web.blueprint import permissions
from app.web.current import current_actor, now
from app.web.forms import Form
from app.web.i18n import named
from app.web.labels import choices
from app.web.listing import ByName, Column, Empty, Filter, Listing, contains

LIST = Listing(
    columns=(
        Column("inner_id", _l("Number"), lambda r: r[0].inner_id, Instrument.inner_id),
        Column("name", _l("Name"), lambda r: named(r[0]), ByName(Instrument), lambda r: _address(r[0])),
        Column("class", _l("Class"), lambda r: named(r[2]), Instrument.class_code),
        Column("sharing", _l("Sharing"), lambda r: r[0].share_mode, Instrument.share_mode),
        Column(
            "value",
            _l("Original value (10,000 yuan)"),
            lambda r: r[0].original_value,
            Instrument.original_value,
            figure="wan",
        ),
        Column("state", _l("State"), lambda r: r[0].state, Instrument.state),
        Column("provider", _l("Provider"), lambda r: named(r[1]), ByName(Organisation)),
        Column("unit", _l("Evaluation unit"), lambda r: r[3].name if r[3] else None, EvaluationUnit.name),
    ),
    search=lambda words: or_(queries.matching(words), contains(words, Instrument.inner_id)),
    filters=(
        Filter(
            "state", _l("State"), lambda: choices(InstrumentState), lambda v: Instrument.state == InstrumentState(v)
        ),
        Filter("sharing", _l("Sharing"), lambda: choices(ShareMode), lambda v: Instrument.share_mode == ShareMode(v)),
    ),
    order=(ByName(Instrument), Instrument.id),
    empty=Empty(
        _l("No instruments are registered yet."),
        _l("Register the first one, or bring a whole list in."),
        lambda: url_for("catalogue.create"),
        _l("Register an instrument"),
    ),
    file_name="instruments",
)


# Most institutions are scored as one: nothing is said of units they do not have.
WHOLE = replace(LIST, columns=[column for column in LIST.columns if column.name != "unit"])


def _address(row: Instrument) -> str:
    return url_for("catalogue.edit", instrument=row.public_id)


@blueprint.get("/manage/instruments", permission=InstrumentPermission.CHANGE)
def manage() -> ResponseReturnValue:
    listing = LIST if units_of(*current_actor().organisations()) else WHOLE
    return listing.answer(queries.kept_by(current_actor()), "catalogue/manage.html")


@blueprint.route("/manage/instruments/new", methods=["GET", "POST"], permission=InstrumentPermission.CREATE)
def create() -> ResponseReturnValue:
    form = InstrumentForm()
    _offer(form)
    if form.validate_on_submit():
        with form.taking_refusals():
            wanted = select(Organisation).where(Organisation.public_id == form.provider.data)
            provider = session.scalars(wanted).one()
            row = services.create(provider, form.values(), actor=current_actor(), now=now())
            flash(_("Registered as a draft. List it when it is ready to be found."), "success")
            return redirect(_address(row))
    return render_template("catalogue/create.html", form=form), form.status


@blueprint.route(
    "/manage/instruments/<uuid:instrument>", methods=["GET", "POST"], permission=InstrumentPermission.CHANGE
)
def edit(instrument: object) -> ResponseReturnValue:
    row = _kept(instrument)
    form = InstrumentForm(data=None if request.method == "POST" else _present(row))
    del form.provider
    _offer(form, row)
    if form.validate_on_submit():
        with form.taking_refusals():
            services.change(str(instrument), form.values(), version=form.version.data, actor=current_actor(), now=now())
            flash(_("Saved."), "success")
            return redirect(_address(row))
    return _page(row, form), form.status


def _offer(form: InstrumentForm, row: Instrument | None = None) -> None:
    """Choices for a new instrument, or for one that has its provider already."""
    providers = queries.providers_of(current_actor()) if row is None else []
    units = units_of(*(provider.id for provider in providers), *((row.provider_id,) if row else ()))
    form.offer(providers, units, queries.classes(), queries.priority_fields())


def _present(row: Instrument) -> dict[str, Any]:
    names = [name for _label, group in InstrumentForm.GROUPS for name in group if name != "evaluation_unit"]
    unit = session.get(EvaluationUnit, row.evaluation_unit_id) if row.evaluation_unit_id else None
    return {
        **{name: getattr(row, name) for name in names},
        "evaluation_unit": unit.public_id if unit else "",
        "modes": [ServiceMode(value) for value in row.modes],
        "version": row.version,
    }


def _kept(instrument: object) -> Instrument:
    row = queries.find_instrument(str(instrument), actor=current_actor())
    authorize(current_actor(), InstrumentPermission.CHANGE, row)
    return row


def _untouched(row: Instrument) -> InstrumentForm:
    """The form as the row is, for a page that came out of one of its smaller forms."""
    display = InstrumentForm(formdata=None, data=_present(row))
    del display.provider
    _offer(display, row)
    return display


def page_with(instrument: object, refused: Form) -> ResponseReturnValue:
    """The instrument's page with what was refused of another form of it."""
    row = _kept(instrument)
    display = _untouched(row)
    display.take_over(refused)
    return _page(row, display), display.status


def _page(row: Instrument, form: InstrumentForm) -> str:
    managers = ManagersForm(formdata=None, data={"managers": queries.managers_of(row.id)})
    managers.offer(people_of(row.provider_id, today=civil_day(now())))
    items = checklist(row)
    return render_template(
        "catalogue/edit.html",
        instrument=row,
        form=form,
        managers=managers,
        picture=PictureForm(formdata=None),
        items=items,
        labels={field.name: field.label.text for field in form} | {"image_file_id": _("Picture")},
        share=completeness(items),
        moves=sorted(services.MOVES[row.state]),
        tabs=[
            (words, endpoint)
            for words, endpoint in installed().tabs
            if may(current_actor(), permissions(current_app)[endpoint], row)
        ],
    )


@blueprint.post("/manage/instruments/<uuid:instrument>/state/<state>", permission=InstrumentPermission.CHANGE)
def move(instrument: object, state: str) -> ResponseReturnValue:
    if state not in set(InstrumentState):
        abort(404)
    row, form = _kept(instrument), Form()
    display = _untouched(row)
    if form.validate():
        with display.taking_refusals():  # what listing still needs is said beside the field that lacks it
            services.move(
                str(instrument), InstrumentState(state), version=form.version.data, actor=current_actor(), now=now()
            )
            flash(_("The state has been changed."), "success")
            return redirect(_address(row))
    else:
        display.take_over(form)
    return _page(row, display), display.status


@blueprint.post("/manage/instruments/<uuid:instrument>/managers", permission=InstrumentPermission.CHANGE)
def managers(instrument: object) -> ResponseReturnValue:
    row = _kept(instrument)
    form = ManagersForm()
    form.offer(people_of(row.provider_id, today=civil_day(now())))
    if not form.validate():
        return page_with(instrument, form)
    services.set_managers(str(instrument), form.managers.data or [], actor=current_actor(), now=now())
    flash(_("The managers have been set."), "success")
    return redirect(_address(row))
