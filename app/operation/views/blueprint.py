"""The blueprint of all endpoints of the operation."""

from app.web.blueprint import GuardedBlueprint

blueprint = GuardedBlueprint("operation", "app.operation")
