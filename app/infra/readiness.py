"""Whether this process can keep the platform's promises right now; each fault is a code for machines."""

from __future__ import annotations

import logging
from functools import cache

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from app.infra import jobs
from app.infra.db import db, session
from app.infra.engines import PRAGMAS
from app.infra.settings import setting

log = logging.getLogger(__name__)

UNREACHABLE = "database-unreachable"

# What a crash of the machine may not take: PostgreSQL can be told to risk it, and then says so here.
_DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


def faults() -> list[str]:
    try:
        with db.engine.connect() as connection:
            found = _migration_faults(connection) or _demo_faults()
            return found + _durability_faults(connection)
    except SQLAlchemyError:
        log.exception("not ready")
        return [UNREACHABLE]
    finally:
        session.remove()


def _migration_faults(connection: Connection) -> list[str]:
    present = set(MigrationContext.configure(connection).get_current_heads())
    return [] if present == heads() else ["migrations-not-at-head"]


def heads() -> set[str]:
    """The schema this program was written for."""
    return _heads(current_app.extensions["migrate"].directory)


@cache
def _heads(directory: str) -> set[str]:
    return set(ScriptDirectory(directory).get_heads())


def _demo_faults() -> list[str]:
    return ["demo-data"] if not setting("DEMO") and jobs.done(*jobs.DEMO) else []


def _durability_faults(connection: Connection) -> list[str]:
    if connection.dialect.name == "sqlite":
        kept = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in PRAGMAS}
        return [f"sqlite-{name}" for name, wanted in PRAGMAS.items() if kept[name] != wanted]
    return [f"postgresql-{name}" for name in _DURABLE if connection.execute(text(f"SHOW {name}")).scalar() == "off"]
