"""The endpoints of accounts: entry, the person's own pages, tokens, the outbox."""

from __future__ import annotations

from app.accounts.views import account, audit, authentication, login, outbox, sign_in_links, tokens
from app.accounts.views.blueprint import blueprint

__all__ = ["account", "audit", "authentication", "blueprint", "login", "outbox", "sign_in_links", "tokens"]
