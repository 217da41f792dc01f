"""The doors of organisations."""

from __future__ import annotations

from flask import Flask

from app.organisations.views import acting, applications, bodies, members, people, standing, surroundings
from app.organisations.views.room import room

__all__ = ["acting", "applications", "bodies", "init_app", "members", "people", "room", "standing", "surroundings"]


def init_app(app: Flask) -> None:
    acting.init_app(app)
    app.register_blueprint(room)
