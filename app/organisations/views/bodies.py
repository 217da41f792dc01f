"""Organisations as lists and as one page: for the public, for their members, for operator and district."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.access import PUBLIC, SIGNED_IN
from app.accounts.views.login import present_session
from app.infra.db import session
from app.kernel.civil import civil_day
from app.organisations import queries
from app.organisations.forms import ProfileForm
from app.organisations.models import Kind, Organisation, OrganisationState
from app.organisations.permissions import OrganisationPermission
from app.organisations.services import profile
from app.organisations.views.blueprint import blueprint
from app.web.current import current_actor, now
from app.web.i18n import named
from app.web.labels import choices
from app.web.listing import ByName, Column, Empty, Filter, Listing, both_names, contains

NAME, KIND, TOWN = _l("Name"), _l("Kind"), _l("Town or street")


def _address(row: Organisation) -> str:
    return url_for("organisations.organisation", organisation_id=row.public_id)


ALL = Listing(
    columns=(
        Column("name", NAME, named, sort=ByName(Organisation), link=_address),
        Column("uscc", _l("Unified social credit code"), lambda o: o.uscc),
        Column("kind", KIND, lambda o: o.kind, sort=Organisation.kind),
        Column("town", TOWN, lambda o: o.town, sort=Organisation.town),
        Column("state", _l("State"), lambda o: o.state, sort=Organisation.state),
    ),
    order=(ByName(Organisation), Organisation.id),
    search=lambda words: contains(words, *both_names(Organisation), Organisation.uscc),
    filters=(
        Filter("kind", KIND, lambda: choices(Kind), lambda chosen: Organisation.kind == chosen),
        Filter("state", _l("State"), lambda: choices(OrganisationState), lambda chosen: Organisation.state == chosen),
    ),
    empty=Empty(why=_l("There is no organisation that you may see.")),
    file_name="organisations",
)

PUBLISHED = Listing(
    columns=(
        Column("name", NAME, named, sort=ByName(Organisation)),
        Column("kind", KIND, lambda o: o.kind, sort=Organisation.kind),
        Column("town", TOWN, lambda o: o.town, sort=Organisation.town),
    ),
    order=(ByName(Organisation), Organisation.id),
    search=lambda words: contains(words, *both_names(Organisation)),
    filters=(Filter("kind", KIND, lambda: choices(Kind), lambda chosen: Organisation.kind == chosen),),
    empty=Empty(
        why=_l("No institution shares instruments here yet."),
        first=_l("Institutions apply with their authorisation letter."),
        address=lambda: url_for("organisations.apply"),
        label=_l("Apply for an organisation"),
    ),
    file_name="institutions",
)


@blueprint.get("/institutions", permission=PUBLIC)
def institutions() -> ResponseReturnValue:
    return PUBLISHED.answer(queries.providers(), "organisations/institutions.html")


@blueprint.get("/organisations", permission=OrganisationPermission.VIEW)
def organisations() -> ResponseReturnValue:
    return ALL.answer(queries.visible(actor=current_actor()), "organisations/organisations.html")


@blueprint.get("/organisations/mine", permission=SIGNED_IN)
def mine() -> ResponseReturnValue:
    user_id = present_session().user_id
    return render_template(
        "organisations/mine.html",
        own=queries.organisations_of(user_id, today=civil_day(now())),
        applications=queries.applications_by(user_id),
    )


@blueprint.get("/organisations/<uuid:organisation_id>", permission=OrganisationPermission.VIEW)
def organisation(organisation_id: str) -> ResponseReturnValue:
    row = queries.one(str(organisation_id), OrganisationPermission.VIEW, actor=current_actor())
    return render_template("organisations/organisation.html", organisation=row, **_surroundings(row))


@blueprint.route(
    "/organisations/<uuid:organisation_id>/edit", methods=["GET", "POST"], permission=OrganisationPermission.CHANGE
)
def edit(organisation_id: str) -> ResponseReturnValue:
    row = queries.one(str(organisation_id), OrganisationPermission.CHANGE, actor=current_actor())
    form = ProfileForm(obj=row)
    if form.validate_on_submit():
        with form.taking_refusals():
            profile.change(row, _profile(form), version=form.version.data, actor=current_actor(), now=now())
            flash(_("Saved."), "success")
            return redirect(_address(row))
    return render_template("organisations/edit.html", organisation=row, form=form), form.status


def _profile(form: ProfileForm) -> profile.Profile:
    return profile.Profile(
        name=form.name.data,
        name_en=form.name_en.data or "",
        town=form.town.data or "",
        address=form.address.data or "",
        industry_code=form.industry_code.data or "",
    )


def _surroundings(row: Organisation) -> dict[str, Any]:
    today: date = civil_day(now())
    members = queries.members_of(row.id).where(queries.in_force(today)).order_by("name").limit(200)
    return {
        "roles": queries.admitted_roles(row.id),
        "names": queries.names_of(row.id),
        "units": queries.units_of(row.id),
        "branches": queries.branches_of(row.id),
        "merged": session.get(Organisation, row.merged_into_id) if row.merged_into_id else None,
        "parent": queries.parent_of(row),
        "relations": queries.relations_of(row.id),
        "members": session.execute(members).all(),
        "today": today,
    }
