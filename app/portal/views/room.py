"""The room of the pages that cross capabilities."""

from app.web.blueprint import Room

room = Room("portal", "app.portal")
