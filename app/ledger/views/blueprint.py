"""The blueprint of all endpoints of the ledger."""

from app.web.blueprint import GuardedBlueprint

blueprint = GuardedBlueprint("ledger", "app.ledger")
