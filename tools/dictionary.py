"""Write docs/data-dictionary.md from the models: `python -m tools.dictionary` (`--check` compares only)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import CheckConstraint, Column, Enum, Table, UniqueConstraint
from sqlalchemy.orm import Mapper

from app.factory import create_app
from app.infra.db import Base

FILE = Path(__file__).parents[1] / "docs" / "data-dictionary.md"
HEAD = """# Data dictionary

Made from the models by `make dictionary`; a test keeps it current. Times are UTC to the second, amounts whole fen,
texts NFC. *Fixed* columns never change after the row was written, *append-only* tables never at all, and *no overlap*
is held by the database itself, with an exclusion constraint on PostgreSQL and triggers on SQLite.
"""


def dictionary() -> str:
    create_app("testing")
    mappers = sorted(Base.registry.mappers, key=lambda m: (_room(m), m.class_.__tablename__))
    features: dict[str, list[str]] = {}
    for mapper in mappers:
        features.setdefault(_room(mapper), []).append("\n".join(_table(mapper)))
    parts = [f"## {room}\n\n" + "\n\n".join(tables) for room, tables in features.items()]
    return HEAD + "\n" + "\n\n".join(parts) + "\n"


def _room(mapper: Mapper[object]) -> str:
    return str(mapper.class_.__module__.split(".")[1])


def _table(mapper: Mapper[object]) -> Iterator[str]:
    table = mapper.local_table
    assert isinstance(table, Table)  # noqa: S101  models map tables
    yield f"### {table.name}\n"
    yield f"{(mapper.class_.__doc__ or '').strip().split(chr(10) * 2)[0]}\n"
    yield "| column | type | may be empty | refers to |\n|---|---|---|---|"
    for column in table.columns:
        refers = ", ".join(sorted(key.target_fullname for key in column.foreign_keys))
        empty = "yes" if column.nullable else ""
        yield f"| {column.name} | {_type(column)} | {empty} | {refers} |"
    rules = sorted(_rules(table))
    if rules:
        yield "\n" + "\n".join(f"- {rule}" for rule in rules)


def _type(column: Column[object]) -> str:
    kind = column.type
    if isinstance(kind, Enum):
        return "one of " + ", ".join(f"`{value}`" for value in kind.enums)
    return type(kind).__name__


def _rules(table: Table) -> Iterator[str]:
    for guard in table.metadata.info["guards"]:
        if guard.table == table.name:
            yield _guard(guard)
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield "unique: " + ", ".join(column.name for column in constraint.columns)
        elif isinstance(constraint, CheckConstraint) and not isinstance(getattr(constraint, "_type_bound", None), bool):
            yield f"check: `{constraint.sqltext}`"


def _guard(guard: object) -> str:
    match type(guard).__name__:
        case "NoOverlap":
            return f"no overlap of `[{guard.starts}, {guard.ends})` for equal {', '.join(guard.keys)}"  # type: ignore[attr-defined]
        case "AppendOnly":
            return "append-only"
        case "NeverChanged":
            return f"fixed: {', '.join(guard.columns)}"  # type: ignore[attr-defined]
    return type(guard).__name__


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    if parser.parse_args().check:
        current = FILE.read_text() == dictionary()
        print("current" if current else f"{FILE.name} is behind the models: run `make dictionary`")
        return 0 if current else 1
    FILE.write_text(dictionary())
    return 0


if __name__ == "__main__":
    sys.exit(main())
