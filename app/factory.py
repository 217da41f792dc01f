"""The application factory: a table of contents."""

from __future__ import annotations

import os
from typing import Any

from flask import Flask

import config as settings
from app import cli, features, startup
from app.infra import engines as _engines  # noqa: F401  opens every engine with our settings
from app.infra import logs
from app.infra.clock import system_clock
from app.infra.db import db, migrate
from app.infra.transactions import Application


def create_app(environment: str | None = None, **overrides: Any) -> Flask:
    """Build the platform for `environment` (APP_ENV; development by default)."""
    name = environment or os.environ.get("APP_ENV", "development")
    startup.refuse_unknown(name, settings.BY_NAME)
    app = Application("app", static_folder="static/dist", static_url_path="/static")
    app.config.from_object(settings.BY_NAME[name])
    app.config.from_mapping(overrides)
    app.extensions["clock"] = system_clock

    logs.configure(app)
    startup.refuse_unreadable(app)
    startup.refuse_unsafe(app, name)
    startup.open_data_folder(app)
    startup.trust_proxies(app)
    db.init_app(app)
    startup.refuse_demo_data(app, name)
    migrate.init_app(app, db, directory=str(settings.ROOT / "migrations"))
    features.init_app(app)
    cli.init_app(app)
    return app
