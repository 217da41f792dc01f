"""Evaluation units and related parties of a body."""

from __future__ import annotations

from decimal import Decimal

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.organisations import queries
from app.organisations.forms import EndForm, RelationForm, UnitForm
from app.organisations.models import Organisation
from app.organisations.permissions import OrganisationPermission
from app.organisations.services import profile, relations
from app.organisations.views.blueprint import blueprint
from app.organisations.views.downloads import handed_out
from app.web.current import current_actor, now


def _page(row: Organisation) -> ResponseReturnValue:
    return redirect(url_for("organisations.organisation", organisation_id=row.public_id))


@blueprint.route(
    "/organisations/<uuid:organisation_id>/units", methods=["GET", "POST"], permission=OrganisationPermission.CHANGE
)
def add_unit(organisation_id: str) -> ResponseReturnValue:
    row = queries.one(str(organisation_id), OrganisationPermission.CHANGE, actor=current_actor())
    form = UnitForm()
    if form.validate_on_submit():
        with form.taking_refusals():
            profile.add_unit(row, _unit(form), actor=current_actor(), now=now())
            flash(_("Saved."), "success")
            return _page(row)
    return render_template("organisations/unit.html", organisation=row, form=form), form.status


@blueprint.route("/units/<uuid:unit_id>", methods=["GET", "POST"], permission=OrganisationPermission.CHANGE)
def edit_unit(unit_id: str) -> ResponseReturnValue:
    unit, organisation = profile.unit_of(str(unit_id))
    row = queries.one(organisation.public_id, OrganisationPermission.CHANGE, actor=current_actor())
    form = UnitForm(obj=unit)
    if form.validate_on_submit():
        with form.taking_refusals():
            profile.change_unit(
                unit.public_id, _unit(form), version=form.version.data, actor=current_actor(), now=now()
            )
            flash(_("Saved."), "success")
            return _page(row)
    return render_template("organisations/unit.html", organisation=row, unit=unit, form=form), form.status


@blueprint.post("/units/<uuid:unit_id>/remove", permission=OrganisationPermission.CHANGE)
def remove_unit(unit_id: str) -> ResponseReturnValue:
    _unit, organisation = profile.unit_of(str(unit_id))
    row = queries.one(organisation.public_id, OrganisationPermission.CHANGE, actor=current_actor())
    profile.remove_unit(str(unit_id), actor=current_actor(), now=now())
    flash(_("The unit has been taken back."), "success")
    return _page(row)


@blueprint.route(
    "/organisations/<uuid:organisation_id>/relations", methods=["GET", "POST"], permission=OrganisationPermission.VIEW
)
def add_relation(organisation_id: str) -> ResponseReturnValue:
    row = queries.one(str(organisation_id), OrganisationPermission.VIEW, actor=current_actor())
    relations.require_leave(row, actor=current_actor())
    form = RelationForm()
    if form.validate_on_submit():
        with form.taking_refusals():
            relations.record_relation(row, _statement(form), _proof(form), actor=current_actor(), now=now())
            flash(_("Saved."), "success")
            return _page(row)
    return render_template("organisations/relation.html", organisation=row, form=form), form.status


@blueprint.route("/relations/<uuid:relation_id>/end", methods=["GET", "POST"], permission=OrganisationPermission.VERIFY)
def end_relation(relation_id: str) -> ResponseReturnValue:
    relations.to_end(str(relation_id), actor=current_actor())
    form = EndForm()
    if form.validate_on_submit():
        with form.taking_refusals():
            row = relations.end_relation(str(relation_id), form.ends_on.data, actor=current_actor(), now=now())
            flash(_("Saved."), "success")
            return _page(row)
    return render_template("organisations/end_relation.html", form=form), form.status


@blueprint.get("/relations/<uuid:relation_id>/proof", permission=OrganisationPermission.VIEW)
def proof(relation_id: str) -> ResponseReturnValue:
    return handed_out(relations.proof_of(str(relation_id), actor=current_actor()))


def _proof(form: RelationForm) -> relations.Proof | None:
    sent = form.proof.data
    return relations.Proof(sent.stream, sent.filename or "") if sent else None


def _unit(form: UnitForm) -> profile.Unit:
    return profile.Unit(
        name=form.name.data, kind=form.kind.data, town=form.town.data or "", payee=form.payee.data or ""
    )


def _statement(form: RelationForm) -> relations.Statement:
    share = None if form.percent.data is None else form.percent.data / Decimal(100)
    return relations.Statement(
        other_uscc=form.other_uscc.data,
        basis=form.basis.data,
        share=share,
        valid_from=form.valid_from.data,
        valid_until=form.valid_until.data,
        note=form.note.data or "",
    )
