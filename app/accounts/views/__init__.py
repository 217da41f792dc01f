"""The endpoints of accounts: entry, the person's own pages, tokens, the outbox."""

from __future__ import annotations

from flask import Flask

from app.accounts.views import account, audit, authentication, login, outbox, tokens
from app.accounts.views.blueprint import blueprint

__all__ = ["account", "audit", "authentication", "init_app", "outbox", "tokens"]


def init_app(app: Flask) -> None:
    login.init_app(app)
    app.register_blueprint(blueprint)
