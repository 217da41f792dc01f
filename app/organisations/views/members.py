"""Members of a body: who, in which role, until when; inviting and joining."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.access import SIGNED_IN, Role
from app.access.authority import authorize
from app.accounts.models import User
from app.accounts.rules.addresses import read
from app.infra.db import session
from app.kernel.errors import Refusal, Refused
from app.organisations import queries, rules
from app.organisations.forms import InviteForm, TermForm, offered
from app.organisations.models import Membership, Organisation
from app.organisations.permissions import MemberPermission, OrganisationPermission
from app.organisations.services import members
from app.organisations.views.blueprint import blueprint
from app.web import i18n, labels
from app.web.current import current_actor, now
from app.web.i18n import named
from app.web.listing import Column, Empty, Filter, Listing, contains

MEMBERS = Listing(
    columns=(
        Column("name", _l("Person"), lambda r: r[1].name, sort=User.name),
        Column("role", _l("Role"), lambda r: r[0].role, sort=Membership.role),
        Column("starts", _l("From"), lambda r: r[0].starts_on, sort=Membership.starts_on),
        Column("ends", _l("Ends on"), lambda r: r[0].ends_on, sort=Membership.ends_on),
    ),
    order=(User.name, Membership.id),
    search=lambda typed: contains(typed, User.name),
    filters=(Filter("role", _l("Role"), lambda: labels.choices(Role), lambda chosen: Membership.role == chosen),),
    empty=Empty(why=_l("Nobody belongs to this organisation yet.")),
    file_name="members",
)


@blueprint.route(
    "/organisations/<uuid:organisation_id>/members", methods=["GET", "POST"], permission=MemberPermission.MANAGE
)
def manage_members(organisation_id: str) -> ResponseReturnValue:
    row = queries.one(str(organisation_id), OrganisationPermission.CHANGE, actor=current_actor())
    form = InviteForm()
    form.role.choices = offered(rules.member_roles_for(queries.admitted_roles(row.id)))
    if form.validate_on_submit():
        with form.taking_refusals():
            _invite(row, form)
            flash(_("The invitation is on its way."), "success")
            return redirect(url_for("organisations.manage_members", organisation_id=row.public_id))
    return MEMBERS.answer(
        queries.members_of(row.id),
        "organisations/members.html",
        status=form.status,
        organisation=row,
        invitations=queries.open_invitations(row.id),
        form=form,
    )


def _invite(row: Organisation, form: InviteForm) -> None:
    address = read(form.address.data or "")
    if address is None:
        raise Refused(Refusal("address-invalid", {}, "address"))
    role = Role(form.role.data)
    members.invite(
        row,
        members.Offer(address, role, form.ends_on.data),
        address_of=lambda secret: url_for("organisations.join", secret=secret, _external=True),
        role_name=labels.label(role),
        language=i18n.spoken(),
        actor=current_actor(),
        now=now(),
    )


@blueprint.route("/memberships/<uuid:membership_id>", methods=["GET", "POST"], permission=MemberPermission.MANAGE)
def membership(membership_id: str) -> ResponseReturnValue:
    found = session.scalars(select(Membership).where(Membership.public_id == str(membership_id))).one_or_none()
    row = authorize(current_actor(), MemberPermission.MANAGE, found)
    organisation, person = session.get_one(Organisation, row.organisation_id), session.get_one(User, row.user_id)
    form = TermForm(obj=row)
    if form.validate_on_submit():
        with form.taking_refusals():
            members.change_term(
                row.public_id, form.ends_on.data, version=form.version.data, actor=current_actor(), now=now()
            )
            flash(_("Saved."), "success")
            return redirect(url_for("organisations.manage_members", organisation_id=organisation.public_id))
    page = render_template(
        "organisations/membership.html", membership=row, organisation=organisation, person=person, form=form
    )
    return page, form.status


@blueprint.post("/invitations/<uuid:invitation_id>/withdraw", permission=MemberPermission.MANAGE)
def withdraw(invitation_id: str) -> ResponseReturnValue:
    organisation_id = members.withdraw(str(invitation_id), actor=current_actor(), now=now())
    organisation = session.get_one(Organisation, organisation_id)
    flash(_("The invitation has been withdrawn."), "success")
    return redirect(url_for("organisations.manage_members", organisation_id=organisation.public_id))


@blueprint.get("/join/<secret>", permission=SIGNED_IN)
def join(secret: str) -> ResponseReturnValue:
    offer = session.scalars(queries.invitation_behind(secret, now=now())).one_or_none()
    if offer is None:
        abort(404)
    organisation = session.get_one(Organisation, offer.organisation_id)
    return render_template("organisations/join.html", offer=offer, organisation=organisation, secret=secret)


@blueprint.post("/join/<secret>", permission=SIGNED_IN)
def accept(secret: str) -> ResponseReturnValue:
    row = members.accept(secret, actor=current_actor(), now=now())
    organisation = session.get_one(Organisation, row.organisation_id)
    flash(_("You now belong to %(organisation)s.", organisation=named(organisation)), "success")
    return redirect(url_for("organisations.mine"))
