"""The operator's hand on a body: suspending it, letting it in again, recording what it became."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.infra.db import session
from app.organisations import queries
from app.organisations.forms import ReasonedForm, StructureForm
from app.organisations.models import Organisation, OrganisationState
from app.organisations.permissions import OrganisationPermission
from app.organisations.services import suspension
from app.organisations.views.blueprint import blueprint
from app.web.current import current_actor, now


@blueprint.route(
    "/organisations/<uuid:organisation_id>/standing", methods=["GET", "POST"], permission=OrganisationPermission.VERIFY
)
def change_standing(organisation_id: str) -> ResponseReturnValue:
    """Suspend a verified body, reinstate a suspended one."""
    row = queries.one(str(organisation_id), OrganisationPermission.VERIFY, actor=current_actor())
    form = ReasonedForm(obj=row)
    if form.validate_on_submit():
        with form.taking_refusals():
            verb = suspension.reinstate if row.state is OrganisationState.SUSPENDED else suspension.suspend
            verb(row, form.reason.data, version=form.version.data, actor=current_actor(), now=now())
            flash(_("Done; its administrators have been told."), "success")
            return _page(row)
    return render_template("organisations/suspension.html", organisation=row, form=form), form.status


@blueprint.route(
    "/organisations/<uuid:organisation_id>/structure",
    methods=["GET", "POST"],
    permission=OrganisationPermission.VERIFY,
)
def change_structure(organisation_id: str) -> ResponseReturnValue:
    """Another kind, another parent, a merger."""
    row = queries.one(str(organisation_id), OrganisationPermission.VERIFY, actor=current_actor())
    form = StructureForm(obj=row, parent_uscc=_code(row.parent_id), merged_into_uscc=_code(row.merged_into_id))
    if form.validate_on_submit():
        with form.taking_refusals():
            wanted = suspension.Structure(
                kind=form.kind.data,
                parent_uscc=form.parent_uscc.data,
                merged_into_uscc=form.merged_into_uscc.data,
                merged_on=form.merged_on.data,
            )
            suspension.restructure(row, wanted, version=form.version.data, actor=current_actor(), now=now())
            flash(_("Saved."), "success")
            return _page(row)
    return render_template("organisations/structure.html", organisation=row, form=form), form.status


def _code(organisation_id: int | None) -> str | None:
    return session.get_one(Organisation, organisation_id).uscc if organisation_id else None


def _page(row: Organisation) -> ResponseReturnValue:
    return redirect(url_for("organisations.organisation", organisation_id=row.public_id))
