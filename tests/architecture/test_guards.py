"""The guards of the database do what they are named for, on both engines, and stand on the tables they must."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.infra.db import Base, session
from app.infra.guards import (
    APPEND_ONLY,
    FIXED,
    OVERLAP,
    AppendOnly,
    Guard,
    NeverChanged,
    NoOverlap,
    RefuseWhere,
    broken,
    install,
    remove,
)
from app.infra.transactions import transaction
from app.infra.types import Fen
from tests.factories.cast import Cast

# Reviewed by hand: taking a guard from a model takes it from the migration, too, and nothing else would tell.
WANTED = {
    AppendOnly: {
        "audit_entries", "audit_seals", "booking_steps", "charge_marks", "charges", "computations", "consents",
        "history_checks", "record_entries", "record_takings", "results", "round_acts", "schemes", "service_records",
        "unmet_demand",
    },
    NoOverlap: {"memberships", "occupations", "organisation_names", "price_lists", "related_parties"},
    NeverChanged: {"bookings", "instruments", "price_lists", "rounds"},
    RefuseWhere: {"computations", "record_takings", "record_verdicts", "results", "round_acts", "rounds"},
}  # fmt: skip

TIMES = NoOverlap("guarded", ("place",), "starts", "ends", "active", range_type="int4range")
DAYS = NoOverlap("guarded", ("place",), "starts", "ends", range_type="int4range")
NAMES = NeverChanged("guarded", ("place", "name"))
ROWS = AppendOnly("guarded")


class Place:
    """What `install` and `remove` need of Alembic's `op`, and a table to guard."""

    def get_bind(self) -> object:
        return session.connection()

    def execute(self, statement: str) -> None:
        session.execute(text(statement))

    def row(self, key: int, starts: int, ends: int | None, *, place: int = 1, active: bool = True) -> None:
        values = {"id": key, "place": place, "starts": starts, "ends": ends, "active": active}
        statement = "INSERT INTO guarded VALUES (:id, :place, :starts, :ends, :active, 'a')"
        with transaction():
            session.execute(text(statement), values)

    def refused(self, kind: str, statement: str) -> None:
        with pytest.raises(IntegrityError) as error, transaction():
            session.execute(text(statement))
        assert broken(error.value, kind)

    def taken(self, statement: str) -> None:
        with transaction():
            session.execute(text(statement))


@pytest.fixture
def place(app: Flask) -> Place:
    made = Place()
    columns = "id integer PRIMARY KEY, place integer, starts integer, ends integer, active boolean, name text"
    made.taken(f"CREATE TABLE guarded ({columns})")
    return made


@pytest.fixture
def guarded(place: Place, guards: Sequence[Guard]) -> Iterator[Place]:
    with transaction():
        install(place, guards)
    yield place
    with transaction():
        remove(place, guards)


def test_every_table_has_its_guards() -> None:
    found: dict[type, set[str]] = {}
    for guard in Base.metadata.info["guards"]:
        found.setdefault(type(guard), set()).add(guard.table)
    assert found == WANTED


@pytest.mark.parametrize("guards", [[ROWS]])
def test_rows_are_added_and_never_touched_again(guarded: Place) -> None:
    guarded.row(1, 0, 10)
    guarded.row(2, 0, 10)
    statements = ["UPDATE guarded SET name = 'a'", "DELETE FROM guarded WHERE id = 1"]
    if session.get_bind().dialect.name == "postgresql":
        statements.append("TRUNCATE guarded")
    else:
        statements.append("INSERT OR REPLACE INTO guarded VALUES (1, 1, 0, 10, true, 'b')")
    for statement in statements:
        guarded.refused(APPEND_ONLY, statement)


@pytest.mark.parametrize("guards", [[NAMES]])
def test_what_a_row_was_born_with_stays(guarded: Place) -> None:
    guarded.row(1, 0, 10)
    for statement in ("name = 'b'", "name = NULL", "place = 2", "starts = 1, place = 3"):
        guarded.refused(FIXED, f"UPDATE guarded SET {statement}")
    guarded.taken("UPDATE guarded SET starts = 1, name = 'a', place = 1")


@pytest.mark.parametrize("guards", [[TIMES], [DAYS]])
def test_no_two_overlap_by_whatever_door(guarded: Place) -> None:
    guarded.row(1, 10, 20)
    guarded.row(2, 20, 30)
    guarded.row(3, 0, 10)
    guarded.row(4, 10, 20, place=2)
    for starts, ends in ((19, 20), (10, 11), (5, 11), (19, 21), (0, 40), (12, 13), (10, 20), (29, None), (0, None)):
        with pytest.raises(IntegrityError) as error:
            guarded.row(9, starts, ends)
        assert broken(error.value, OVERLAP)
    guarded.refused(OVERLAP, "UPDATE guarded SET place = 1 WHERE id = 4")
    guarded.refused(OVERLAP, "UPDATE guarded SET ends = 21 WHERE id = 1")
    guarded.refused(OVERLAP, "UPDATE guarded SET ends = NULL WHERE id = 1")
    guarded.refused(OVERLAP, "UPDATE guarded SET starts = 19 WHERE id = 2")
    guarded.taken("UPDATE guarded SET starts = 12, ends = 18 WHERE id = 1")
    guarded.row(5, 30, None)
    with pytest.raises(IntegrityError):
        guarded.row(9, 1000, 1001)


@pytest.mark.parametrize("guards", [[TIMES]])
def test_what_is_not_active_is_in_nobodys_way_until_it_is(guarded: Place) -> None:
    guarded.row(1, 10, 20)
    guarded.row(2, 10, 20, active=False)
    guarded.refused(OVERLAP, "UPDATE guarded SET active = true WHERE id = 2")
    guarded.taken("UPDATE guarded SET active = false WHERE id = 1")
    guarded.taken("UPDATE guarded SET active = true WHERE id = 2")


@pytest.mark.parametrize("guards", [[TIMES], [NAMES], [ROWS]])
def test_without_the_guard_everything_is_taken(place: Place, guards: Sequence[Guard]) -> None:
    """The negative control: it is the guard that refuses, and taking it away takes all of it away."""
    with transaction():
        install(place, guards)
        remove(place, guards)
    place.row(1, 10, 20)
    place.row(2, 10, 20)
    place.taken("UPDATE guarded SET name = 'b', place = 3")
    place.taken("DELETE FROM guarded")


@pytest.mark.parametrize("rig", ["sqlite"], indirect=True)
@pytest.mark.parametrize("fen", ["1.5", "'many'"])
def test_money_is_whole_on_sqlite_too(cast: Cast, fen: str) -> None:
    """PostgreSQL's BIGINT holds nothing else; SQLite would store what it is given."""
    with pytest.raises(IntegrityError, match="original_value_whole"), transaction():
        session.execute(text(f"UPDATE instruments SET original_value = {fen}"))
    money = [column for table in Base.metadata.tables.values() for column in table.columns if type(column.type) is Fen]
    for column in money:
        named = text("SELECT sql FROM sqlite_master WHERE name = :table")
        assert f"{column.name}_whole" in session.scalars(named, {"table": column.table.name}).one()
    assert len(money) >= 8
