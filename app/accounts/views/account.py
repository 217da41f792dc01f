"""A person's own page: name, language, addresses, password, sessions."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import SIGNED_IN
from app.accounts import queries
from app.accounts.forms import AddressForm, CodeForm, PasswordForm, ProfileForm
from app.accounts.rules.addresses import masked, read
from app.accounts.rules.browsers import browser_name
from app.accounts.services import authentication, profile, sessions
from app.accounts.views.blueprint import blueprint
from app.accounts.views.login import present_session
from app.web.current import current_actor, now
from app.web.i18n import COOKIE, LanguageChosen
from app.web.preferences import keep

CHANGING = "changing_address"


@blueprint.route("/account", methods=["GET", "POST"], permission=SIGNED_IN)
def account() -> ResponseReturnValue:
    user = queries.user_by_id(present_session().user_id)
    form = ProfileForm(obj=user)
    if form.validate_on_submit():
        with form.taking_refusals():
            profile.change(
                form.name.data, form.language.data, version=form.version.data, actor=current_actor(), now=now()
            )
            flash(_("Saved."), "success")
            return keep(redirect(url_for("accounts.account")), COOKIE, form.language.data)
    return render_template("accounts/account.html", form=form, user=user), form.status


@blueprint.route("/account/password", methods=["GET", "POST"], permission=SIGNED_IN)
def password() -> ResponseReturnValue:
    form = PasswordForm()
    if form.validate_on_submit():
        with form.taking_refusals():
            profile.change_password(
                form.old_password.data,
                form.password.data,
                session_id=present_session().session_id,
                actor=current_actor(),
                now=now(),
            )
            told = _("Your password is changed. All other sign-ins have been ended; API tokens keep working.")
            flash(told, "success")
            return redirect(url_for("accounts.account"))
    return render_template("accounts/password.html", form=form), form.status


@blueprint.route("/account/address", methods=["GET", "POST"], permission=SIGNED_IN)
def change_address() -> ResponseReturnValue:
    form = AddressForm()
    if form.validate_on_submit():
        with form.taking_refusals():
            address = authentication.address_of(form.address.data)
            profile.start_address_change(address, actor=current_actor(), now=now())
            session[CHANGING] = address.text
            return redirect(url_for("accounts.confirm_address"))
    return render_template("accounts/address.html", form=form), form.status


@blueprint.route("/account/address/confirm", methods=["GET", "POST"], permission=SIGNED_IN)
def confirm_address() -> ResponseReturnValue:
    address = read(session.get(CHANGING, ""))
    if address is None:
        return redirect(url_for("accounts.change_address"))
    form = CodeForm()
    if form.validate_on_submit():
        with form.taking_refusals():
            profile.finish_address_change(address, form.code.data, actor=current_actor(), now=now())
            session.pop(CHANGING)
            flash(_("The new address is confirmed."), "success")
            return redirect(url_for("accounts.account"))
    return render_template("accounts/confirm_address.html", form=form, address=masked(address)), form.status


@blueprint.get("/account/sessions", permission=SIGNED_IN)
def own_sessions() -> ResponseReturnValue:
    config, here = current_app.config, present_session()
    live = queries.live_sessions(
        here.user_id, idle=config["SESSION_IDLE"], absolute=config["SESSION_ABSOLUTE"], now=now()
    )
    return render_template("accounts/sessions.html", sessions=live, this_one=here.session_id, browser_name=browser_name)


@blueprint.post("/account/sessions/<uuid:session_id>/end", permission=SIGNED_IN)
def end_session(session_id: str) -> ResponseReturnValue:
    sessions.end(str(session_id), actor=current_actor(), now=now())
    flash(_("That sign-in has been ended."), "success")
    return redirect(url_for("accounts.own_sessions"))


def keep_language(chosen: LanguageChosen) -> None:
    profile.keep_language(chosen.user_id, chosen.language, actor=current_actor(), now=now())
