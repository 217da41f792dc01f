"""The declarative base, the shared mixins and the session every feature works in."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any, cast

from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import CheckConstraint, Integer, MetaData, Table, event
from sqlalchemy import Date as SqlDate
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column, registry, scoped_session

from app.infra.types import BigId, CleanText, ExactDecimal, Fen, UtcTime
from app.kernel.ids import new_public_id
from app.kernel.money import Money

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def _values(enum: type[Enum]) -> list[str]:
    return [str(member.value) for member in enum]


_TYPES: dict[Any, Any] = {
    int: BigId,
    str: CleanText,
    datetime: UtcTime,
    date: SqlDate,
    Money: Fen,
    Decimal: ExactDecimal,
    StrEnum: SqlEnum(
        StrEnum, native_enum=False, create_constraint=True, validate_strings=True, length=40, values_callable=_values
    ),
}


class Base(DeclarativeBase):
    registry = registry(metadata=MetaData(naming_convention=NAMING), type_annotation_map=_TYPES)


db = SQLAlchemy(model_class=Base, session_options={"autoflush": False})
migrate = Migrate(compare_type=True)
session = cast(scoped_session[Session], db.session)


class PublicId:
    """An integer key for joins inside, a UUIDv7 for URLs, the API and digests."""

    id: Mapped[int] = mapped_column(BigId, primary_key=True)

    @declared_attr
    def public_id(cls) -> Mapped[str]:
        return mapped_column(CleanText(36), unique=True, default=new_public_id)


class Versioned:
    """A row people edit: a change against an older version is refused, never merged."""

    @declared_attr
    def version(cls) -> Mapped[int]:
        return mapped_column(Integer, default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


@event.listens_for(Table, "after_parent_attach")
def _money_is_whole(table: Table, _metadata: MetaData) -> None:
    """SQLite would store 1.5 in a BIGINT column without a word."""
    for column in table.columns:
        if isinstance(column.type, Fen):
            whole = CheckConstraint(
                f"{column.name} IS NULL OR typeof({column.name}) = 'integer'", f"{column.name}_whole"
            )
            table.append_constraint(whole.ddl_if(dialect="sqlite"))
