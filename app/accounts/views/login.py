"""Who sits at this browser: the cookie's token, looked up once per request."""

from __future__ import annotations

from flask import Flask, abort, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from app.access import PUBLIC
from app.accounts import queries
from app.accounts.queries import SignedIn
from app.accounts.rules.limits import SEEN_AT_MOST_EVERY
from app.accounts.services import sessions
from app.infra.transactions import transaction
from app.web import i18n
from app.web.blueprint import permissions
from app.web.current import forget_actor, now
from app.web.redirects import current_path, safe_path

login = LoginManager()
ASKED_WITHOUT_CONSENT = {"accounts.consent", "accounts.agree", "accounts.sign_out"}


class Person(UserMixin):
    """What flask_login keeps: the token in the signed cookie, the facts for this request."""

    def __init__(self, token: str, facts: SignedIn | None = None) -> None:
        self.token, self.facts = token, facts

    def get_id(self) -> str:
        return self.token


@login.user_loader
def _load(token: str) -> Person | None:
    config = current_app.config
    facts = queries.signed_in(token, idle=config["SESSION_IDLE"], absolute=config["SESSION_ABSOLUTE"], now=now())
    return Person(token, facts) if facts else None


def present() -> SignedIn | None:
    """The live session of this request, or None."""
    return getattr(current_user, "facts", None)


def _language() -> str | None:
    facts = present()
    return facts.language if facts else None


def present_session() -> SignedIn:
    facts = present()
    if facts is None:
        abort(401)
    return facts


def enter(token: str) -> None:
    """Bind this browser to a fresh session; nothing of the old cookie survives."""
    session.clear()
    login_user(Person(token))
    forget_actor()


def leave() -> None:
    logout_user()
    session.clear()
    forget_actor()


def keep_alive() -> None:
    """Note use at most once a minute; parts of a page that refresh themselves do not count as use."""
    facts = present()
    if facts is None or request.headers.get("HX-Request") or now() < facts.last_seen_at + SEEN_AT_MOST_EVERY:
        return
    with transaction():
        sessions.touch(facts.session_id, now=now())


def ask_consent() -> ResponseReturnValue | None:
    """A new version of a document is agreed to before anything else is opened."""
    facts = None if request.path.startswith("/api/") else present()
    if facts is None or not facts.consents_missing or request.endpoint is None:
        return None
    if request.endpoint in ASKED_WITHOUT_CONSENT or permissions(current_app)[request.endpoint] == PUBLIC:
        return None
    return redirect(url_for("accounts.consent", next=safe_path(current_path())))


def init_app(app: Flask) -> None:
    login.session_protection = None  # the session row is the authority
    login.init_app(app)
    i18n.account_language(app, _language)
    app.before_request(keep_alive)
    app.before_request(ask_consent)
    app.jinja_env.globals["present"] = present
