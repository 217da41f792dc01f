"""Types that every operation's body and answer are made of."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from app.kernel.civil import iso, parse_day, parse_instant
from app.kernel.text import clean


class Body(BaseModel):
    """What a client sends: unknown fields are refused, so that no role or price is smuggled in."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Answer(BaseModel):
    """What the platform says."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)


class Unreadable(ValueError):
    """Carries what kind of value was wanted; words.api says how it is written."""


def _instant(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    try:
        return parse_instant(value)
    except (TypeError, ValueError, AttributeError):
        raise Unreadable("instant")


def _stored(value: str) -> str:
    try:
        return clean(value)
    except ValueError:
        raise Unreadable("string_unicode")


def _one_line(value: str) -> str:
    """As pages take it: names stand in lists and in messages, where another line would look like the platform's."""
    return " ".join(_stored(value).split())


def _public_id(value: Any) -> str:
    try:
        return str(UUID(str(value)))
    except ValueError:
        raise Unreadable("public_id")


def _day(value: Any) -> date:
    """An ISO 8601 day since 1900; a number would be taken for seconds since 1970."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return parse_day(value, since=date(1900, 1, 1))
    except (TypeError, ValueError):
        raise Unreadable("day")


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    PlainSerializer(iso, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time", "description": "ISO 8601 with offset, whole seconds"}),
]
Line = Annotated[str, AfterValidator(_one_line), Field(max_length=200)]
Paragraph = Annotated[str, AfterValidator(_stored), Field(max_length=2000)]
PublicId = Annotated[str, BeforeValidator(_public_id), WithJsonSchema({"type": "string", "format": "uuid"})]
Amount = Annotated[int, Field(description="whole fen, hundredths of a yuan")]


class RefusalOut(Answer):
    code: str = Field(description="stable, kebab-case")
    detail: str = Field(description="a sentence in the language of the request")
    field: str | None = None
    params: dict[str, Any] = Field(default_factory=dict)


class Problem(Answer):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    refusals: list[RefusalOut]
    request_id: str
    present_version: int | None = Field(default=None, description="of the row, where a stale version was refused")


class Listed(Answer):
    """Where the next page begins; null on the last page."""

    next: str | None
