"""The room that the doors of booking belong to."""

from app.web.blueprint import Room

room = Room("booking", "app.booking")
