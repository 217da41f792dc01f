"""The import wizard: take in, map, check every row, then bring all in at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO

from sqlalchemy import delete, func, select, true, update

from app import audit
from app.access import Actor, Permission, authorize
from app.audit import Action
from app.catalogue.models import ImportKind, ImportRow, ImportRun, ImportState, Instrument, InstrumentState, RowVerdict
from app.catalogue.rules.drafts import read_row
from app.catalogue.rules.mapping import suggest, unit_in_header
from app.catalogue.rules.words import ColumnField
from app.catalogue.seeds.words import WORDS
from app.catalogue.services import staging, tables
from app.infra import tasks
from app.infra.db import session
from app.infra.files import StoredFile
from app.infra.locks import locked, require_version
from app.infra.tasks import Task
from app.kernel.errors import NotFound, refuse
from app.organisations.models import Organisation

CHECK, APPLY = "catalogue.check", "catalogue.apply"
SAMPLE = 20
CHUNK = 500


def upload(provider: Organisation, content: BinaryIO, name: str, *, actor: Actor, now: datetime) -> ImportRun:
    """Take a table in and suggest what its columns mean; nothing is brought in yet."""
    authorize(actor, Permission.INSTRUMENT_IMPORT, Instrument(provider_id=provider.id))
    file, encoding = tables.take_in(content, name=name, owner_id=actor.user_id, now=now)
    columns, found = tables.read(file.digest)
    sample = [row.cells for row in islice(found, SAMPLE)]
    run = ImportRun(
        kind=ImportKind.INSTRUMENTS,
        provider_id=provider.id,
        user_id=actor.user_id,
        file_id=file.id,
        encoding=encoding,
        columns=list(columns),
        mapping=_suggested(columns, sample),
        created_at=now,
    )
    session.add(run)
    session.flush()
    audit.record(Action.IMPORT_STARTED, run, actor=actor, now=now, after={"columns": len(columns)})
    return run


def _suggested(columns: tuple[str, ...], sample: list[tuple[str, ...]]) -> dict[str, Any]:
    found = suggest(columns, sample, WORDS)
    by_field = {one.field: one.column for one in found}
    worth = by_field.get(ColumnField.WORTH)
    unit = unit_in_header(columns[worth], WORDS) if worth is not None else None
    return {"columns": dict(by_field), "constants": {}, "worth_unit": unit, "price_unit": ""}


def find_run(public_id: str, *, actor: Actor) -> ImportRun:
    lists = select(ImportRun).where(ImportRun.kind == ImportKind.INSTRUMENTS)
    run = session.scalars(lists.where(ImportRun.public_id == public_id)).first()
    if run is None:
        raise NotFound("import")
    authorize(actor, Permission.INSTRUMENT_IMPORT, run)
    return run


def preview(run: ImportRun) -> list[Any]:
    """The first rows as they would be read under the present mapping."""
    _columns, found = tables.read(_digest(run))
    mapping = staging.mapping_of(run)
    return [read_row(row.cells, mapping, WORDS) for row in islice(found, SAMPLE)]


def set_mapping(public_id: str, mapping: Mapping[str, Any], *, version: int | None, actor: Actor) -> ImportRun:
    """What each column means, as the person decided; a preview shows the consequences."""
    run = _open_run(public_id, version, actor=actor)
    known = range(len(run.columns))
    if any(column not in known for column in mapping["columns"].values()):
        raise refuse("no-such-column", "columns")
    run.mapping = dict(mapping)
    run.state = ImportState.UPLOADED
    session.flush()
    return run


def check(public_id: str, *, actor: Actor, now: datetime) -> Task:
    """Judge every row in the background; nothing is visible yet."""
    run = _open_run(public_id, None, actor=actor)
    missing = [f for f in (ColumnField.INNER_ID, ColumnField.NAME) if not _mapped(run, f)]
    if missing:
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
    session.scalars(locked(select(ImportRun).where(ImportRun.id == run.id))).one()
    require_version(run, version)
    if run.state not in {ImportState.UPLOADED, ImportState.CHECKED}:
        raise refuse("import-running", state=run.state)
    return run


def _mapped(run: ImportRun, field: ColumnField) -> bool:
    return field in run.mapping["columns"] or bool(run.mapping["constants"].get(field))


def _digest(run: ImportRun) -> str:
    return session.scalars(select(StoredFile.digest).where(StoredFile.id == run.file_id)).one()


@tasks.runs(CHECK)
def _check_chunk(task: Task, _now: datetime) -> bool:
    """Judge the next rows; `cursor` counts the rows done."""
    run = session.get_one(ImportRun, task.params["run"])
    done = int(task.cursor or 0)
    _columns, found = tables.read(_digest(run))
    if task.total is None:
        task.total = sum(1 for _row in tables.read(_digest(run))[1])
    chunk = list(islice(found, done, done + CHUNK * 4))
    if chunk:
        staging.judge(run, chunk, staging.mapping_of(run))
        task.done = done + len(chunk)
        task.cursor = task.done
        return True
    run.report = _counts(run)
    run.state = ImportState.CHECKED
    return False


def _counts(run: ImportRun) -> dict[str, int]:
    rows = session.execute(
        select(ImportRow.verdict, func.count()).where(ImportRow.run_id == run.id).group_by(ImportRow.verdict)
    )
    return dict(Counter({verdict.value: number for verdict, number in rows}))


@tasks.runs(APPLY)
def _apply_chunk(task: Task, now: datetime) -> bool:
    """Write the next good rows hidden; the last step shows them all and changes the changed ones."""
    run = session.get_one(ImportRun, task.params["run"])
    good = [RowVerdict.NEW, RowVerdict.CHANGED]
    wanted = select(ImportRow).where(ImportRow.run_id == run.id, ImportRow.verdict.in_(good))
    if task.total is None:
        task.total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    after = wanted.where(ImportRow.id > int(task.cursor or 0)).order_by(ImportRow.id).limit(CHUNK)
    chunk = list(session.scalars(after))
    if chunk:
        staging.write_new(run, [row for row in chunk if row.verdict is RowVerdict.NEW], now=now)
        task.done += len(chunk)
        task.cursor = chunk[-1].id
        return True
    _finish(run, Actor(user_id=task.params["actor"]), now=now)
    return False


def _finish(run: ImportRun, actor: Actor, *, now: datetime) -> None:
    staging.write_changed(run)
    hidden = update(Instrument).where(Instrument.import_run_id == run.id, Instrument.state == InstrumentState.HIDDEN)
    waiting = select(ImportRow.row_key).where(ImportRow.run_id == run.id, ImportRow.draft)
    for condition, state in (
        (Instrument.inner_id.in_(waiting), InstrumentState.DRAFT),
        (true(), InstrumentState.LISTED),
    ):
        session.execute(hidden.where(condition).values(state=state).execution_options(synchronize_session=False))
    run.state, run.completed_at = ImportState.COMPLETE, now
    session.flush()
    audit.record(Action.IMPORT_COMPLETED, run, actor=actor, now=now, after=run.report)
