"""`flask config`: whether this installation is set up as production needs it."""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import text

from app import startup
from app.infra import readiness
from app.infra.db import db

group = AppGroup("config", help="Settings.")

_OWNS = text(
    "SELECT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) OR EXISTS "
    "(SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user)"
)


@group.command("check")
def check() -> None:
    """Name everything that production would refuse or that breaks a promise; exit code 1 if there is any."""
    unready = readiness.faults()
    asked = [] if readiness.UNREACHABLE in unready else _role_faults()
    found = [*startup.faults(current_app), *unready, *asked]
    for fault in found:
        click.echo(f"- {fault}", err=True)
    if found:
        sys.exit(1)
    click.echo("Everything is as production needs it.")


def _role_faults() -> list[str]:
    """Who owns a table can switch its triggers off."""
    if db.engine.dialect.name != "postgresql":
        return []
    with db.engine.connect() as connection:
        owns = connection.execute(_OWNS).scalar()
    return ["the database role owns the tables or is a superuser; run the platform as one that only uses them"] * bool(
        owns
    )
