"""Runs migrations in one transaction per upgrade, on the application's own engine."""

from __future__ import annotations

from alembic import context
from flask import current_app

from app.infra.db import Base
from app.infra.migrations import OPTIONS, require_parents, whole
from app.infra.transactions import writing

engine = current_app.extensions["migrate"].db.engine

with writing(), engine.connect() as connection, whole(connection):
    context.configure(connection=connection, target_metadata=Base.metadata, transactional_ddl=True, **OPTIONS)
    with context.begin_transaction():
        context.run_migrations()
        require_parents(connection)
