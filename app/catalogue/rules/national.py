"""The field list of the national platform (domain.md §6): lengths, and completeness as a checklist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.catalogue.rules.words import ColumnField


@dataclass(frozen=True, slots=True)
class NationalField:
    """One field of the push; `ours` names the attribute of an instrument that fills it.

    `longest` counts characters of a text and entries of a list.
    """

    name: str
    ours: str
    longest: int | None = None
    when: str | None = None
    """The attribute that must be true before the field is asked for."""


MOST_SUBJECTS = 4
CUSTOMS_DECLARATION = 18

NATIONAL_FIELDS: tuple[NationalField, ...] = (
    NationalField("innerId", "inner_id", 150),
    NationalField("cname", "name"),
    NationalField("ename", "name_en"),
    NationalField("instrCategory", "class_code", 6),
    NationalField("instrSource", "origin"),
    NationalField("worth", "original_value"),
    NationalField("funds", "funds"),
    NationalField("nation", "nation"),
    NationalField("manufacturer", "maker"),
    NationalField("instrVersion", "model"),
    NationalField("beginDate", "began_on"),
    NationalField("shareMode", "share_mode"),
    NationalField("subject", "subjects", MOST_SUBJECTS),
    NationalField("technical", "technical", 500),
    NationalField("function", "functions", 300),
    NationalField("serviceContent", "service_content", 200),
    NationalField("achievement", "achievements", 500),
    NationalField("requirement", "requirements", 500),
    NationalField("fee", "fee_text", 500),
    NationalField("serviceUrl", "service_url", 150),
    NationalField("contact", "contact", 20),
    NationalField("phone", "phone"),
    NationalField("email", "email", 50),
    NationalField("address", "address", 100),
    NationalField("postalcode", "postcode", 6),
    NationalField("insideDepart", "owning_unit"),
    NationalField("image", "image_file_id"),
    NationalField("customsDeclaration", "customs_declaration", CUSTOMS_DECLARATION, when="customs_supervised"),
    NationalField("customsItem", "customs_item", when="customs_supervised"),
    NationalField("customsName", "customs_name", when="customs_supervised"),
    NationalField("customsReleaseDate", "customs_released_on", when="customs_supervised"),
)

LISTING = ("name", "class_code", "provider_id", "share_mode")
"""All that listing needs; everything else is completeness."""

LENGTHS: Mapping[ColumnField, int] = {
    ColumnField.INNER_ID: 150,
    ColumnField.SERVICE_URL: 150,
    ColumnField.CONTACT: 20,
    ColumnField.EMAIL: 50,
    ColumnField.NAME: 200,
    ColumnField.NATIONAL_NUMBER: 60,
    ColumnField.FUNDS: 200,
    ColumnField.TOWN: 60,
    ColumnField.POSTCODE: 6,
}
"""Longest texts that an import takes. Longer descriptions come in and are shortened for the push by a person."""


class ItemState(StrEnum):
    FILLED = "filled"
    EMPTY = "empty"
    TOO_LONG = "too-long"


@dataclass(frozen=True, slots=True)
class Item:
    field: NationalField
    state: ItemState


def checklist(instrument: object) -> tuple[Item, ...]:
    """The state of every field that applies to this instrument, in the order of the national list."""
    asked = (f for f in NATIONAL_FIELDS if f.when is None or getattr(instrument, f.when))
    return tuple(Item(f, _state(f, getattr(instrument, f.ours))) for f in asked)


def _state(field: NationalField, value: object) -> ItemState:
    if value is None or value in ("", [], ()):
        return ItemState.EMPTY
    if field.longest is not None and isinstance(value, str | list | tuple) and len(value) > field.longest:
        return ItemState.TOO_LONG
    return ItemState.FILLED


def supervised(*, bound: bool, released_on: date | None, today: date) -> bool:
    """Imported free of tax and not released yet: others may use it only for research, development and teaching."""
    return bound and (released_on is None or today < released_on)


def completeness(items: tuple[Item, ...]) -> Decimal:
    """Filled fields ÷ fields asked for, 0 to 1, unrounded."""
    return Decimal(sum(i.state is ItemState.FILLED for i in items)) / len(items)


def missing_for_listing(instrument: object) -> tuple[str, ...]:
    return tuple(name for name in LISTING if getattr(instrument, name) in (None, ""))
