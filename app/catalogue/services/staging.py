"""Rows of an import between the file and the catalogue: judged, then written in batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from app.catalogue.events import HourlyPriceFound
from app.catalogue.models import Calendar, ImportRow, ImportRun, Instrument, InstrumentState, OpeningSpan, RowVerdict
from app.catalogue.queries import class_names
from app.catalogue.rules.amounts import PostedPrice
from app.catalogue.rules.class_codes import OTHER
from app.catalogue.rules.classing import known_class
from app.catalogue.rules.files import Row
from app.catalogue.rules.instrument_rows import (
    ColumnMapping,
    Draft,
    RowComparison,
    class_unknown,
    compare_row,
    read_row,
    row_digest,
)
from app.catalogue.rules.reading import ReadCode
from app.catalogue.rules.words import ColumnField, PriceUnit, ShareMode, SharingWord
from app.catalogue.seeds.words import WORDS
from app.catalogue.services.instruments import OFFICE_HOURS, index
from app.infra import events
from app.infra.db import session
from app.kernel.canonical import plain
from app.kernel.errors import Refusal
from app.kernel.ids import new_public_id
from app.kernel.text import fold
from app.organisations.queries import units_of

_DIRECT: Mapping[ColumnField, str] = {
    ColumnField.INNER_ID: "inner_id",
    ColumnField.NAME: "name",
    ColumnField.ENGLISH_NAME: "name_en",
    ColumnField.OWNING_UNIT: "owning_unit",
    ColumnField.NATIONAL_NUMBER: "national_number",
    ColumnField.ORIGIN: "origin",
    ColumnField.FUNDS: "funds",
    ColumnField.MAKER: "maker",
    ColumnField.MODEL: "model",
    ColumnField.NATION: "nation",
    ColumnField.TECHNICAL: "technical",
    ColumnField.FUNCTION: "functions",
    ColumnField.SERVICE_CONTENT: "service_content",
    ColumnField.ACHIEVEMENT: "achievements",
    ColumnField.REQUIREMENT: "requirements",
    ColumnField.SUBJECTS: "subjects",
    ColumnField.TOWN: "town",
    ColumnField.POSTCODE: "postcode",
    ColumnField.ADDRESS: "address",
    ColumnField.SERVICE_URL: "service_url",
    ColumnField.CONTACT: "contact",
    ColumnField.PHONE: "phone",
    ColumnField.EMAIL: "email",
}


_NOT_TEXTS = frozenset({"origin", "subjects"})


@dataclass(frozen=True, slots=True)
class Known:
    """What the cells of a list may refer to: classes, and the provider's evaluation units by their folded names."""

    classes: Mapping[str, str]
    units: Mapping[str, int]

    def unit(self, draft: Draft) -> int | None:
        return self.units.get(fold(str(draft.values.get(ColumnField.EVALUATION_UNIT, ""))))


def known_to(run: ImportRun, classes: Mapping[str, str] | None = None) -> Known:
    """`classes` may be those that a page has read already, in its own language."""
    units = {fold(unit.name): unit.id for unit in units_of(run.provider_id)}
    return Known(class_names() if classes is None else classes, units)


def judge(run: ImportRun, rows: Sequence[Row], mapping: ColumnMapping) -> None:
    """Stage these rows with what would come of each: new, changed, same, repeat or refused with reasons."""
    drafts = [read_row(row.cells, mapping, WORDS) for row in rows]
    keys = [str(draft.values.get(ColumnField.INNER_ID, "")) for draft in drafts]
    known = _instruments(run.provider_id, keys)
    seen, reference = _staged(run, keys), known_to(run)
    staged = []
    for row, draft, key in zip(rows, drafts, keys, strict=True):
        digest = row_digest(row.cells)
        verdict, faults = _verdict(
            row, draft, compare_row(key, digest, seen) if key else RowComparison.NEW, known.get(key), reference
        )
        seen.setdefault(key, digest)
        staged.append(
            {
                "run_id": run.id,
                "line": row.line,
                "row_key": key,
                "cells": list(row.cells),
                "verdict": verdict,
                "draft": _needs_a_person(draft),
                "faults": [_stored(fault) for fault in faults],
            }
        )
    session.execute(insert(ImportRow), staged)


def _verdict(
    row: Row, draft: Draft, among: RowComparison, existing: Instrument | None, reference: Known
) -> tuple[RowVerdict, list[Refusal]]:
    faults = [*([row.problem] if row.problem else []), *remarks(draft, reference)]
    if among is RowComparison.REPEAT:
        return RowVerdict.REPEAT, []
    if among is RowComparison.CONFLICT:
        return RowVerdict.REFUSED, [*faults, Refusal("key-twice", {}, ColumnField.INNER_ID)]
    if draft.refused or row.problem:
        return RowVerdict.REFUSED, faults
    if existing is None:
        return RowVerdict.NEW, faults
    differs = any(getattr(existing, name) != value for name, value in values_of(draft, reference).items())
    return (RowVerdict.CHANGED if differs else RowVerdict.SAME), faults


def remarks(draft: Draft, reference: Known) -> list[Refusal]:
    """What is to be told of a row, whether it keeps it out or not."""
    unknown = class_unknown(draft, reference.classes)
    return [*draft.problems, *([unknown] if unknown else []), *_unplaced(draft, reference)]


def _unplaced(draft: Draft, reference: Known) -> list[Refusal]:
    """An evaluation unit that the provider does not have is left empty, to be chosen on the page."""
    asked = draft.values.get(ColumnField.EVALUATION_UNIT)
    if asked is None or reference.unit(draft) is not None:
        return []
    return [Refusal(ReadCode.UNIT_UNKNOWN, {"text": asked}, ColumnField.EVALUATION_UNIT)]


def _stored(fault: Refusal) -> dict[str, Any]:
    return {"code": str(fault.code), "field": fault.field and str(fault.field), "params": plain(dict(fault.params))}


def _needs_a_person(draft: Draft) -> bool:
    """Nobody said whether it is shared, or said it in words nobody knows: it waits as a draft."""
    word = draft.values.get(ColumnField.SHARE_MODE)
    unread = any(problem.field == ColumnField.SHARE_MODE for problem in draft.problems)
    return unread or (isinstance(word, SharingWord) and not word.known)


def values_of(draft: Draft, reference: Known) -> dict[str, Any]:
    """The attributes of an instrument that a row fills; what it leaves empty is left alone."""
    values: dict[str, Any] = {
        name: draft.values[field] for field, name in _DIRECT.items() if draft.values.get(field) is not None
    }
    if code := known_class(draft.values.get(ColumnField.CLASS_CODE), reference.classes):
        values["class_code"] = code
    if unit := reference.unit(draft):
        values["evaluation_unit_id"] = unit
    if (worth := draft.values.get(ColumnField.WORTH)) is not None:
        values["original_value"] = worth
    if (day := draft.values.get(ColumnField.ACQUIRED_ON)) is not None:
        values["began_on"] = day
    if isinstance(word := draft.values.get(ColumnField.SHARE_MODE), SharingWord) and word.known:
        values |= {"share_mode": word.mode, "needs_approval": word.by_arrangement}
    if isinstance(price := draft.values.get(ColumnField.PRICE), PostedPrice):
        values["fee_text"] = WORDS.posted_prices[price.unit].format(price.amount.in_yuan())
    return values


def write_new(run: ImportRun, rows: Sequence[ImportRow], *, now: datetime) -> None:
    """Insert these rows hidden, each with a calendar of its own and office hours."""
    if not rows:
        return
    mapping, reference = mapping_of(run), known_to(run)
    calendars = [Calendar(places=1) for _row in rows]
    session.add_all(calendars)
    session.flush()
    fresh = []
    for row, calendar in zip(rows, calendars, strict=True):
        draft = read_row(row.cells, mapping, WORDS)
        suggested = known_class(draft.suggested_class, reference.classes) or OTHER
        one = Instrument(**{**_defaults(), "class_code": suggested, **values_of(draft, reference)})
        one.public_id, one.provider_id, one.calendar_id = new_public_id(), run.provider_id, calendar.id
        one.state, one.import_run_id, one.created_at = InstrumentState.HIDDEN, run.id, now
        index(one, reference.classes)
        session.add(one)
        fresh.append((one, draft))
    session.flush()
    _open([one.id for one, _draft in fresh])
    for one, draft in fresh:
        _tell_price(one, draft, now=now)


def write_named(run: ImportRun, names: Sequence[str], *, now: datetime) -> None:
    """Insert hidden instruments that past use names and the catalogue does not know; name and number are the same."""
    calendars, classes = [Calendar(places=1) for _name in names], class_names()
    session.add_all(calendars)
    session.flush()
    fresh = []
    for name, calendar in zip(names, calendars, strict=True):
        one = Instrument(**{**_defaults(), "inner_id": name, "name": name})
        one.public_id, one.provider_id, one.calendar_id = new_public_id(), run.provider_id, calendar.id
        one.state, one.import_run_id, one.created_at = InstrumentState.HIDDEN, run.id, now
        index(one, classes)
        fresh.append(one)
    session.add_all(fresh)
    session.flush()
    if fresh:
        _open([one.id for one in fresh])


def _defaults() -> dict[str, Any]:
    texts = dict.fromkeys([name for name in _DIRECT.values() if name not in _NOT_TEXTS], "")
    return {**texts, "class_code": OTHER, "share_mode": ShareMode.EXTERNAL}


def _open(instrument_ids: Sequence[int]) -> None:
    hours = [
        {"instrument_id": key, "weekday": weekday, "opens": opens, "closes": closes}
        for key in instrument_ids
        for weekday, opens, closes in OFFICE_HOURS
    ]
    session.execute(insert(OpeningSpan), hours)


def _tell_price(one: Instrument, draft: Draft, *, now: datetime) -> None:
    price = draft.values.get(ColumnField.PRICE)
    if isinstance(price, PostedPrice) and price.unit is PriceUnit.HOUR:
        events.publish(HourlyPriceFound(one, price.amount, now))


def write_changed(run: ImportRun) -> None:
    """Bring known instruments up to date with the rows that differ."""
    mapping, reference = mapping_of(run), known_to(run)
    changed = select(ImportRow).where(ImportRow.run_id == run.id, ImportRow.verdict == RowVerdict.CHANGED)
    rows = list(session.scalars(changed))
    known = _instruments(run.provider_id, [row.row_key for row in rows])
    for row in rows:
        for name, value in values_of(read_row(row.cells, mapping, WORDS), reference).items():
            setattr(known[row.row_key], name, value)
        index(known[row.row_key], reference.classes)
    session.flush()


def mapping_of(run: ImportRun) -> ColumnMapping:
    stored = run.mapping
    return ColumnMapping(
        columns={ColumnField(name): column for name, column in stored["columns"].items()},
        constants={ColumnField(name): text for name, text in stored["constants"].items()},
        worth_unit=stored["worth_unit"] or None,
        price_unit=stored["price_unit"] or "",
    )


def _instruments(provider_id: int, keys: Sequence[str]) -> dict[str, Instrument]:
    wanted = select(Instrument).where(Instrument.provider_id == provider_id, Instrument.inner_id.in_(set(keys)))
    return {row.inner_id: row for row in session.scalars(wanted)}


def _staged(run: ImportRun, keys: Sequence[str]) -> dict[str, str]:
    """Key → digest of the rows of this run that came before, so that repeats are known across chunks."""
    wanted = select(ImportRow.row_key, ImportRow.cells).where(
        ImportRow.run_id == run.id, ImportRow.row_key.in_(set(keys)), ImportRow.verdict != RowVerdict.REPEAT
    )
    return {key: row_digest(cells) for key, cells in session.execute(wanted)}
