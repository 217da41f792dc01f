"""The API knows bearer tokens only: a browser's cookie opens nothing here, so no page can misuse it."""

from __future__ import annotations

from flask import Flask, g, request

from app.access import NOBODY

PREFIX = "/api/"


def init_app(app: Flask) -> None:
    # First of all, so that nothing has asked the cookie who this is.
    app.before_request_funcs.setdefault(None, []).insert(0, forget_cookie)


def forget_cookie() -> None:
    if request.path.startswith(PREFIX) and "Authorization" not in request.headers:
        g.actor = NOBODY
