"""The HTML shell: layout, fields, filters, menu and errors; it knows no feature."""

from __future__ import annotations

from flask import Flask

from app.web import converters, errors, filters, i18n, request_log, security, shell, views
from app.web.blueprint import GuardedBlueprint, guard, recognise
from app.web.current import actor_from, current_actor, now, request_id

__all__ = ["GuardedBlueprint", "actor_from", "current_actor", "init_app", "now", "request_id"]


def init_app(app: Flask) -> None:
    request_log.init_app(app)
    converters.init_app(app)
    i18n.init_app(app)
    filters.init_app(app)
    app.before_request(recognise)
    security.init_app(app)
    app.before_request(guard)
    shell.init_app(app)
    errors.init_app(app)
    app.register_blueprint(views.blueprint)
