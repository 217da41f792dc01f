"""The room that the doors of the catalogue belong to."""

from app.web.blueprint import Room

room = Room("catalogue", "app.catalogue")
