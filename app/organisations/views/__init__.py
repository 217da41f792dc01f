"""The endpoints of organisations."""

from __future__ import annotations

from flask import Flask

from app.organisations.views import actors, applications, bodies, members, people, relations, suspension
from app.organisations.views.blueprint import blueprint

__all__ = ["actors", "applications", "blueprint", "bodies", "init_app", "members", "people", "relations", "suspension"]


def init_app(app: Flask) -> None:
    actors.init_app(app)
    app.register_blueprint(blueprint)
