"""The room that all doors of accounts belong to."""

from __future__ import annotations

from app.web.blueprint import Room

room = Room("accounts", "app.accounts")
