"""The blueprint of all endpoints of organisations."""

from __future__ import annotations

from app.web.blueprint import GuardedBlueprint

blueprint = GuardedBlueprint("organisations", "app.organisations")
