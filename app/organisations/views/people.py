"""People as the operator keeps order among them: who they are, whether they may come in."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.models import User, UserState
from app.accounts.rules.addresses import masked, read
from app.organisations import queries
from app.organisations.forms import ReasonedForm
from app.organisations.permissions import PersonPermission
from app.organisations.services import people as services
from app.organisations.views.blueprint import blueprint
from app.web.current import current_actor, now
from app.web.forms import Form
from app.web.i18n import chinese
from app.web.labels import choices
from app.web.listing import Column, Empty, Filter, Listing, contains


def _address(person: User) -> str:
    """Enough to tell people of one name apart, not enough to write to them."""
    address = read(person.email or person.mobile or "")
    return masked(address) if address else ""


PEOPLE = Listing(
    columns=(
        Column("name", _l("Person"), lambda r: r[0].name, User.name),
        Column("address", _l("Address"), lambda r: _address(r[0])),
        Column("organisations", _l("Organisations"), lambda r: (r[1] if chinese() else r[2]) or ""),
        Column("created", _l("Account since"), lambda r: r[0].created_at, User.created_at),
        Column("seen", _l("Last seen"), lambda r: r[3], queries.LAST_SEEN),
        Column("state", _l("State"), lambda r: r[0].state, User.state),
    ),
    order=(User.name, User.id),
    search=lambda words: contains(words, User.name, User.email, User.mobile),
    filters=(Filter("state", _l("State"), lambda: choices(UserState), lambda v: User.state == UserState(v)),),
    empty=Empty(_l("Nobody has signed up yet.")),
    file_name="people",
)


@blueprint.get("/people", permission=PersonPermission.SUSPEND)
def people() -> ResponseReturnValue:
    return PEOPLE.answer(queries.people(), "organisations/people.html")


@blueprint.route("/people/<uuid:person>/suspend", methods=["GET", "POST"], permission=PersonPermission.SUSPEND)
def suspend_person(person: Any) -> ResponseReturnValue:
    row = queries.person(str(person))
    form = ReasonedForm()
    if form.validate_on_submit():
        with form.taking_refusals():
            services.suspend(str(person), form.reason.data, actor=current_actor(), now=now())
            flash(_("%(name)s is suspended and has been told.", name=row.name), "success")
            return redirect(url_for("organisations.people"))
    return render_template("organisations/suspend_person.html", person=row, form=form), form.status


@blueprint.post("/people/<uuid:person>/reinstate", permission=PersonPermission.SUSPEND)
def reinstate_person(person: Any) -> ResponseReturnValue:
    form = Form()
    if form.validate():
        with form.taking_refusals():
            row = services.reinstate(str(person), actor=current_actor(), now=now())
            flash(_("%(name)s may come in again.", name=row.name), "success")
            return redirect(url_for("organisations.people"))
    for _id, words in form.summary():
        flash(words, "danger")
    return redirect(url_for("organisations.people"))
