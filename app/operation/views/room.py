"""The operation room's doors register here."""

from app.web.blueprint import Room

room = Room("operation", "app.operation")
