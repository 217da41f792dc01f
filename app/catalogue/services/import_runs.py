"""The life of every import, whatever is brought in: take in, map, check in the background, bring in at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from io import BytesIO
from itertools import islice
from typing import Any, BinaryIO

from sqlalchemy import delete, select

from app import audit
from app.access import Actor
from app.catalogue.actions import ImportAction
from app.catalogue.models import ImportKind, ImportRow, ImportRun, ImportState
from app.catalogue.rules.files import Row
from app.catalogue.services import tables
from app.catalogue.services.instruments import require_part
from app.infra import tasks
from app.infra.db import session
from app.infra.files import StoredFile, store
from app.infra.locks import locked, require_version
from app.infra.removal import remove_unused
from app.infra.tasks import Task, TaskState
from app.infra.transactions import without_transaction
from app.kernel.errors import NotFound, refuse
from app.organisations.models import Organisation

SAMPLE = 20


# What the columns probably mean, from their names and the first rows.
Suggest = Callable[[tuple[str, ...], list[tuple[str, ...]]], dict[str, Any]]


def take_in(
    kind: ImportKind,
    provider: Organisation,
    content: BinaryIO,
    name: str,
    suggest: Suggest,
    *,
    actor: Actor,
    now: datetime,
) -> ImportRun:
    """Keep the table and what its columns are taken to mean; the caller has asked whether the actor may."""
    require_part(provider)
    # A large spreadsheet takes a minute to unpack, in which others may write.
    table, encoding = without_transaction(lambda: tables.plain(content))
    file = store(BytesIO(table), name=name, media_type="text/csv", owner_id=actor.user_id, now=now)
    columns, found = tables.read(file.digest)
    run = ImportRun(
        kind=kind,
        provider_id=provider.id,
        user_id=actor.user_id,
        file_id=file.id,
        encoding=encoding,
        columns=list(columns),
        mapping=suggest(columns, [row.cells for row in islice(found, SAMPLE)]),
        created_at=now,
    )
    session.add(run)
    session.flush()
    audit.record(ImportAction.STARTED, run, actor=actor, now=now, after={"columns": len(columns), "file": file.digest})
    return run


def find(kind: ImportKind, public_id: str) -> ImportRun:
    """Raises NotFound; the caller asks whether the actor may see it."""
    run = session.scalars(select(ImportRun).where(ImportRun.kind == kind, ImportRun.public_id == public_id)).first()
    if run is None:
        raise NotFound("import")
    return run


def rows_of(run: ImportRun) -> list[Row]:
    """Every row of the table as it came."""
    return list(tables.read(_digest(run))[1])


def sample_of(run: ImportRun) -> list[Row]:
    return list(islice(tables.read(_digest(run))[1], SAMPLE))


def _digest(run: ImportRun) -> str:
    return session.scalars(select(StoredFile.digest).where(StoredFile.id == run.file_id)).one()


def hold(run: ImportRun, version: int | None = None) -> None:
    """Lock a run that may still be changed; raises Stale, or Refused while a step of it is running."""
    session.scalars(locked(select(ImportRun).where(ImportRun.id == run.id))).one()
    require_version(run, version)
    if not changeable(run):
        raise refuse("import-running", state=run.state)


def changeable(run: ImportRun) -> bool:
    """Nothing of it is running or complete."""
    return run.state in {ImportState.UPLOADED, ImportState.CHECKED} or failed(run)


def failed(run: ImportRun) -> bool:
    """What failed in the middle may be checked again: rows that came in already are then known as the same."""
    task = session.get(Task, run.task_id) if run.task_id else None
    return task is not None and task.state is TaskState.FAILED and run.state is not ImportState.COMPLETE


def set_mapping(run: ImportRun, mapping: Mapping[str, Any]) -> None:
    """What each column means, as the person decided; every row is to be checked again."""
    if any(not 0 <= column < len(run.columns) for column in mapping["columns"].values()):
        raise refuse("no-such-column", "columns")
    run.mapping, run.state = dict(mapping), ImportState.UPLOADED
    session.flush()


def begin_check(run: ImportRun, step: str, needed: Collection[str], *, actor: Actor, now: datetime) -> Task:
    """Forget earlier verdicts and judge every row in the background; raises Refused naming fields without a source."""
    given = {*run.mapping["columns"], *run.mapping["constants"]}
    if missing := [field for field in needed if field not in given]:
        raise refuse("column-needed", "columns", fields=missing)
    session.execute(delete(ImportRow).where(ImportRow.run_id == run.id))
    run.state = ImportState.CHECKING
    return _start(run, step, actor=actor, now=now)


def begin_apply(run: ImportRun, step: str, *, actor: Actor, now: datetime, **settings: str) -> Task:
    """Bring in every row that was found good; all become visible together at the end."""
    if run.state is not ImportState.CHECKED:
        raise refuse("not-checked")
    run.state = ImportState.APPLYING
    return _start(run, step, actor=actor, now=now, **settings)


def discard(run: ImportRun, *, actor: Actor, now: datetime) -> None:
    """Take the upload back with its staged rows; Refused once any of it has come in."""
    session.execute(delete(ImportRow).where(ImportRow.run_id == run.id))
    remove_unused(run, "import-partly-in")
    audit.record(ImportAction.DISCARDED, run, actor=actor, now=now)


def _start(run: ImportRun, step: str, *, actor: Actor, now: datetime, **settings: str) -> Task:
    params = {"run": run.id, "actor": actor.user_id, **settings}
    task = tasks.start(step, params, owner_id=actor.user_id, provider_id=run.provider_id, now=now)
    run.task_id = task.id
    session.flush()
    return task


def complete(run: ImportRun, actor: Actor, *, now: datetime) -> None:
    """The last step of bringing in."""
    run.state, run.completed_at = ImportState.COMPLETE, now
    session.flush()
    audit.record(ImportAction.COMPLETED, run, actor=actor, now=now, after=run.report)
