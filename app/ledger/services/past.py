"""Rows of past use between the file and the ledger: judged beside each other, then written in batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert

from app.booking.queries.openings import openings_of
from app.booking.rules.opening import Opening
from app.catalogue.models import ImportRow, ImportRun, RowVerdict, ServiceMode
from app.catalogue.rules.files import Row
from app.catalogue.seeds.words import WORDS
from app.infra.db import session
from app.kernel.canonical import plain
from app.kernel.civil import civil_day
from app.kernel.errors import Refusal
from app.kernel.ids import new_public_id
from app.kernel.money import ZERO
from app.kernel.period import Period
from app.ledger.models import RecordEntry, ServiceRecord
from app.ledger.rules.entries import EntryKind
from app.ledger.rules.facts import EvidenceGrade
from app.ledger.rules.history.checking import CheckedRow, HistoryReport, RowFate
from app.ledger.rules.history.rows import (
    Clock,
    HistoryCode,
    HistoryField,
    HistoryMapping,
    HistoryRow,
    PastUse,
    read_history_row,
)
from app.ledger.rules.jobs import linked_until, reach_of
from app.ledger.seeds.words import PURPOSES
from app.ledger.services.known import Names, Prices, look_up
from app.organisations.queries import legal_persons

_VERDICTS = {RowFate.NEW: RowVerdict.NEW, RowFate.SAME: RowVerdict.SAME, RowFate.REFUSED: RowVerdict.REFUSED}


def mapping_of(run: ImportRun) -> HistoryMapping:
    stored = run.mapping
    return HistoryMapping(
        columns={HistoryField(name): column for name, column in stored["columns"].items()},
        constants={HistoryField(name): text for name, text in stored["constants"].items()},
        clock=Clock(stored["clock"]),
        money_unit=stored["money_unit"] or None,
    )


def read(run: ImportRun, rows: Sequence[Row], *, now: datetime) -> list[HistoryRow]:
    mapping = mapping_of(run)
    return [_read(row, mapping, now=now) for row in rows]


def _read(row: Row, mapping: HistoryMapping, *, now: datetime) -> HistoryRow:
    if row.problem:
        return HistoryRow(row.line, None, (row.problem,))
    return read_history_row(row.line, row.cells, mapping, WORDS, PURPOSES, now=now)


def stage(run: ImportRun, rows: Sequence[Row], *, now: datetime) -> list[dict[str, Any]]:
    """These rows as they are staged, each judged by itself."""
    return [_staged(run, row, _alone(one)) for row, one in zip(rows, read(run, rows, now=now), strict=True)]


def _alone(row: HistoryRow) -> CheckedRow:
    return CheckedRow(row, RowFate.REFUSED if row.problems else RowFate.NEW)


def priced(run: ImportRun, rows: Sequence[HistoryRow], names: Names) -> list[HistoryRow]:
    prices = Prices(run.provider_id)
    return [_with_price(row, names, prices) for row in rows]


def _with_price(row: HistoryRow, names: Names, prices: Prices) -> HistoryRow:
    """A row that names no amount is charged by the price list of its day, or refused."""
    use = row.use
    if use is None or use.charged is not None:
        return row
    amount = prices.of(use, names.instruments.get(use.instrument), names.clients.get(use.client))
    if amount is None:
        return replace(row, problems=(*row.problems, Refusal(HistoryCode.NO_PRICE, {}, HistoryField.CHARGED)))
    return replace(row, use=replace(use, charged=amount))


def _staged(run: ImportRun, row: Row, one: CheckedRow) -> dict[str, Any]:
    return {
        "run_id": run.id,
        "line": row.line,
        "row_key": one.row.use.key if one.row.use else "",
        "cells": list(row.cells),
        "draft": False,
        **fate(one),
    }


def fate(one: CheckedRow) -> dict[str, Any]:
    return {"verdict": _VERDICTS[one.fate], "faults": [_fault(problem) for problem in one.row.problems]}


def _fault(fault: Refusal) -> dict[str, Any]:
    return {"code": str(fault.code), "field": fault.field and str(fault.field), "params": plain(dict(fault.params))}


def told(found: HistoryReport) -> dict[str, Any]:
    """Rows, booked and used minutes by fate, and how often each reason was met."""
    fates = {
        fate.value: {"rows": tally.rows, "booked_minutes": tally.booked_minutes, "used_minutes": tally.used_minutes}
        for fate, tally in found.tallies.items()
    }
    return {"fates": fates, "reasons": dict(found.reasons)}


def unknown_instruments(run: ImportRun, rows: Sequence[ImportRow], *, now: datetime) -> list[str]:
    """Names that the provider has no instrument for."""
    mapping = mapping_of(run)
    read_rows = (read_history_row(r.line, r.cells, mapping, WORDS, PURPOSES, now=now) for r in rows)
    uses = [row.use for row in read_rows if row.use is not None]
    return sorted({use.instrument for use in uses} - set(look_up(run.provider_id, uses).instruments))


def write(run: ImportRun, rows: Sequence[ImportRow], *, now: datetime) -> None:
    """Insert these staged rows as records with what is known of confirmation and money."""
    mapping = mapping_of(run)
    read_rows = [read_history_row(r.line, r.cells, mapping, WORDS, PURPOSES, now=now) for r in rows]
    uses = [row.use for row in read_rows if row.use is not None]
    names = look_up(run.provider_id, uses)
    good = [row.use for row in priced(run, read_rows, names) if row.use is not None]
    persons = {day: legal_persons(on=day) for day in {civil_day(use.used.start) for use in good}}
    openings = _openings(good, names)
    values = [_record(run, use, names, persons, openings, now=now) for use in good]
    statement = insert(ServiceRecord).returning(ServiceRecord.id, sort_by_parameter_order=True)
    ids = list(session.scalars(statement, values))
    entries = [e for id_, use in zip(ids, good, strict=True) for e in _entries(id_, use, run.user_id, now=now)]
    if entries:
        session.execute(insert(RecordEntry), entries)


def _openings(uses: Sequence[PastUse], names: Names) -> Mapping[int, Opening]:
    """Instrument id → the hours that say how far each use reaches; they cover the time after the first of them."""
    if not uses:
        return {}
    ends = [use.used.end for use in uses]
    rows = {row.id: row for row in (names.instruments[use.instrument] for use in uses)}
    return openings_of(list(rows.values()), Period(min(ends), reach_of(max(ends)).end))


def _record(
    run: ImportRun,
    use: PastUse,
    names: Names,
    persons: Mapping[date, Mapping[int, int]],
    openings: Mapping[int, Opening],
    *,
    now: datetime,
) -> dict[str, Any]:
    instrument, client = names.instruments[use.instrument], names.clients[use.client]
    person = persons[civil_day(use.used.start)]
    return {
        "public_id": new_public_id(),
        "source_key": use.key,
        "import_run_id": run.id,
        "provider_id": run.provider_id,
        "evaluation_unit_id": instrument.evaluation_unit_id,
        "instrument_id": instrument.id,
        "client_id": client.id,
        "user_label": use.user,
        "mode": ServiceMode.SELF_OPERATED,
        "purpose": use.purpose.value,
        "order_number": use.order,
        "internal": person[client.id] == person[run.provider_id],
        "starts_at": use.used.start,
        "ends_at": use.used.end,
        "booked_from": use.booked.start if use.booked else None,
        "booked_until": use.booked.end if use.booked else None,
        "linked_until": linked_until(use.used.end, openings[instrument.id]),
        "effective_minutes": use.used.seconds // 60,
        "charged": use.charged or ZERO,
        "evidence": EvidenceGrade.IMPORTED,
        "entered_at": now,
    }


def _entries(record_id: int, use: PastUse, user_id: int, *, now: datetime) -> list[dict[str, Any]]:
    facts = (
        (EntryKind.CONFIRMED, use.confirmed_on, None, use.rating),
        (EntryKind.INVOICED, use.invoiced_on, use.charged, None),
        (EntryKind.RECEIVED, use.received_on, use.charged, None),
    )
    return [
        {
            "public_id": new_public_id(),
            "record_id": record_id,
            "kind": kind,
            "on": on,
            "amount": amount,
            "rating": rating,
            "details": {},
            "comment": "",
            "document": "",
            "user_id": user_id,
            "entered_at": now,
        }
        for kind, on, amount, rating in facts
        if on is not None and (amount is None or amount)
    ]
