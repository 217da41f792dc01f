"""The room that the doors of the ledger belong to."""

from app.web.blueprint import Room

room = Room("ledger", "app.ledger")
