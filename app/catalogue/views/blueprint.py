"""The blueprint of all endpoints of the catalogue."""

from app.web.blueprint import GuardedBlueprint

blueprint = GuardedBlueprint("catalogue", "app.catalogue")
