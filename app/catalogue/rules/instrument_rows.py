"""One row of a foreign list read as the draft of an instrument, with every problem of the row at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from app.catalogue.rules import class_codes
from app.catalogue.rules.amounts import read_amount, read_price
from app.catalogue.rules.classing import known_class, suggested_class
from app.catalogue.rules.dates import read_written_day
from app.catalogue.rules.makers import split_maker_and_model
from app.catalogue.rules.national import LENGTHS, MOST_SUBJECTS
from app.catalogue.rules.reading import ReadCode, Reading, problem
from app.catalogue.rules.words import ColumnField, Origin, SharingWord, Vocabulary, is_absent, look_up
from app.kernel.errors import Refusal
from app.kernel.text import clean

_BETWEEN = re.compile(r"[,\uff0c\u3001;\uff1b/\n]")


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """What the person importing decided: a column or a constant per field, and units for bare numbers."""

    columns: Mapping[ColumnField, int]
    constants: Mapping[ColumnField, str]
    worth_unit: str | None = None
    price_unit: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What could be read. `problems` without `blocking` ones leave a row that may come in.

    `suggested_class` is read from names, for an instrument that nobody has put into a class yet.
    """

    values: Mapping[ColumnField, Any]
    problems: tuple[Refusal, ...] = ()
    suggested_class: str | None = None

    @property
    def refused(self) -> bool:
        return any(p.field in REQUIRED or p.code in BLOCKING for p in self.problems)


REQUIRED = (ColumnField.INNER_ID, ColumnField.NAME)
BLOCKING = frozenset({ReadCode.TEXT_NOT_STORABLE})
"""Other problems leave their field empty, to be filled in on the page."""


def read_sharing(text: str, words: Vocabulary) -> Reading[SharingWord]:
    if is_absent(text, words):
        return Reading()
    found = look_up(text, words.sharing)
    if found is None:
        return Reading(problem=problem(ReadCode.WORD_UNKNOWN, text=text))
    return Reading(found, None if found.known else problem(ReadCode.SHARING_UNKNOWN, text=text))


def read_day(text: str, words: Vocabulary) -> Reading[date]:
    """Read a day as `rules.dates` knows it, from 1900 to 2099."""
    if is_absent(text, words):
        return Reading()
    try:
        day = read_written_day(text)
        if not 1900 <= day.year < 2100:
            raise ValueError("a day lies between 1900 and 2099")
        return Reading(day)
    except ValueError:
        return Reading(problem=problem(ReadCode.DAY_UNREADABLE, text=text))


def read_class_code(text: str, words: Vocabulary) -> Reading[str]:
    if is_absent(text, words):
        return Reading()
    try:
        return Reading(class_codes.normalise(text))
    except ValueError:
        return Reading(problem=problem(ReadCode.CLASS_CODE_UNREADABLE, text=text))


def subjects_in(text: str) -> list[str]:
    """The subjects that stand in one cell or field, each once."""
    return list(dict.fromkeys(filter(None, (part.strip() for part in _BETWEEN.split(text)))))


def read_subjects(text: str, words: Vocabulary) -> Reading[list[str]]:
    if is_absent(text, words):
        return Reading()
    found = subjects_in(text)
    if len(found) > MOST_SUBJECTS:
        return Reading(problem=problem(ReadCode.SUBJECTS_TOO_MANY, number=len(found), most=MOST_SUBJECTS))
    return Reading(found)


def read_origin(text: str, words: Vocabulary) -> Reading[Origin]:
    if is_absent(text, words):
        return Reading()
    found = look_up(text, words.origins)
    return Reading(found) if found is not None else Reading(problem=problem(ReadCode.WORD_UNKNOWN, text=text))


Reader = Callable[[str, Vocabulary], Reading[Any]]

READERS: Mapping[ColumnField, Reader] = {
    ColumnField.SHARE_MODE: read_sharing,
    ColumnField.ACQUIRED_ON: read_day,
    ColumnField.CLASS_CODE: read_class_code,
    ColumnField.ORIGIN: read_origin,
    ColumnField.SUBJECTS: read_subjects,
}
"""How fields that are not plain text are read; amounts and shared cells need the mapping besides."""


def read_row(cells: Sequence[str], mapping: ColumnMapping, words: Vocabulary) -> Draft:
    """Read every mapped field of one row. Never raises: whatever is wrong is told in `problems`."""
    texts = {f: cells[n] for f, n in mapping.columns.items() if n < len(cells)}
    texts |= {f: text for f, text in mapping.constants.items() if not texts.get(f, "").strip()}
    values: dict[ColumnField, Any] = {}
    problems: list[Refusal] = []
    for field, raw in texts.items():
        reading = _read_field(field, raw, texts, mapping, words)
        if reading.value is not None:
            values[field] = reading.value
        if reading.problem is not None:
            problems.append(replace(reading.problem, field=field))
    values |= _maker_and_model(values, words)
    missing = [f for f in REQUIRED if not values.get(f) and not any(p.field == f for p in problems)]
    problems += [Refusal(ReadCode.VALUE_MISSING, {}, f) for f in missing]
    telling = [str(values[f]) for f in (ColumnField.CLASS_NAME, ColumnField.NAME) if values.get(f)]
    return Draft(values, tuple(problems), suggested_class(telling, words.classes))


def _read_field(
    field: ColumnField, raw: str, texts: Mapping[ColumnField, str], mapping: ColumnMapping, words: Vocabulary
) -> Reading[Any]:
    text = _text(field, raw)
    if text.problem is not None or text.value is None:
        return text
    match field:
        case ColumnField.WORTH:
            return read_amount(text.value, words, unit=mapping.worth_unit)
        case ColumnField.PRICE:
            beside = texts.get(ColumnField.PRICE_UNIT, "").strip() or mapping.price_unit
            return read_price(text.value, words, per=beside)
        case ColumnField.PRICE_UNIT:
            return Reading()
    reader = READERS.get(field)
    return reader(text.value, words) if reader else text


def _text(field: ColumnField, raw: str) -> Reading[str]:
    try:
        text = clean(raw)
    except ValueError:
        return Reading(problem=problem(ReadCode.TEXT_NOT_STORABLE))
    longest = LENGTHS.get(field)
    if longest is not None and len(text) > longest:
        return Reading(problem=problem(ReadCode.TEXT_TOO_LONG, length=len(text), longest=longest))
    return Reading(text or None)


def _maker_and_model(values: Mapping[ColumnField, Any], words: Vocabulary) -> dict[ColumnField, str]:
    shared = values.get(ColumnField.MAKER_AND_MODEL)
    if not shared:
        return {}
    split = split_maker_and_model(shared, words)
    parts = {ColumnField.MAKER: split.maker, ColumnField.MODEL: split.model, ColumnField.NATION: split.nation}
    return {field: text for field, text in parts.items() if text and field not in values}


def class_unknown(draft: Draft, classes: Container[str]) -> Refusal | None:
    """A remark on a code that the table has at no level; the row comes in all the same."""
    code = draft.values.get(ColumnField.CLASS_CODE)
    if code is None or known_class(code, classes):
        return None
    taken = known_class(draft.suggested_class, classes) or class_codes.OTHER
    return Refusal(ReadCode.CLASS_UNKNOWN, {"text": code, "taken": taken}, ColumnField.CLASS_CODE)


class RowComparison(StrEnum):
    """What becomes of a row beside those seen before it with the same key."""

    NEW = "new"
    REPEAT = "repeat"
    CONFLICT = "conflict"


def row_digest(cells: Sequence[str]) -> str:
    """Equal for rows that differ in nothing but outer white space."""
    return hashlib.sha256("\x1f".join(c.strip() for c in cells).encode("utf-8", "surrogatepass")).hexdigest()


def compare_row(key: str, digest: str, seen: Mapping[str, str]) -> RowComparison:
    """`seen` maps keys to digests: an equal row is a repeat, an unequal one with the same key a conflict."""
    known = seen.get(key)
    if known is None:
        return RowComparison.NEW
    return RowComparison.REPEAT if known == digest else RowComparison.CONFLICT
