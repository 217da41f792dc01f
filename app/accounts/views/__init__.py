"""The doors of accounts: entry, the person's own pages, tokens, the outbox."""

from __future__ import annotations

from flask import Flask

from app.accounts.views import account, audit, entry, outbox, presence, tokens
from app.accounts.views.room import room

__all__ = ["account", "audit", "entry", "init_app", "outbox", "tokens"]


def init_app(app: Flask) -> None:
    presence.init_app(app)
    app.register_blueprint(room)
