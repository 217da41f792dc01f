"""Which column holds what: suggested from the headers, then from what the cells look like."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.catalogue.rules.amounts import read_amount
from app.catalogue.rules.words import ColumnField, Vocabulary, look_up
from app.kernel.text import fold

_NOISE = re.compile(r"[\s_\-./:*#]+")
_BRACKETED = re.compile(r"[(\[\u3010].*?[)\]\u3011]")
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_CLASS_CODE = re.compile(r"0\d{3}(\d{2})?|1[0-5]\d{2}(\d{2})?|\d{2}0000", re.ASCII)
CONVINCED = 0.8
"""The share of filled cells that must look alike before contents decide."""

LOOKED_AT = 200
"""Characters of a cell; whatever tells a field stands in fewer."""


class Ground(StrEnum):
    HEADER = "header"
    PART_OF_HEADER = "part-of-header"
    CONTENT = "content"


@dataclass(frozen=True, slots=True)
class Suggestion:
    column: int
    field: ColumnField
    ground: Ground


def plain_header(text: str) -> str:
    """A header without what stands in brackets, white space and punctuation."""
    return _NOISE.sub("", _BRACKETED.sub("", fold(text)))


def unit_in_header(text: str, words: Vocabulary) -> str | None:
    """The unit that a header such as 原值（万元） gives to every bare number below it."""
    bracketed = [b[1:-1] for b in _BRACKETED.findall(fold(text))]
    return next((b for b in bracketed if b in words.amount_units), None)


def suggest(header: Sequence[str], sample: Sequence[Sequence[str]], words: Vocabulary) -> tuple[Suggestion, ...]:
    """At most one column for a field and one field for a column, in column order.

    Whole headers decide before parts of headers, and both before contents; unnamed remains unmapped.
    """
    names = [plain_header(name) for name in header]
    columns = [
        [row[n].strip()[:LOOKED_AT] for row in sample if n < len(row) and row[n].strip()] for n in range(len(header))
    ]
    by_ground: dict[Ground, list[list[ColumnField]]] = {
        Ground.HEADER: [_exact(name, words.headers) for name in names],
        Ground.PART_OF_HEADER: [_partial(name, words.headers) for name in names],
        Ground.CONTENT: [_by_content(cells, words) for cells in columns],
    }
    found: dict[int, Suggestion] = {}
    for ground, candidates in by_ground.items():
        for column, fields in enumerate(candidates):
            taken = {s.field for s in found.values()}
            field = next((f for f in fields if f not in taken), None)
            if column not in found and field is not None:
                found[column] = Suggestion(column, field, ground)
    return tuple(found[column] for column in sorted(found))


def _exact(name: str, headers: Mapping[ColumnField, tuple[str, ...]]) -> list[ColumnField]:
    return [field for field, known in headers.items() if name in known]


def _partial(name: str, headers: Mapping[ColumnField, tuple[str, ...]]) -> list[ColumnField]:
    """Fields of which a known header is part of this one, the longest such header first.

    Short Latin words such as `id` or `no` are part of too much to mean anything.
    """
    found = [
        (len(word), field)
        for field, known in headers.items()
        for word in known
        if word in name and len(word) > (4 if word.isascii() else 1)
    ]
    return [field for _, field in sorted(found, key=lambda pair: -pair[0])]


Looks = Callable[[str, Vocabulary], bool]

CONTENTS: tuple[tuple[ColumnField, Looks], ...] = (
    (ColumnField.SERVICE_URL, lambda cell, _: bool(_URL.fullmatch(cell))),
    (ColumnField.EMAIL, lambda cell, _: bool(_EMAIL.fullmatch(cell))),
    (ColumnField.SHARE_MODE, lambda cell, words: look_up(cell, words.sharing) is not None),
    (ColumnField.PRICE_UNIT, lambda cell, words: look_up(cell, words.price_units) is not None),
    (ColumnField.CLASS_CODE, lambda cell, _: bool(_CLASS_CODE.fullmatch(cell))),
    (ColumnField.WORTH, lambda cell, words: not cell.isdecimal() and read_amount(cell, words).value is not None),
)


def _by_content(cells: Sequence[str], words: Vocabulary) -> list[ColumnField]:
    if not cells:
        return []
    return [f for f, looks in CONTENTS if sum(looks(c, words) for c in cells) >= CONVINCED * len(cells)]
