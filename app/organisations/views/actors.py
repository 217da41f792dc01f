"""Who acts in this request, by cookie or by bearer token; and the switch between organisations."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask, g, redirect, request
from flask.typing import ResponseReturnValue

from app.access import NOBODY, SIGNED_IN, Actor
from app.accounts.queries import live_token
from app.accounts.rules.limits import SEEN_AT_MOST_EVERY
from app.accounts.services import tokens
from app.accounts.views.login import present, present_session
from app.infra.transactions import transaction
from app.kernel.civil import civil_day
from app.organisations import queries
from app.organisations.models import Organisation
from app.organisations.services import actors
from app.organisations.views.blueprint import blueprint
from app.web.current import actor_from, current_actor, forget_actor, now
from app.web.redirects import back_path

API = "/api/"


def actor_of_request() -> Actor:
    """Pages know the cookie only, the API the bearer token only, so neither can be tricked into the other."""
    address = request.remote_addr or ""
    if request.path.startswith(API):
        return _by_token(address)
    facts = present()
    if facts is None:
        return replace(NOBODY, address=address)
    return actors.actor_for(
        facts.user_id, acting_organisation_id=facts.acting_organisation_id, address=address, now=now()
    )


def _by_token(address: str) -> Actor:
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    token = live_token(bearer.strip(), now=now()) if scheme.lower() == "bearer" else None
    if token is None:
        return replace(NOBODY, address=address)
    known = token.last_used_at is not None and now() < token.last_used_at + SEEN_AT_MOST_EVERY
    if not known or token.last_used_from != address:
        g.token_to_touch = token.id
    return actors.actor_for(token.user_id, scopes=frozenset(token.scopes), address=address, now=now())


def note_token_use() -> None:
    """In a transaction of its own, at most once a minute from one address."""
    if "token_to_touch" in g:
        with transaction():
            tokens.touch(g.token_to_touch, address=request.remote_addr or "", now=now())


@blueprint.post("/acting-organisation", permission=SIGNED_IN)
def act_for() -> ResponseReturnValue:
    facts = present_session()
    actors.act_for(facts.session_id, request.form.get("organisation") or None, user_id=facts.user_id, now=now())
    forget_actor()
    return redirect(back_path("/"))


def own_organisations() -> list[Organisation]:
    """For the switch in the header."""
    user_id = current_actor().user_id
    return list(queries.organisations_of(user_id, today=civil_day(now()))) if user_id else []


def init_app(app: Flask) -> None:
    actor_from(app, actor_of_request)
    app.before_request(note_token_use)
    app.jinja_env.globals["own_organisations"] = own_organisations
