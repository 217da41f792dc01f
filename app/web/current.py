"""Who is asking, at what moment, under which request id: the facts of the present request."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from flask import Flask, current_app, g, request

from app.access import NOBODY, Actor
from app.infra import clock


def actor_from(app: Flask, resolve: Callable[[], Actor]) -> None:
    """Let a higher feature say how a request's actor is found; web itself knows no accounts."""
    app.extensions["actor_resolver"] = resolve


def current_actor() -> Actor:
    """The actor of this request, found once; NOBODY where nobody is signed in."""
    if "actor" not in g:
        resolve = current_app.extensions.get("actor_resolver")
        g.actor = resolve() if resolve else NOBODY
    actor: Actor = g.actor
    return actor


def forget_actor() -> None:
    """After signing in or out, or changing the acting organisation, within the same request."""
    g.pop("actor", None)


def now() -> datetime:
    """The application's clock, the same instant for the whole request."""
    if "now" not in g:
        g.now = clock.now()
    instant: datetime = g.now
    return instant


def request_id() -> str:
    """Sixteen hexadecimal characters made here; one sent by a client is never believed."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(8)
    text: str = g.request_id
    return text


def wants_page() -> bool:
    """Whether a person looks at the answer as a whole page, not a script at a part of it."""
    if request.path.startswith("/api/") or request.headers.get("HX-Request"):
        return False
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) != "application/json"
