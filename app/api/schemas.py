"""Types that every operation's body and answer are made of."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic.config import JsonDict

from app.kernel.civil import iso, parse_day, parse_instant
from app.kernel.text import clean, is_blank


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


def _seen(value: str) -> str:
    if is_blank(value):
        raise Unreadable("blank")
    return value


def _public_id(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(PUBLIC_ID, value):
        raise Unreadable("public_id")
    return value.lower()


def _day(value: Any) -> date:
    """An ISO 8601 day since 1900; a number would be taken for seconds since 1970."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if not re.fullmatch(DAY, value):
            raise Unreadable("day")
        return parse_day(value, since=date(1900, 1, 1))
    except (TypeError, ValueError):
        raise Unreadable("day")


# What a schema can say of each: the rest (a 30 February, an offset across the end of 2099) stays with the server.
_MONTH_AND_DAY = "-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]"
DAY = f"^(19[0-9]{{2}}|20[0-9]{{2}}){_MONTH_AND_DAY}$"
INSTANT = (
    f"^(1989|199[0-9]|20[0-9]{{2}}|2100){_MONTH_AND_DAY}[T ]{_CLOCK}(:[0-5][0-9])?(Z|[+-]{_CLOCK.replace(':', ':?')})$"
)
PUBLIC_ID = "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"
_STORABLE: JsonDict = {"pattern": r"^[^\u0000]*$"}
_UNSEEN = (  # as far as a pattern can name them: controls, spaces, and marks that show nothing
    r"\u0000-\u0020\u007f-\u00a0\u00ad\u061c\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff"
)
_SEEN: JsonDict = {"pattern": rf"^[^\u0000]*[^{_UNSEEN}][^\u0000]*$"}

Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date", "pattern": DAY})]
Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    PlainSerializer(iso, return_type=str),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date-time",
            "pattern": INSTANT,
            "description": "ISO 8601 with offset, whole seconds, 1990 to 2099",
        }
    ),
]
STORED = AfterValidator(_stored)
ONE_LINE = AfterValidator(_one_line)
SEEN = AfterValidator(_seen)
STORABLE = Field(json_schema_extra=_STORABLE)
Line = Annotated[str, Field(max_length=200, json_schema_extra=_STORABLE), ONE_LINE]
Name = Annotated[str, Field(min_length=1, max_length=200, json_schema_extra=_SEEN), ONE_LINE, SEEN]
Number = Annotated[str, Field(min_length=1, max_length=150, json_schema_extra=_SEEN), ONE_LINE, SEEN]
Paragraph = Annotated[str, Field(max_length=2000, json_schema_extra=_STORABLE), STORED]
PublicId = Annotated[
    str,
    BeforeValidator(_public_id),
    WithJsonSchema({"type": "string", "format": "uuid", "pattern": PUBLIC_ID}),
]
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
