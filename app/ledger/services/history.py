"""The import of past use: take in, map, check every row beside the others, then bring all in at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, BinaryIO

from sqlalchemy import Select, select, update

from app.access import Actor, authorize
from app.access.authority import may
from app.catalogue.models import ImportKind, ImportRow, ImportRun, ImportState, Instrument, InstrumentState, RowVerdict
from app.catalogue.services import import_runs
from app.catalogue.services.staging import write_named
from app.infra.db import session
from app.infra.tasks import Task, Work
from app.ledger.permissions import HistoryPermission
from app.ledger.rules.history.rows import REQUIRED, Clock, HistoryRow, suggest_columns
from app.ledger.seeds.words import HISTORY_HEADERS
from app.ledger.services import past
from app.ledger.services.judging import CHECK
from app.organisations.models import Organisation

APPLY = "ledger.apply"
CHUNK = 1000


def upload(provider: Organisation, content: BinaryIO, name: str, *, actor: Actor, now: datetime) -> ImportRun:
    """Take a table in and suggest what its columns mean; nothing is brought in yet."""
    authorize(actor, HistoryPermission.IMPORT, Instrument(provider_id=provider.id))
    return import_runs.take_in(ImportKind.HISTORY, provider, content, name, _suggested, actor=actor, now=now)


def _suggested(columns: tuple[str, ...], _sample: list[tuple[str, ...]]) -> dict[str, Any]:
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
    run = import_runs.find(ImportKind.HISTORY, public_id)
    if run.state is ImportState.COMPLETE and may(actor, HistoryPermission.VERIFY, run):
        return run
    authorize(actor, HistoryPermission.IMPORT, run)
    return run


def preview(run: ImportRun, *, now: datetime) -> list[tuple[Sequence[str], HistoryRow]]:
    """The cells of the first rows, and how they would be read under the present mapping."""
    sample = import_runs.sample_of(run)
    return [(row.cells, read) for row, read in zip(sample, past.read(run, sample, now=now), strict=True)]


def set_mapping(public_id: str, mapping: Mapping[str, Any], *, version: int | None, actor: Actor) -> None:
    """What each column means, as the person decided."""
    import_runs.set_mapping(_held(public_id, version, actor=actor), mapping)


def check(public_id: str, *, actor: Actor, now: datetime) -> Task:
    """Judge every row in the background; nothing is visible yet."""
    return import_runs.begin_check(_held(public_id, actor=actor), CHECK, REQUIRED, actor=actor, now=now)


def apply(public_id: str, *, actor: Actor, now: datetime) -> Task:
    """Bring in every row that was found good; all become visible together at the end."""
    return import_runs.begin_apply(_held(public_id, actor=actor), APPLY, actor=actor, now=now)


def discard(public_id: str, *, actor: Actor, now: datetime) -> None:
    """Take the upload back; Refused once any of it has come in."""
    import_runs.discard(_held(public_id, actor=actor), actor=actor, now=now)


def _held(public_id: str, version: int | None = None, *, actor: Actor) -> ImportRun:
    run = find_run(public_id, actor=actor)
    authorize(actor, HistoryPermission.IMPORT, run)
    import_runs.hold(run, version)
    return run


def _good(run_id: int) -> Select[Any]:
    return select(ImportRow).where(ImportRow.run_id == run_id, ImportRow.verdict == RowVerdict.NEW)


def _before_the_first(task: Task, now: datetime) -> tuple[int, list[str]] | None:
    """(good rows, instruments that they name and the provider does not have yet)."""
    if task.total is not None:
        return None
    run = session.get_one(ImportRun, task.params["run"])
    rows = list(session.scalars(_good(run.id).order_by(ImportRow.id)))
    asked = run.mapping["create_instruments"]
    return len(rows), past.unknown_instruments(run, rows, now=now) if asked else []


def _apply_chunk(task: Task, first: tuple[int, list[str]] | None, now: datetime) -> bool:
    """Instruments first, then the records in batches; the last step shows them all."""
    run = session.get_one(ImportRun, task.params["run"])
    if first is not None:
        task.total = first[0]
        write_named(run, first[1], now=now)
    after = _good(run.id).where(ImportRow.id > int(task.cursor or 0)).order_by(ImportRow.id).limit(CHUNK)
    chunk = list(session.scalars(after))
    if not chunk:
        _finish(run, Actor(user_id=task.params["actor"]), now=now)
        return False
    past.write(run, chunk, now=now)
    task.done += len(chunk)
    task.cursor = chunk[-1].id
    return True


def _finish(run: ImportRun, actor: Actor, *, now: datetime) -> None:
    hidden = update(Instrument).where(Instrument.import_run_id == run.id, Instrument.state == InstrumentState.HIDDEN)
    session.execute(hidden.values(state=InstrumentState.DRAFT).execution_options(synchronize_session=False))
    import_runs.complete(run, actor, now=now)


TASKS = {APPLY: Work(_apply_chunk, _before_the_first)}
