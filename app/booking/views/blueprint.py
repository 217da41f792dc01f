"""The blueprint of all endpoints of booking."""

from app.web.blueprint import GuardedBlueprint

blueprint = GuardedBlueprint("booking", "app.booking")
