"""Invariants that only triggers and exclusion constraints can hold, on both engines.

A feature attaches a guard to its table; the migration installs the very same guard, and a test
compares what both produce.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

from sqlalchemy import DDL, FromClause, Table, event
from sqlalchemy.exc import DBAPIError

# PostgreSQL names the constraint, SQLite repeats the RAISE text; both contain these words.
OVERLAP = "no_overlap"
APPEND_ONLY = "append_only"
FIXED = "never_changed"

_REFUSE_CHANGE = (
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$"
)


class Guard(Protocol):
    @property
    def table(self) -> str: ...
    def create(self, dialect: str) -> list[str]: ...
    def drop(self, dialect: str) -> list[str]: ...


@dataclass(frozen=True)
class NoOverlap:
    """No two rows with equal `keys` (and `where`) may overlap in half-open `[starts, ends)`; an open end is NULL.

    The SQLite trigger looks only at the neighbour that starts last before the new end: the rows
    already there do not overlap, so no other can.
    """

    table: str
    keys: tuple[str, ...]
    starts: str
    ends: str
    where: str | None = None
    range_type: str = "tstzrange"

    @property
    def name(self) -> str:
        return f"ex_{self.table}_{OVERLAP}"

    def create(self, dialect: str) -> list[str]:
        return self._postgresql() if dialect == "postgresql" else self._sqlite()

    def drop(self, dialect: str) -> list[str]:
        if dialect == "postgresql":
            return [f"ALTER TABLE {self.table} DROP CONSTRAINT {self.name}"]
        return [f"DROP TRIGGER {self.name}_{kind}" for kind in ("insert", "update")]

    def _postgresql(self) -> list[str]:
        keys = "".join(f"{key} WITH =, " for key in self.keys)
        span = f"{self.range_type}({self.starts}, {self.ends}, '[)') WITH &&"
        where = f" WHERE ({self.where})" if self.where else ""
        return [f"ALTER TABLE {self.table} ADD CONSTRAINT {self.name} EXCLUDE USING gist ({keys}{span}){where}"]

    def _sqlite(self) -> list[str]:
        far = "'9999-12-31 23:59:59'"
        same = " AND ".join(f"{key} = NEW.{key}" for key in self.keys)
        live = f" AND ({self.where})" if self.where else ""
        new_is_live = f"WHEN NEW.{self.where} " if self.where else ""
        neighbour = (
            f"SELECT coalesce({self.ends}, {far}) FROM {self.table} WHERE {same}{live} AND id IS NOT NEW.id "
            f"AND {self.starts} < coalesce(NEW.{self.ends}, {far}) ORDER BY {self.starts} DESC LIMIT 1"
        )
        body = f"BEGIN SELECT RAISE(ABORT, '{self.name}') WHERE ({neighbour}) > NEW.{self.starts}; END"
        watched = ", ".join([*self.keys, self.starts, self.ends, *([self.where] if self.where else [])])
        return [
            f"CREATE TRIGGER {self.name}_insert BEFORE INSERT ON {self.table} {new_is_live}{body}",
            f"CREATE TRIGGER {self.name}_update BEFORE UPDATE OF {watched} ON {self.table} {new_is_live}{body}",
        ]


@dataclass(frozen=True)
class AppendOnly:
    """Rows are added and never touched again; corrections are further rows.

    On SQLite an insert with an existing key is refused too: `INSERT OR REPLACE` passes update
    and delete triggers.
    """

    table: str

    def create(self, dialect: str) -> list[str]:
        name = f"{APPEND_ONLY}_{self.table}"
        if dialect == "postgresql":
            call = f"EXECUTE FUNCTION refuse_change('{name}')"
            return [
                _REFUSE_CHANGE,
                f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {self.table} FOR EACH ROW {call}",
                f"CREATE TRIGGER {name}_truncate BEFORE TRUNCATE ON {self.table} FOR EACH STATEMENT {call}",
            ]
        abort = f"BEGIN SELECT RAISE(ABORT, '{name}'); END"
        taken = f"WHEN EXISTS (SELECT 1 FROM {self.table} WHERE id = NEW.id)"
        return [
            f"CREATE TRIGGER {name}_update BEFORE UPDATE ON {self.table} {abort}",
            f"CREATE TRIGGER {name}_delete BEFORE DELETE ON {self.table} {abort}",
            f"CREATE TRIGGER {name}_replace BEFORE INSERT ON {self.table} {taken} {abort}",
        ]

    def drop(self, dialect: str) -> list[str]:
        name = f"{APPEND_ONLY}_{self.table}"
        if dialect == "postgresql":
            return [f"DROP TRIGGER {name}{part} ON {self.table}" for part in ("", "_truncate")]
        return [f"DROP TRIGGER {name}_{kind}" for kind in ("update", "delete", "replace")]


@dataclass(frozen=True)
class NeverChanged:
    """These columns keep the value they were born with: the parties of a fact, what a digest covers."""

    table: str
    columns: tuple[str, ...]

    def create(self, dialect: str) -> list[str]:
        name = f"{FIXED}_{self.table}"
        watched = ", ".join(self.columns)
        if dialect == "postgresql":
            differs = " OR ".join(f"OLD.{c} IS DISTINCT FROM NEW.{c}" for c in self.columns)
            call = f"EXECUTE FUNCTION refuse_change('{name}')"
            trigger = f"CREATE TRIGGER {name} BEFORE UPDATE OF {watched} ON {self.table}"
            return [_REFUSE_CHANGE, f"{trigger} FOR EACH ROW WHEN ({differs}) {call}"]
        differs = " OR ".join(f"OLD.{c} IS NOT NEW.{c}" for c in self.columns)
        abort = f"BEGIN SELECT RAISE(ABORT, '{name}'); END"
        return [f"CREATE TRIGGER {name} BEFORE UPDATE OF {watched} ON {self.table} WHEN {differs} {abort}"]

    def drop(self, dialect: str) -> list[str]:
        on = f" ON {self.table}" if dialect == "postgresql" else ""
        return [f"DROP TRIGGER {FIXED}_{self.table}{on}"]


@dataclass(frozen=True)
class RefuseWhere:
    """Refuses the events on a row for which a condition holds, written over NEW or OLD in SQL that both engines read.

    PostgreSQL runs `first` before it looks, such as the lock that makes two transactions look one after the other.
    """

    table: str
    name: str
    condition: str
    events: str = "INSERT"
    first: str = ""

    def create(self, dialect: str) -> list[str]:
        if dialect == "postgresql":
            returned = "OLD" if self.events == "DELETE" else "NEW"
            refuse = f"RAISE EXCEPTION '{self.name}' USING ERRCODE = 'integrity_constraint_violation'"
            body = f"BEGIN {self.first} IF ({self.condition}) THEN {refuse}; END IF; RETURN {returned}; END"
            return [
                f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
                f"CREATE TRIGGER {self.name} BEFORE {self.events} ON {self.table} FOR EACH ROW "
                f"EXECUTE FUNCTION {self.name}()",
            ]
        abort = f"BEGIN SELECT RAISE(ABORT, '{self.name}'); END"
        return [f"CREATE TRIGGER {self.name} BEFORE {self.events} ON {self.table} WHEN {self.condition} {abort}"]

    def drop(self, dialect: str) -> list[str]:
        if dialect == "postgresql":
            return [f"DROP TRIGGER {self.name} ON {self.table}", f"DROP FUNCTION {self.name}()"]
        return [f"DROP TRIGGER {self.name}"]


def attach(described: FromClause, *guards: Guard) -> None:
    """Make `metadata.create_all` install the guards, and note them for the migration."""
    table = cast(Table, described)  # what a mapped class calls __table__
    for guard in guards:
        table.metadata.info.setdefault("guards", []).append(guard)
        for dialect in ("postgresql", "sqlite"):
            for statement in guard.create(dialect):
                # DDL() treats % as formatting.
                ddl = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
                event.listen(table, "after_create", ddl.execute_if(dialect=dialect))


def install(op: Any, guards: Sequence[Guard]) -> None:
    """For migrations: put the guards on tables that exist."""
    for guard in guards:
        for statement in guard.create(op.get_bind().dialect.name):
            op.execute(statement)


def remove(op: Any, guards: Sequence[Guard]) -> None:
    for guard in guards:
        for statement in guard.drop(op.get_bind().dialect.name):
            op.execute(statement)


def broken(error: DBAPIError, guard: str) -> bool:
    """Whether the database refused because of this kind of guard (OVERLAP, APPEND_ONLY, FIXED)."""
    return guard in str(error.orig)
