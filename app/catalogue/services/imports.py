"""Bringing a list of instruments in: the columns as suggested, every row judged, then all of it there at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any, BinaryIO

from sqlalchemy import Text, cast, func, select, true, update

from app.access import Actor, authorize
from app.catalogue.models import ImportKind, ImportRow, ImportRun, ImportState, Instrument, InstrumentState, RowVerdict
from app.catalogue.permissions import InstrumentPermission
from app.catalogue.rules.files import Row
from app.catalogue.rules.instrument_rows import Draft, read_row
from app.catalogue.rules.mapping import suggest, unit_in_header
from app.catalogue.rules.reading import ReadCode
from app.catalogue.rules.words import ColumnField
from app.catalogue.seeds.words import WORDS
from app.catalogue.services import import_runs, staging
from app.infra.db import session
from app.infra.tasks import Task, Work
from app.kernel.errors import refuse
from app.organisations.models import Organisation

CHECK, APPLY = "catalogue.check", "catalogue.apply"
NEEDED = (ColumnField.INNER_ID, ColumnField.NAME)
CHUNK = 500
_COMING_IN = (RowVerdict.NEW, RowVerdict.CHANGED, RowVerdict.SAME)


def upload(provider: Organisation, content: BinaryIO, name: str, *, actor: Actor, now: datetime) -> ImportRun:
    """Take a table in and suggest what its columns mean; nothing is brought in yet."""
    authorize(actor, InstrumentPermission.IMPORT, Instrument(provider_id=provider.id))
    return import_runs.take_in(ImportKind.INSTRUMENTS, provider, content, name, _suggested, actor=actor, now=now)


def _suggested(columns: tuple[str, ...], sample: list[tuple[str, ...]]) -> dict[str, Any]:
    found = suggest(columns, sample, WORDS)
    by_field = {one.field: one.column for one in found}
    worth = by_field.get(ColumnField.WORTH)
    unit = unit_in_header(columns[worth], WORDS) if worth is not None else None
    return {"columns": dict(by_field), "constants": {}, "worth_unit": unit, "price_unit": ""}


def find_run(public_id: str, *, actor: Actor) -> ImportRun:
    run = import_runs.find(ImportKind.INSTRUMENTS, public_id)
    authorize(actor, InstrumentPermission.IMPORT, run)
    return run


def preview(run: ImportRun) -> list[Draft]:
    """The first rows as they would be read under the present mapping."""
    mapping = staging.mapping_of(run)
    return [read_row(row.cells, mapping, WORDS) for row in import_runs.sample_of(run)]


def set_mapping(public_id: str, mapping: Mapping[str, Any], *, version: int | None, actor: Actor) -> None:
    """What each column means, as the person decided; a preview shows the consequences."""
    import_runs.set_mapping(_held(public_id, version, actor=actor), mapping)


def check(public_id: str, *, actor: Actor, now: datetime) -> Task:
    """Judge every row in the background; nothing is visible yet."""
    return import_runs.begin_check(_held(public_id, actor=actor), CHECK, NEEDED, actor=actor, now=now)


def apply(public_id: str, *, state: InstrumentState = InstrumentState.DRAFT, actor: Actor, now: datetime) -> Task:
    """Bring in every row that was found good; new instruments all get `state` together at the end.

    Raises Refused `import-question-open` while a question about all rows has no answer.
    """
    run = _held(public_id, actor=actor)
    if number := open_questions(run):
        raise refuse("import-question-open", "worth_unit", number=number)
    return import_runs.begin_apply(run, APPLY, actor=actor, now=now, state=state.value)


def open_questions(run: ImportRun) -> int:
    """How many rows give an original value that may be yuan or 10,000 yuan, while nobody has said which."""
    asked = cast(ImportRow.faults, Text).contains(f'"{ReadCode.AMOUNT_NEEDS_UNIT}"')
    wanted = (ImportRow.run_id == run.id, ImportRow.verdict.in_(_COMING_IN), asked)
    return session.scalar(select(func.count()).where(*wanted)) or 0


def discard(public_id: str, *, actor: Actor, now: datetime) -> None:
    """Take the upload back; Refused once any of it has come in."""
    import_runs.discard(_held(public_id, actor=actor), actor=actor, now=now)


def _held(public_id: str, version: int | None = None, *, actor: Actor) -> ImportRun:
    run = find_run(public_id, actor=actor)
    import_runs.hold(run, version)
    return run


def _next_rows(task: Task, _now: datetime) -> tuple[list[Row], int]:
    """(the next rows, how many there are in all); the table is read from its beginning, which takes long."""
    found = import_runs.rows_of(session.get_one(ImportRun, task.params["run"]))
    return found[task.done : task.done + CHUNK * 4], len(found)


def _check_chunk(task: Task, seen: tuple[list[Row], int], _now: datetime) -> bool:
    """Judge the next rows; the last step counts what came of them."""
    run = session.get_one(ImportRun, task.params["run"])
    chunk, task.total = seen
    if chunk:
        staging.judge(run, chunk, staging.mapping_of(run))
        task.done += len(chunk)
        return True
    run.report = _counts(run)
    run.state = ImportState.CHECKED
    return False


def _counts(run: ImportRun) -> dict[str, int]:
    rows = session.execute(
        select(ImportRow.verdict, func.count()).where(ImportRow.run_id == run.id).group_by(ImportRow.verdict)
    )
    return dict(Counter({verdict.value: number for verdict, number in rows}))


def _apply_chunk(task: Task, now: datetime) -> bool:
    """Write the next good rows hidden; the last step gives all their state and changes the changed ones."""
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
    _finish(
        run,
        InstrumentState(task.params.get("state", InstrumentState.DRAFT)),
        Actor(user_id=task.params["actor"]),
        now=now,
    )
    return False


def _finish(run: ImportRun, wanted: InstrumentState, actor: Actor, *, now: datetime) -> None:
    """New instruments take the state that the person chose; a row that says nothing of sharing stays a draft."""
    staging.write_changed(run)
    hidden = update(Instrument).where(Instrument.import_run_id == run.id, Instrument.state == InstrumentState.HIDDEN)
    waiting = select(ImportRow.row_key).where(ImportRow.run_id == run.id, ImportRow.draft)
    for condition, state in (
        (Instrument.inner_id.in_(waiting), InstrumentState.DRAFT),
        (true(), wanted),
    ):
        session.execute(hidden.where(condition).values(state=state).execution_options(synchronize_session=False))
    import_runs.complete(run, actor, now=now)


TASKS = {CHECK: Work(_check_chunk, _next_rows), APPLY: Work(_apply_chunk)}
