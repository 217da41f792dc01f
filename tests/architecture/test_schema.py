"""The database that migrations build is the one the models describe, triggers and constraints included."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Connection, event, inspect, text
from sqlalchemy.exc import IntegrityError

from app.booking.rules.purposes import Purpose
from app.factory import create_app
from app.infra.db import Base, db, session
from app.infra.migrations import OPTIONS
from app.infra.transactions import transaction, writing
from app.organisations.models import EvaluationUnit, Kind
from tests.conftest import Rig
from tests.factories.cast import Cast
from tests.integration.booking.test_request import book
from tests.integration.usage.test_service import use

_POSTGRESQL = {
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace",
    "triggers": "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "functions": "SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
    "AND prolang = (SELECT oid FROM pg_language WHERE lanname = 'plpgsql')",
}
_SQLITE = {"all": "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE type IN ('trigger', 'index')"}


def _objects(connection: Connection) -> dict[str, set[tuple[str, ...]]]:
    queries = _POSTGRESQL if connection.dialect.name == "postgresql" else _SQLITE
    found = {kind: {tuple(map(str, row)) for row in connection.execute(text(sql))} for kind, sql in queries.items()}
    return {kind: {row for row in rows if "alembic_version" not in row[0] + row[1]} for kind, rows in found.items()}


def _from_models(rig: Rig) -> dict[str, set[tuple[str, ...]]]:
    url = (
        rig.server.create(f"{rig.worker}_models")
        if rig.server
        else f"sqlite:///{rig.folder / f'{rig.worker}_models.db'}"
    )
    app = create_app("testing", SQLALCHEMY_DATABASE_URI=url)
    with app.app_context():
        with writing(), db.engine.begin() as connection:
            if rig.server:
                for extension in ("btree_gist", "pg_trgm"):
                    connection.execute(text(f"CREATE EXTENSION {extension}"))
            Base.metadata.create_all(connection)
            built = _objects(connection)
        db.engine.dispose()
    return built


def test_tables_and_columns_are_those_of_the_models(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=OPTIONS)
        assert compare_metadata(context, Base.metadata) == []


def test_triggers_constraints_and_indexes_are_those_of_the_models(app: Flask, rig: Rig) -> None:
    with db.engine.connect() as connection:
        migrated = _objects(connection)
    modelled = _from_models(rig)
    for kind, wanted in modelled.items():
        assert migrated[kind] - wanted == set()
        assert wanted - migrated[kind] == set()


@pytest.mark.parametrize("table", ["occupations", "price_lists"])
def test_periods_are_guarded_by_the_database_itself(app: Flask, table: str) -> None:
    with db.engine.connect() as connection:
        names = " ".join(" ".join(row) for rows in _objects(connection).values() for row in rows)
    assert f"ex_{table}_no_overlap" in names


def _everything() -> dict[str, set[str]]:
    with db.engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        return {
            t: {str(sorted(map(str, row))) for row in connection.execute(text(f"SELECT * FROM {t}"))} for t in tables
        }


def test_data_and_guards_are_carried_down_and_up_again(app: Flask, cast: Cast, now: datetime) -> None:
    """Rebuilding a table on SQLite drops its triggers and would cascade into its children; nothing may be missing."""
    use(cast, book(cast, now))
    with transaction():
        unit = EvaluationUnit(organisation_id=cast.university.id, name="East Campus", kind=Kind.UNIVERSITY)
        session.add(unit)
        session.flush()
        cast.microscope.evaluation_unit_id = unit.id
    session.remove()
    with db.engine.connect() as connection:
        guarded, rows = _objects(connection), _everything()
    downgrade(revision="0010_evaluation")
    assert len(_everything()["service_records"]) == 1
    upgrade()
    with db.engine.connect() as connection:
        assert _objects(connection) == guarded
    assert _everything() == rows


def test_a_change_that_stops_has_not_happened(app: Flask, cast: Cast, now: datetime) -> None:
    """SQLite too: a table that is half rebuilt would leave a database that no program opens any more."""
    book(cast, now, purpose=Purpose.FILMING)  # the schema before knows no such purpose, and sees it last
    session.remove()
    with db.engine.connect() as connection:
        guarded, rows = _objects(connection), _everything()
    with pytest.raises(IntegrityError):
        downgrade(revision="0010_evaluation")
    with db.engine.connect() as connection:
        assert _objects(connection) == guarded
    assert _everything() == rows


def test_an_upgrade_that_breaks_off_leaves_none_of_its_steps(app: Flask, cast: Cast) -> None:
    """Of several migrations the first ones do not stay either, and the next upgrade begins where this one did."""
    session.remove()
    with db.engine.connect() as connection:
        guarded = _objects(connection)
    downgrade(revision="0008_usage_billing")

    def break_off(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if "statutory-test" in statement:  # in the last of them
            raise RuntimeError("the disk is full")

    event.listen(db.engine, "before_cursor_execute", break_off)
    try:
        with pytest.raises(SystemExit):
            upgrade()
    finally:
        event.remove(db.engine, "before_cursor_execute", break_off)
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "0008_usage_billing"
        assert not inspect(connection).has_table("service_records")
    upgrade()
    with db.engine.connect() as connection:
        assert _objects(connection) == guarded


def test_migrations_have_one_head() -> None:
    assert len(ScriptDirectory(str(Path(__file__).parents[2] / "migrations")).get_heads()) == 1
