"""The check of an import of past use: rows are staged chunk by chunk, then all of them held beside each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from app.catalogue.models import ImportRow, ImportRun, ImportState
from app.catalogue.rules.files import Row
from app.catalogue.services import import_runs
from app.infra.db import session
from app.infra.tasks import Task, Work
from app.ledger.rules.history.checking import CheckedRow, RowFate, check_history, report
from app.ledger.services import past
from app.ledger.services.known import known, look_up

CHECK = "ledger.check"
CHUNK = 5000  # each chunk reads the file from its beginning

# One step of the check, as read before the transaction that takes it.
Step = Callable[[Task, ImportRun], bool]


def _look(task: Task, now: datetime) -> Step:
    run = session.get_one(ImportRun, task.params["run"])
    rows = import_runs.rows_of(run)
    chunk = rows[task.done : task.done + CHUNK]
    if chunk:
        return Staging(past.stage(run, chunk, now=now), len(rows))
    return _beside(run, rows, now=now)


def _check(task: Task, step: Step, _now: datetime) -> bool:
    return step(task, session.get_one(ImportRun, task.params["run"]))


@dataclass(frozen=True, slots=True)
class Staging:
    """The next rows, each judged by itself."""

    rows: Sequence[dict[str, Any]]
    of: int

    def __call__(self, task: Task, _run: ImportRun) -> bool:
        session.execute(insert(ImportRow), self.rows)
        task.total = self.of
        task.done += len(self.rows)
        return True


@dataclass(frozen=True, slots=True)
class Beside:
    """What only shows beside all the others – repeats, instruments that were taken – and the totals of the whole."""

    changes: Sequence[dict[str, Any]]
    report: dict[str, Any]

    def __call__(self, _task: Task, run: ImportRun) -> bool:
        if self.changes:
            session.execute(update(ImportRow), self.changes)
        run.report, run.state = self.report, ImportState.CHECKED
        return False


def _beside(run: ImportRun, rows: Sequence[Row], *, now: datetime) -> Beside:
    read_rows = past.read(run, rows, now=now)
    uses = [row.use for row in read_rows if row.use is not None]
    names = look_up(run.provider_id, uses)
    asked = {use.instrument for use in uses} if run.mapping["create_instruments"] else set()
    priced = past.priced(run, read_rows, names)
    checked = check_history(priced, known(run.provider_id, names, uses, asked))
    ids = dict(session.execute(select(ImportRow.line, ImportRow.id).where(ImportRow.run_id == run.id)).all())
    other = (one for alone, one in zip(read_rows, checked, strict=True) if _differs(one, alone.problems))
    return Beside([{"id": ids[one.row.line], **past.fate(one)} for one in other], past.told(report(checked)))


def _differs(one: CheckedRow, alone: Sequence[Any]) -> bool:
    return one.fate is RowFate.SAME or one.row.problems != alone


TASKS = {CHECK: Work(_check, _look)}
