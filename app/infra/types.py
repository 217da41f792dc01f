"""Column types that carry meaning, with the same verdict on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Numeric, String, Text
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.kernel import canonical
from app.kernel.civil import storable
from app.kernel.money import Money
from app.kernel.period import require_utc
from app.kernel.text import clean

# SQLite only makes `INTEGER PRIMARY KEY` an alias of the row id; BIGINT would need explicit values.
BigId = BigInteger().with_variant(Integer, "sqlite")

_SQLITE_TIME = sqlite.DATETIME(  # type: ignore[no-untyped-call]
    storage_format="%(year)04d-%(month)02d-%(day)02d %(hour)02d:%(minute)02d:%(second)02d",
)


class UtcTime(TypeDecorator[datetime]):
    """A UTC instant in whole seconds between 1990 and 2100; naive values are refused."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(_SQLITE_TIME)
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        value = require_utc(value)
        if value.microsecond or not storable(value):
            raise ValueError("stored times are whole seconds between 1990 and 2100")
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Fen(TypeDecorator[Money]):
    """Money as whole fen in 64 bits; 32 would end at 2,147 万元."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Money | None, dialect: Dialect) -> int | None:
        return None if value is None else value.fen

    def process_result_value(self, value: Any, dialect: Dialect) -> Money | None:
        # PostgreSQL's SUM(bigint) arrives as Decimal.
        return None if value is None else Money(int(value))


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal that keeps every digit: NUMERIC on PostgreSQL, canonical text on SQLite."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Numeric())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        plain = canonical.decimal_text(value)
        return plain if dialect.name == "sqlite" else Decimal(plain)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(canonical.decimal_text(Decimal(value)))


class CleanText(TypeDecorator[str]):
    """Text in NFC without NUL or lone surrogates (kernel.text.clean)."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else clean(value)


class CanonicalJson(TypeDecorator[Any]):
    """JSON kept as canonical text, so that its digest is the same on both engines."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else canonical.text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)
