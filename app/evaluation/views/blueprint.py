"""The blueprint of all endpoints of the evaluation."""

from app.web.blueprint import GuardedBlueprint

blueprint = GuardedBlueprint("evaluation", "app.evaluation")
