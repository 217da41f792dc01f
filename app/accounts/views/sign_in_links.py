"""Signing in by a link that is sent to the person's own address."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import PUBLIC
from app.accounts.forms import AddressForm
from app.accounts.services import authentication, sign_in_links
from app.accounts.views.blueprint import blueprint
from app.accounts.views.login import enter
from app.web.current import current_actor, now


def _link(secret: str) -> str:
    return url_for("accounts.use_link", secret=secret, _external=True)


@blueprint.route("/one-time-link", methods=["GET", "POST"], permission=PUBLIC)
def send_link() -> ResponseReturnValue:
    form = AddressForm()
    if form.validate_on_submit():
        with form.taking_refusals():
            address = authentication.address_of(form.address.data)
            sign_in_links.send(address, address_of=_link, actor=current_actor(), now=now())
            flash(_("If there is an account with this address, a link is on its way to it."))
            return redirect(url_for("accounts.send_link"))
    return render_template("accounts/send_link.html", form=form), form.status


@blueprint.get("/one-time-link/<secret>", permission=PUBLIC)
def link(secret: str) -> ResponseReturnValue:
    """Opening it uses nothing up: mail servers open links to look behind them."""
    owner = sign_in_links.find(secret, now=now())
    return render_template("accounts/use_link.html", secret=secret, name=owner.name)


@blueprint.post("/one-time-link/<secret>", permission=PUBLIC)
def use_link(secret: str) -> ResponseReturnValue:
    token = sign_in_links.sign_in(secret, agent=str(request.user_agent), actor=current_actor(), now=now())
    enter(token)
    return redirect(url_for("portal.desk"))
