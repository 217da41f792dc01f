"""The room that the doors of the evaluation belong to."""

from app.web.blueprint import Room

room = Room("evaluation", "app.evaluation")
