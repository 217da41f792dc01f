"""The doors of organisations."""

from __future__ import annotations

from flask import Flask

from app.organisations.views import acting
from app.organisations.views.room import room


def init_app(app: Flask) -> None:
    acting.init_app(app)
    app.register_blueprint(room)
