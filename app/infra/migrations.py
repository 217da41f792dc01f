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
def whole(connection: sa.Connection) -> Iterator[None]:
    """One upgrade, one transaction: stopped anywhere, nothing of it has happened.

    SQLite needs its foreign keys off to rebuild a table, and takes that switch outside of transactions only:
    inside of one it does nothing, and says nothing about it.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    raw: Any = connection.connection.driver_connection
    raw.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        raw.rollback()
        raw.execute("PRAGMA foreign_keys = ON")


def require_parents(connection: sa.Connection) -> None:
    """What foreign keys would have refused while they were off; raises before anything is kept."""
    if connection.dialect.name != "sqlite":
        return
    if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
        raise RuntimeError(f"the upgrade left rows without their parents: {broken[:3]}")


@contextmanager
def rebuilt(op: Any, table: str) -> Iterator[Any]:
    """Alembic's batch mode made safe on SQLite: it drops triggers, and would cascade deletes into children."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        with op.batch_alter_table(table) as batch:
            yield batch
        return
    if connection.exec_driver_sql("PRAGMA foreign_keys").scalar():
        raise RuntimeError("a table is rebuilt inside of whole() only")
    named = sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
    triggers = [row.sql for row in connection.execute(named, {"table": table})]
    with op.batch_alter_table(table) as batch:
        yield batch
    for trigger in triggers:
        connection.exec_driver_sql(trigger)
