"""Signing up, proving an address, signing in and out, finding back in, and agreeing to the documents."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import PUBLIC, SIGNED_IN
from app.accounts.forms import AddressForm, CodeForm, ConsentForm, ResetForm, SignInForm, SignUpForm
from app.accounts.rules.addresses import Address, masked, read
from app.accounts.services import authentication, sessions
from app.accounts.services import consent as consents
from app.accounts.views.blueprint import blueprint
from app.accounts.views.login import enter, leave, present_session
from app.web import i18n
from app.web.current import current_actor, now
from app.web.redirects import next_path

WAITING = "waiting_address"  # in the signed cookie: which address a code was sent to
SIGNED_UP = "signed_up"  # and which sign-up it was


@blueprint.route("/sign-up", methods=["GET", "POST"], permission=PUBLIC)
def sign_up() -> ResponseReturnValue:
    form = SignUpForm()
    if form.validate_on_submit():
        with form.taking_refusals():
            address = authentication.address_of(form.address.data)
            session[SIGNED_UP] = authentication.sign_up(
                form.name.data, address, form.password.data, language=i18n.spoken(), actor=current_actor(), now=now()
            )
            session[WAITING] = address.text
            return redirect(url_for("accounts.verify", next=next_path("/")))
    return render_template("accounts/sign_up.html", form=form), form.status


@blueprint.route("/verify", methods=["GET", "POST"], permission=PUBLIC)
def verify() -> ResponseReturnValue:
    address = _waiting()
    if address is None:
        return redirect(url_for("accounts.sign_up"))
    form = CodeForm()
    if form.validate_on_submit():
        with form.taking_refusals():
            who = {"signed_up": session.get(SIGNED_UP, ""), "agent": _agent(), "actor": current_actor()}
            _user, token = authentication.verify(address, form.code.data, **who, now=now())
            return _welcome(token)
    return render_template("accounts/verify.html", form=form, address=masked(address)), form.status


@blueprint.post("/verify/again", permission=PUBLIC)
def send_again() -> ResponseReturnValue:
    if (address := _waiting()) is not None:
        authentication.send_code_again(address, actor=current_actor(), now=now())
        flash(_("If the address is right, a new code is on its way."))
    return redirect(url_for("accounts.verify", next=next_path("/")))


@blueprint.route("/sign-in", methods=["GET", "POST"], permission=PUBLIC)
def sign_in() -> ResponseReturnValue:
    form = SignInForm()
    if form.validate_on_submit():
        with form.taking_refusals():
            address = authentication.address_of(form.address.data)
            _user, token = authentication.sign_in(
                address, form.password.data, agent=_agent(), actor=current_actor(), now=now()
            )
            return _welcome(token)
    return render_template("accounts/sign_in.html", form=form), form.status


@blueprint.post("/sign-out", permission=SIGNED_IN)
def sign_out() -> ResponseReturnValue:
    sessions.end_present(present_session().session_id, actor=current_actor(), now=now())
    leave()
    flash(_("You have signed out."), "success")
    return redirect(url_for("accounts.sign_in"))


@blueprint.route("/forgot-password", methods=["GET", "POST"], permission=PUBLIC)
def forgot_password() -> ResponseReturnValue:
    form = AddressForm()
    if form.validate_on_submit():
        with form.taking_refusals():
            address = authentication.address_of(form.address.data)
            authentication.forget_password(address, actor=current_actor(), now=now())
            session[WAITING] = address.text
            flash(_("If there is an account with this address, a code is on its way to it."))
            return redirect(url_for("accounts.reset_password"))
    return render_template("accounts/forgot_password.html", form=form), form.status


@blueprint.route("/reset-password", methods=["GET", "POST"], permission=PUBLIC)
def reset_password() -> ResponseReturnValue:
    address = _waiting()
    if address is None:
        return redirect(url_for("accounts.forgot_password"))
    form = ResetForm()
    if form.validate_on_submit():
        with form.taking_refusals():
            authentication.reset_password(address, form.code.data, form.password.data, actor=current_actor(), now=now())
            session.pop(WAITING)
            flash(_("Your new password is set. Please sign in with it."), "success")
            return redirect(url_for("accounts.sign_in"))
    return render_template("accounts/reset_password.html", form=form, address=masked(address)), form.status


@blueprint.get("/consent", permission=SIGNED_IN)
def consent() -> ResponseReturnValue:
    return render_template("accounts/consent.html", form=ConsentForm())


@blueprint.post("/consent", permission=SIGNED_IN)
def agree() -> ResponseReturnValue:
    form = ConsentForm()
    if not form.validate():
        return render_template("accounts/consent.html", form=form), 422
    consents.give(present_session().user_id, actor=current_actor(), now=now())
    return redirect(next_path(url_for("portal.desk")))


@blueprint.get("/terms", permission=PUBLIC)
def terms() -> ResponseReturnValue:
    return render_template("accounts/terms.html")


@blueprint.get("/privacy", permission=PUBLIC)
def privacy() -> ResponseReturnValue:
    return render_template("accounts/privacy.html")


def _welcome(token: str) -> ResponseReturnValue:
    target = next_path(url_for("portal.desk"))
    enter(token)
    return redirect(target)


def _waiting() -> Address | None:
    return read(session.get(WAITING, ""))


def _agent() -> str:
    return str(request.user_agent)
