"""A person's API tokens: made, shown once, revoked."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.access import SIGNED_IN, usable_scopes
from app.accounts import queries
from app.accounts.forms import TokenForm
from app.accounts.models import ApiToken
from app.accounts.services import tokens
from app.accounts.views.blueprint import blueprint
from app.accounts.views.login import present_session
from app.web import labels
from app.web.current import current_actor, now
from app.web.listing import Column, Empty, Listing

MADE = "made_token"

TOKENS = Listing(
    columns=(
        Column("name", _l("What it is for"), lambda t: t.name, sort=ApiToken.name),
        Column("prefix", _l("Begins with"), lambda t: t.prefix),
        Column("scopes", _l("What it may do"), lambda t: [labels.scope(scope) for scope in t.scopes]),
        Column("created", _l("Made"), lambda t: t.created_at, sort=ApiToken.created_at),
        Column("expires", _l("Good until"), lambda t: t.expires_at, sort=ApiToken.expires_at),
        Column("used", _l("Last used"), lambda t: t.last_used_at),
        Column("from", _l("From where"), lambda t: t.last_used_from),
        Column("revoked", _l("Revoked"), lambda t: t.revoked_at),
    ),
    order=(ApiToken.id.desc(),),
    empty=Empty(
        why=_l("You have no tokens."),
        first=_l("A token lets a program of yours use the interface in your name, with the rights you choose."),
    ),
    file_name="tokens",
)


def _form() -> TokenForm:
    form = TokenForm()
    form.offer(usable_scopes(current_actor()))
    return form


@blueprint.get("/account/tokens", permission=SIGNED_IN)
def own_tokens() -> ResponseReturnValue:
    made = session.pop(MADE, None)  # travels in the owner's cookie to this one page, and is gone
    return TOKENS.answer(queries.tokens_of(present_session().user_id), "accounts/tokens.html", form=_form(), made=made)


@blueprint.post("/account/tokens", permission=SIGNED_IN)
def create_token() -> ResponseReturnValue:
    form, user_id = _form(), present_session().user_id
    if form.validate():
        with form.taking_refusals():
            _row, session[MADE] = tokens.create(
                form.name.data,
                form.scopes.data or (),
                timedelta(days=form.days.data),
                user_id=user_id,
                actor=current_actor(),
                now=now(),
            )
            return redirect(url_for("accounts.own_tokens"))
    return TOKENS.answer(queries.tokens_of(user_id), "accounts/tokens.html", form=form, made=None, status=form.status)


@blueprint.post("/account/tokens/<uuid:token_id>/revoke", permission=SIGNED_IN)
def revoke_token(token_id: str) -> ResponseReturnValue:
    tokens.revoke(str(token_id), actor=current_actor(), now=now())
    flash(_("The token no longer works."), "success")
    return redirect(url_for("accounts.own_tokens"))
