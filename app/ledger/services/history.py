"""The import of past use: take in, map, check every row beside the others, then bring all in at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO

from sqlalchemy import delete, func, select, update

from app import audit
from app.access import Actor, Permission, authorize
from app.access.authority import may
from app.audit import Action
from app.catalogue.models import ImportKind, ImportRow, ImportRun, ImportState, Instrument, InstrumentState, RowVerdict
from app.catalogue.services import tables
from app.catalogue.services.staging import write_named
from app.infra import tasks
from app.infra.db import session
from app.infra.locks import locked, require_version
from app.infra.tasks import Task, TaskState
from app.kernel.errors import NotFound, refuse
from app.ledger.rules.history.rows import REQUIRED, Clock, HistoryField, HistoryRow, suggest_columns
from app.ledger.seeds.words import HISTORY_HEADERS
from app.ledger.services import past
from app.ledger.services.judging import CHECK
from app.organisations.models import Organisation

APPLY = "ledger.apply"
SAMPLE, CHUNK = 20, 1000


def upload(provider: Organisation, content: BinaryIO, name: str, *, actor: Actor, now: datetime) -> ImportRun:
    """Take a table in and suggest what its columns mean; nothing is brought in yet."""
    authorize(actor, Permission.HISTORY_IMPORT, Instrument(provider_id=provider.id))
    file, encoding = tables.take_in(content, name=name, owner_id=actor.user_id, now=now)
    columns, _rows = tables.read(file.digest)
    run = ImportRun(
        kind=ImportKind.HISTORY,
        provider_id=provider.id,
        user_id=actor.user_id,
        file_id=file.id,
        encoding=encoding,
        columns=list(columns),
        mapping=_suggested(columns),
        created_at=now,
    )
    session.add(run)
    session.flush()
    audit.record(Action.IMPORT_STARTED, run, actor=actor, now=now, after={"columns": len(columns), "file": file.digest})
    return run


def _suggested(columns: tuple[str, ...]) -> dict[str, Any]:
    found = suggest_columns(columns, HISTORY_HEADERS)
    return {
        "columns": {field.value: column for field, column in found.items()},
        "constants": {},
        "clock": Clock.OFFSET_REQUIRED.value,
        "money_unit": None,
        "create_instruments": False,
    }


def find_run(public_id: str, *, actor: Actor) -> ImportRun:
    """The provider's administrators see their own imports, the operator those that are complete."""
    wanted = select(ImportRun).where(ImportRun.public_id == public_id, ImportRun.kind == ImportKind.HISTORY)
    run = session.scalars(wanted).first()
    if run is None:
        raise NotFound("import")
    if run.state is ImportState.COMPLETE and may(actor, Permission.HISTORY_VERIFY, run):
        return run
    authorize(actor, Permission.HISTORY_IMPORT, run)
    return run


def preview(run: ImportRun, *, now: datetime) -> list[HistoryRow]:
    """The first rows as they would be read under the present mapping."""
    return past.read(run, list(islice(past.rows_of(run), SAMPLE)), now=now)


def set_mapping(public_id: str, mapping: Mapping[str, Any], *, version: int | None, actor: Actor) -> ImportRun:
    """What each column means, as the person decided."""
    run = _open_run(public_id, version, actor=actor)
    if any(not 0 <= column < len(run.columns) for column in mapping["columns"].values()):
        raise refuse("no-such-column", "columns")
    run.mapping, run.state = dict(mapping), ImportState.UPLOADED
    session.flush()
    return run


def check(public_id: str, *, actor: Actor, now: datetime) -> Task:
    """Judge every row in the background; nothing is visible yet."""
    run = _open_run(public_id, None, actor=actor)
    given = {*run.mapping["columns"], *run.mapping["constants"]}
    if missing := [HistoryField(field) for field in REQUIRED if field not in given]:
        raise refuse("column-needed", "columns", fields=missing)
    session.execute(delete(ImportRow).where(ImportRow.run_id == run.id))
    run.state = ImportState.CHECKING
    return _start(run, CHECK, actor=actor, now=now)


def apply(public_id: str, *, actor: Actor, now: datetime) -> Task:
    """Bring in every row that was found good; all become visible together at the end."""
    run = _open_run(public_id, None, actor=actor)
    if run.state is not ImportState.CHECKED:
        raise refuse("not-checked")
    run.state = ImportState.APPLYING
    return _start(run, APPLY, actor=actor, now=now)


def _start(run: ImportRun, kind: str, *, actor: Actor, now: datetime) -> Task:
    params = {"run": run.id, "actor": actor.user_id}
    task = tasks.start(kind, params, owner_id=actor.user_id, provider_id=run.provider_id, now=now)
    run.task_id = task.id
    session.flush()
    return task


def _open_run(public_id: str, version: int | None, *, actor: Actor) -> ImportRun:
    run = find_run(public_id, actor=actor)
    authorize(actor, Permission.HISTORY_IMPORT, run)
    session.scalars(locked(select(ImportRun).where(ImportRun.id == run.id))).one()
    require_version(run, version)
    if run.state not in {ImportState.UPLOADED, ImportState.CHECKED} and not _failed(run):
        raise refuse("import-running", state=run.state)
    return run


def _failed(run: ImportRun) -> bool:
    """What failed in the middle may be checked again: rows that came in already are then known as the same."""
    task = session.get(Task, run.task_id) if run.task_id else None
    return task is not None and task.state is TaskState.FAILED


@tasks.runs(APPLY)
def _apply_chunk(task: Task, now: datetime) -> bool:
    """Instruments first, then the records in batches; the last step shows them all."""
    run = session.get_one(ImportRun, task.params["run"])
    wanted = select(ImportRow).where(ImportRow.run_id == run.id, ImportRow.verdict == RowVerdict.NEW)
    if task.total is None:
        task.total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
        _register(run, now=now)
    after = wanted.where(ImportRow.id > int(task.cursor or 0)).order_by(ImportRow.id).limit(CHUNK)
    chunk = list(session.scalars(after))
    if not chunk:
        _finish(run, Actor(user_id=task.params["actor"]), now=now)
        return False
    past.write(run, chunk, now=now)
    task.done += len(chunk)
    task.cursor = chunk[-1].id
    return True


def _register(run: ImportRun, *, now: datetime) -> None:
    """The instruments that the good rows name and the provider does not have yet."""
    if not run.mapping["create_instruments"]:
        return
    good = session.scalars(
        select(ImportRow).where(ImportRow.run_id == run.id, ImportRow.verdict == RowVerdict.NEW).order_by(ImportRow.id)
    )
    write_named(run, past.unknown_instruments(run, list(good), now=now), now=now)


def _finish(run: ImportRun, actor: Actor, *, now: datetime) -> None:
    hidden = update(Instrument).where(Instrument.import_run_id == run.id, Instrument.state == InstrumentState.HIDDEN)
    session.execute(hidden.values(state=InstrumentState.DRAFT).execution_options(synchronize_session=False))
    run.state, run.completed_at = ImportState.COMPLETE, now
    session.flush()
    audit.record(Action.IMPORT_COMPLETED, run, actor=actor, now=now, after=run.report)
