"""The endpoints of organisations."""

from __future__ import annotations

from app.organisations.views import actors, applications, bodies, members, people, relations, suspension
from app.organisations.views.blueprint import blueprint

__all__ = ["actors", "applications", "blueprint", "bodies", "members", "people", "relations", "suspension"]
