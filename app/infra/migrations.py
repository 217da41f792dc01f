"""What Alembic needs to know about our column types, and the only safe way to rebuild a SQLite table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate.api import AutogenContext

from app.infra import types


def render_item(kind: str, item: Any, context: AutogenContext) -> str | bool | None:
    """Write our column types by name."""
    if kind == "type" and type(item).__module__ == types.__name__:
        context.imports.add("from app.infra import types")
        length = f"length={item.impl.length}" if getattr(item.impl, "length", None) else ""
        return f"types.{type(item).__name__}({length})"
    if kind == "type" and item is types.BigId:
        context.imports.add("from app.infra import types")
        return "types.BigId"
    if kind == "check" and "typeof(" in str(item.sqltext):
        return None  # a money column brings its own check (infra.db), in migrations as in models
    return False


OPTIONS: dict[str, Any] = {"render_item": render_item, "compare_type": True, "render_as_batch": False}


@contextmanager
def rebuilt(op: Any, table: str) -> Iterator[Any]:
    """Alembic's batch mode made safe on SQLite: it drops triggers and would cascade deletes into children.

    Foreign keys are off while the table is rebuilt (which SQLite only allows outside a
    transaction), its triggers are put back, and foreign_key_check must find nothing.
    """
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        with op.batch_alter_table(table) as batch:
            yield batch
        return
    named = sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
    triggers = [row.sql for row in connection.execute(named, {"table": table})]
    with _without_foreign_keys(connection.connection.driver_connection):
        with op.batch_alter_table(table) as batch:
            yield batch
        for trigger in triggers:
            connection.exec_driver_sql(trigger)
        if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
            raise RuntimeError(f"rebuilding {table} left rows without their parents: {broken[:3]}")


@contextmanager
def _without_foreign_keys(raw: Any) -> Iterator[None]:
    """A transaction of its own: inside of one the switch does nothing, and says nothing about it."""
    raw.commit()
    raw.execute("PRAGMA foreign_keys = OFF")
    raw.execute("BEGIN IMMEDIATE")
    try:
        yield
        raw.commit()
    finally:
        raw.rollback()
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute("BEGIN IMMEDIATE")  # what is left of the upgrade
