"""The enumerations of the catalogue, and the shape of the vocabularies that foreign lists are read with.

Vocabularies are data (`app/catalogue/seeds`), because the words are Chinese, Japanese and English.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from app.catalogue.rules.classing import ClassWords
from app.kernel.text import fold


class ShareMode(StrEnum):
    """shareMode of the national platform: 外部共享, 内部共享, 不共享."""

    EXTERNAL = "external"
    INTERNAL = "internal"
    NONE = "none"


class Origin(StrEnum):
    """instrSource: 购置, 研制, 赠送, 其他."""

    PURCHASED = "purchased"
    DEVELOPED = "developed"
    DONATED = "donated"
    OTHER = "other"


class PriceUnit(StrEnum):
    HOUR = "hour"
    HALF_DAY = "half_day"
    DAY = "day"
    USE = "use"
    SAMPLE = "sample"


class ColumnField(StrEnum):
    """What a column of a foreign list may hold."""

    INNER_ID = "inner_id"
    NAME = "name"
    ENGLISH_NAME = "english_name"
    CLASS_CODE = "class_code"
    CLASS_NAME = "class_name"
    OWNING_UNIT = "owning_unit"
    EVALUATION_UNIT = "evaluation_unit"
    NATIONAL_NUMBER = "national_number"
    ORIGIN = "origin"
    FUNDS = "funds"
    WORTH = "worth"
    MAKER = "maker"
    MODEL = "model"
    MAKER_AND_MODEL = "maker_and_model"
    NATION = "nation"
    ACQUIRED_ON = "acquired_on"
    SHARE_MODE = "share_mode"
    PRICE = "price"
    PRICE_UNIT = "price_unit"
    TECHNICAL = "technical"
    FUNCTION = "function"
    SERVICE_CONTENT = "service_content"
    ACHIEVEMENT = "achievement"
    REQUIREMENT = "requirement"
    SUBJECTS = "subjects"
    TOWN = "town"
    POSTCODE = "postcode"
    ADDRESS = "address"
    SERVICE_URL = "service_url"
    CONTACT = "contact"
    PHONE = "phone"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class SharingWord:
    """How a word for sharing is understood; `known` is false where the source itself does not know."""

    mode: ShareMode
    by_arrangement: bool = False
    known: bool = True


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words of foreign lists, all folded.

    `amount_units` gives yuan, `likely_units` those that a bare number may mean; `company_ends` end
    a maker's name. `posted_prices` write a price as a text, `{}` being the yuan.
    """

    amount_units: Mapping[str, Decimal]
    likely_units: tuple[str, ...]
    foreign_currencies: frozenset[str]
    range_words: frozenset[str]
    price_units: Mapping[str, PriceUnit]
    sharing: Mapping[str, SharingWord]
    origins: Mapping[str, Origin]
    absent: frozenset[str]
    makers: tuple[str, ...]
    nations: tuple[str, ...]
    company_ends: tuple[str, ...]
    headers: Mapping[ColumnField, tuple[str, ...]]
    classes: ClassWords
    posted_prices: Mapping[PriceUnit, str]


V = TypeVar("V")


def look_up(text: str, words: Mapping[str, V]) -> V | None:
    """Find a word regardless of case, width and inner white space."""
    return words.get("".join(fold(text).split()))


def is_absent(text: str, words: Vocabulary) -> bool:
    """Empty, or one of the ways in which lists write that they have no value."""
    return fold(text) in words.absent
