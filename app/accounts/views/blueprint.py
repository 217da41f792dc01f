"""The blueprint of all endpoints of accounts."""

from __future__ import annotations

from app.web.blueprint import GuardedBlueprint

blueprint = GuardedBlueprint("accounts", "app.accounts")
