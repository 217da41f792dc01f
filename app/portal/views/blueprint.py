"""The blueprint of the pages that cross capabilities."""

from app.web.blueprint import GuardedBlueprint

blueprint = GuardedBlueprint("portal", "app.portal")
