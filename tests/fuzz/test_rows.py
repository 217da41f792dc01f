"""Lists whose every cell may be odd: each row is read or refused with its reason, and no step of the way breaks."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.catalogue.models import ImportRow, ImportRun, ImportState
from app.catalogue.rules.words import ColumnField
from app.catalogue.services import imports
from app.infra.db import session
from app.infra.tasks import Task, TaskState
from app.infra.transactions import transaction
from app.ledger.rules.history.rows import HistoryField
from app.ledger.services import history
from tests.factories.actors import acting
from tests.factories.cast import Cast
from tests.factories.signing_in import signed_in
from tests.integration.catalogue.test_import import run_all

# UTF-16, because UTF-8 with a NUL is taken for a binary file.
CELLS = (
    "", "a\x00b", "=1+1", "9" * 400, "9" * 28 + "元", "1e999999999", "-1", "NaN", "²", "0001-01-01", "9999-12-31",
    "0001年1月", "2099-12-31T23:59:60Z", "9999-12-31T23:59:59Z", "2026-11-21 23:59:60", "1990-01-01T00:00:00+14:00",
    "2099-12-31T23:59:59-14:00", "<script>alert(1)</script>", "%(name)s %s", "\u202e\u200b", "\U0001f3db" * 40,
    "x" * 9_000, "电 " * 4_000, "(" * 9_000, "1" + "-" * 9_000, "'; DROP TABLE users; --", "\ufffe\uffff",
)  # fmt: skip

GOOD_LIST = dict.fromkeys(ColumnField, "") | {ColumnField.INNER_ID: "N", ColumnField.NAME: "电镜"}
GOOD_USE = dict.fromkeys(HistoryField, "") | {
    HistoryField.KEY: "S",
    HistoryField.INSTRUMENT: "1-1",
    HistoryField.CLIENT: "Firm One",
    HistoryField.USED_FROM: "2019-01-02T01:00:00Z",
    HistoryField.USED_UNTIL: "2019-01-02T02:00:00Z",
    HistoryField.CHARGED: "10元",
}


def odd_table(good: dict[Any, str], key: Any) -> bytes:
    """A good row, then one for each odd cell in each column."""
    text = io.StringIO()
    write = csv.writer(text)
    write.writerow([field.value for field in good])
    write.writerow(good.values())
    for place in good:
        for number, cell in enumerate(CELLS):
            write.writerow({**good, key: f"{place}-{number}", place: cell}.values())
    return b"\xff\xfe" + text.getvalue().encode("utf-16-le")


WAYS = {
    "instruments": (imports, GOOD_LIST, ColumnField.INNER_ID, "imports"),
    "past use": (history, GOOD_USE, HistoryField.KEY, "history"),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_no_cell_breaks_a_step(
    app: Flask, cast: Cast, now: datetime, way: tuple[ModuleType, dict[Any, str], Any, str]
) -> None:
    service, good, key, page = way
    actor, table = acting(cast.administrator), odd_table(good, key)
    with transaction():
        run = service.upload(cast.university, io.BytesIO(table), "odd.csv", actor=actor, now=now)
        columns = {field.value: place for place, field in enumerate(good)}
        more = {"create_instruments": True} if service is history else {"worth_unit": "元"}
        mapping = {**run.mapping, "columns": columns, **more}
        service.set_mapping(run.public_id, mapping, version=None, actor=actor)
    browser, address = signed_in(app, cast.administrator), f"/manage/{page}/{run.public_id}"
    assert browser.get(address).status_code == 200, "the preview"
    for step in (service.check, service.apply):
        with transaction():
            step(run.public_id, actor=actor, now=now)
        run_all(now)
    session.expire_all()
    assert [task.state for task in tasks()] == [TaskState.DONE] * 2
    assert session.get_one(ImportRun, run.id).state is ImportState.COMPLETE
    assert session.scalar(select(func.count()).select_from(ImportRow)) == 1 + len(good) * len(CELLS)
    for asked in ("", "?format=csv", "?format=xlsx", "?page=9", "?verdict=refused"):
        assert browser.get(address + asked).status_code == 200
    assert "<script>alert" not in browser.get(address).text


def tasks() -> Sequence[Task]:
    return session.scalars(select(Task).order_by(Task.id)).all()
