"""The room that all doors of organisations belong to."""

from __future__ import annotations

from app.web.blueprint import Room

room = Room("organisations", "app.organisations")
