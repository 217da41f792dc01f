"""Columns and values under the field's own terms: purpose, description, source, staff, roles, components."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from alembic import op

from app.infra import guards

revision = "0012_names"
down_revision = "0011_units_and_purposes"
branch_labels = None
depends_on = None

SOURCES = {"page": "web", "command": "cli"}
KINDS = {"crew": "staff"}

# Words of each table's definition, its indexes and triggers; on SQLite all of them are replaced at one pass.
WORDS: Mapping[str, Mapping[str, str]] = {
    "bookings": {
        "purpose": "description", "direction": "purpose", "door": "source", "ck_bookings_door": "ck_bookings_source",
        "page": "web", "command": "cli",
    },
    "unmet_demand": {
        "door": "source", "ck_unmet_demand_door": "ck_unmet_demand_source", "page": "web", "command": "cli",
    },
    "occupations": {"crew": "staff"},
    "organisation_parts": {
        "organisation_parts": "organisation_roles",
        "part": "role",
        "ck_organisation_parts_part": "ck_organisation_roles_organisationrole",
        "pk_organisation_parts": "pk_organisation_roles", "ix_organisation_parts_part": "ix_organisation_roles_role",
        "fk_organisation_parts_organisation_id": "fk_organisation_roles_organisation_id",
        "uq_organisation_parts_organisation_id_part": "uq_organisation_roles_organisation_id_role",
    },
    "instruments": {
        "part": "component_place", "whole": "is_composite", "ck_instruments_part": "ck_instruments_component_place",
        "uq_instruments_calendar_id_part": "uq_instruments_calendar_id_component_place",
        "ix_instruments_whole": "ix_instruments_composite",
    },
    "organisation_applications": {"parts": "roles"},
    "service_records": {"direction": "purpose"},
}  # fmt: skip

# (table, column, constraint, old value → new value): what PostgreSQL checks by an expression of its own.
VALUES = (
    ("bookings", "source", SOURCES),
    ("unmet_demand", "source", SOURCES),
    ("occupations", "kind", KINDS),
)
KNOWN = {
    "source": (("page", "api", "command"), ("web", "api", "cli", "import")),
    "kind": (("booking", "crew", "maintenance", "hold"), ("booking", "staff", "maintenance", "hold")),
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table, words in WORDS.items():
            _restate(table, words, wider={"'cli'": "'cli', 'import'"})
        return
    _rename(WORDS)
    for table, column, values in VALUES:
        _translate(table, column, values, KNOWN[column][1])


def downgrade() -> None:
    backwards = {words.get(table, table): {new: old for old, new in words.items()} for table, words in WORDS.items()}
    if op.get_bind().dialect.name == "sqlite":
        for table, words in backwards.items():
            _restate(table, words, wider={", 'import'": ""})
        return
    for table, column, values in VALUES:
        _translate(table, column, {new: old for old, new in values.items()}, KNOWN[column][0])
    _rename(backwards)


def _restate(table: str, words: Mapping[str, str], wider: Mapping[str, str]) -> None:
    """Write a SQLite table, its indexes and triggers again with other words, and carry its rows over.

    The words of a definition stand for columns and for the values of a check alike; no text that people typed is
    read but that of the columns whose values are translated.
    """
    connection = op.get_bind()
    about = sa.text("SELECT type, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL")
    found = [(row.type, _replaced(row.sql, words)) for row in connection.execute(about, {"table": table})]
    before = [column["name"] for column in sa.inspect(connection).get_columns(table)]
    name = words.get(table, table)
    statement = next(sql for kind, sql in found if kind == "table")
    for old, new in wider.items():
        statement = statement.replace(old, new)
    beside = re.sub(rf'(CREATE TABLE )"?{name}"?', rf"\1{name}_beside", statement, count=1)
    connection.exec_driver_sql(beside)
    values = ", ".join(_translated(words.get(column, column), column) for column in before)
    columns = ", ".join(f'"{words.get(column, column)}"' for column in before)
    connection.exec_driver_sql(f"INSERT INTO {name}_beside ({columns}) SELECT {values} FROM {table}")
    connection.exec_driver_sql(f"DROP TABLE {table}")
    connection.exec_driver_sql(f"ALTER TABLE {name}_beside RENAME TO {name}")
    for sql in (sql for kind, sql in found if kind != "table"):
        connection.exec_driver_sql(sql)


def _replaced(sql: str, words: Mapping[str, str]) -> str:
    return re.sub(r"\w+", lambda found: words.get(found[0], found[0]), sql)


def _translated(after: str, column: str) -> str:
    """The value of a column as SQL: the few values that have another word now are translated, in either direction."""
    translations = {"source": SOURCES, "door": {new: old for old, new in SOURCES.items()}}
    if column == "kind":
        return f"CASE \"{column}\" WHEN 'crew' THEN 'staff' WHEN 'staff' THEN 'crew' ELSE \"{column}\" END"
    if after not in translations:
        return f'"{column}"'
    cases = " ".join(f"WHEN '{old}' THEN '{new}'" for old, new in translations[after].items())
    return f'CASE "{column}" {cases} ELSE "{column}" END'


def _rename(tables: Mapping[str, Mapping[str, str]]) -> None:
    """On PostgreSQL: columns first, in an order in which no name is taken, then constraints, indexes and the table."""
    inspector = sa.inspect(op.get_bind())
    for table, words in tables.items():
        columns = {column["name"] for column in inspector.get_columns(table)}
        for old in _in_free_order(words, columns):
            op.execute(f'ALTER TABLE {table} RENAME COLUMN "{old}" TO "{words[old]}"')
        for name in _constraints(table) & words.keys():
            op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT {name} TO {words[name]}")
        for index in {index["name"] for index in inspector.get_indexes(table)} & words.keys():
            op.execute(f"ALTER INDEX IF EXISTS {index} RENAME TO {words[index]}")
        if table in words:
            op.execute(f"ALTER TABLE {table} RENAME TO {words[table]}")
            op.execute(f"ALTER SEQUENCE IF EXISTS {table}_id_seq RENAME TO {words[table]}_id_seq")


def _in_free_order(words: Mapping[str, str], columns: Iterable[str]) -> list[str]:
    taken, waiting, order = set(columns), {old for old in words if old in set(columns)}, []
    while waiting:
        old = next(name for name in sorted(waiting) if words[name] not in taken)
        waiting.remove(old)
        taken = taken - {old} | {words[old]}
        order.append(old)
    return order


def _constraints(table: str) -> set[str]:
    asked = sa.text("SELECT conname FROM pg_constraint WHERE conrelid = CAST(:table AS regclass)")
    return set(op.get_bind().scalars(asked, {"table": table}))


def _translate(table: str, column: str, values: Mapping[str, str], known: tuple[str, ...]) -> None:
    """On PostgreSQL: the values under their new words, and the check that admits no others."""
    append_only = [guards.AppendOnly(table)] if table == "unmet_demand" else []
    guards.remove(op, append_only)
    name = next(
        found for found in _constraints(table) if found in {f"ck_{table}_{column}", f"ck_{table}_occupationkind"}
    )
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for old, new in values.items():
        op.execute(f"UPDATE {table} SET {column} = '{new}' WHERE {column} = '{old}'")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} IN ({', '.join(map(repr, known))}))")
    guards.install(op, append_only)
