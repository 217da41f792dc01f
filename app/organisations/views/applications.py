"""Applying for a body, and the operator's inbox of applications."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.access import SIGNED_IN
from app.organisations import queries
from app.organisations.forms import ApplyForm, DeclineForm
from app.organisations.models import Application, Organisation, OrganisationRole, OrganisationState
from app.organisations.permissions import OrganisationPermission
from app.organisations.services import applying
from app.organisations.views.blueprint import blueprint
from app.organisations.views.downloads import handed_out
from app.web.current import current_actor, now
from app.web.i18n import named
from app.web.labels import choices
from app.web.listing import ByName, Column, Empty, Filter, Listing, both_names, contains

INBOX = Listing(
    columns=(
        Column(
            "name",
            _l("Organisation"),
            lambda r: named(r[1]),
            sort=ByName(Organisation),
            link=lambda r: url_for("organisations.application", application_id=r[0].public_id),
        ),
        Column("uscc", _l("Unified social credit code"), lambda r: r[1].uscc),
        Column("kind", _l("Kind"), lambda r: r[1].kind),
        Column("applicant", _l("Applicant"), lambda r: r[2].name),
        Column("created", _l("Applied"), lambda r: r[0].created_at, sort=Application.created_at),
        Column("state", _l("State"), lambda r: _("Withdrawn") if r[0].withdrawn else r[0].state, Application.state),
    ),
    order=(Application.created_at, Application.id),
    search=lambda words: contains(words, *both_names(Organisation), Organisation.uscc),
    filters=(
        Filter("state", _l("State"), lambda: choices(OrganisationState), lambda chosen: Application.state == chosen),
    ),
    empty=Empty(why=_l("No organisation has applied yet.")),
    file_name="applications",
)


@blueprint.route("/organisations/apply", methods=["GET", "POST"], permission=SIGNED_IN)
def apply() -> ResponseReturnValue:
    form = ApplyForm()
    if form.validate_on_submit():
        with form.taking_refusals():
            applying.apply(_claim(form), _letter(form), actor=current_actor(), now=now())
            flash(_("Your application is with the operator; you will get a message when it is decided."), "success")
            return redirect(url_for("organisations.mine"))
    return render_template("organisations/apply.html", form=form), form.status


@blueprint.get("/applications", permission=OrganisationPermission.VERIFY)
def applications() -> ResponseReturnValue:
    return INBOX.answer(queries.applications(), "organisations/applications.html")


@blueprint.get("/applications/<uuid:application_id>", permission=OrganisationPermission.VERIFY)
def application(application_id: str) -> ResponseReturnValue:
    return _page(str(application_id), DeclineForm())


def _page(public_id: str, form: DeclineForm) -> ResponseReturnValue:
    row, organisation, applicant = queries.application(public_id, actor=current_actor())
    page = render_template(
        "organisations/application.html",
        application=row,
        organisation=organisation,
        applicant=applicant,
        parent=queries.parent_of(organisation),
        roles=[OrganisationRole(role) for role in row.roles],
        form=form,
    )
    return page, form.status


@blueprint.get("/applications/<uuid:application_id>/letter", permission=OrganisationPermission.VERIFY)
def letter(application_id: str) -> ResponseReturnValue:
    row, _organisation, _applicant = queries.application(str(application_id), actor=current_actor())
    return handed_out(queries.letter_of(row))


@blueprint.post("/applications/<uuid:application_id>/verify", permission=OrganisationPermission.VERIFY)
def verify(application_id: str) -> ResponseReturnValue:
    applying.verify(str(application_id), actor=current_actor(), now=now())
    flash(_("Verified. The applicant is now the administrator and has been told."), "success")
    return redirect(url_for("organisations.applications"))


@blueprint.post("/applications/<uuid:application_id>/decline", permission=OrganisationPermission.VERIFY)
def decline(application_id: str) -> ResponseReturnValue:
    form = DeclineForm()
    if form.validate():
        with form.taking_refusals():
            applying.decline(str(application_id), form.reason.data, actor=current_actor(), now=now())
            flash(_("Declined. The applicant has been told the reason."), "success")
            return redirect(url_for("organisations.applications"))
    return _page(str(application_id), form)


@blueprint.post("/applications/<uuid:application_id>/withdraw", permission=SIGNED_IN)
def take_back(application_id: str) -> ResponseReturnValue:
    applying.take_back(str(application_id), actor=current_actor(), now=now())
    flash(_("Your application has been withdrawn."), "success")
    return redirect(url_for("organisations.mine"))


def _claim(form: ApplyForm) -> applying.Claim:
    return applying.Claim(
        name=form.name.data,
        kind=form.kind.data,
        roles=form.roles.data or (),
        uscc=form.uscc.data,
        name_en=form.name_en.data or "",
        town=form.town.data or "",
        address=form.address.data or "",
        parent_uscc=form.parent_uscc.data,
    )


def _letter(form: ApplyForm) -> applying.Letter:
    upload = form.letter.data
    return applying.Letter(content=upload.stream, name=upload.filename or "letter")
