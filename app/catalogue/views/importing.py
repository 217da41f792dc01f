"""What the page of every import has in common, whatever is brought in: lists, remarks, steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from app.access import Actor, Permission, scope
from app.catalogue.models import ImportKind, ImportRow, ImportRun, RowVerdict
from app.catalogue.services import import_runs
from app.infra.db import session
from app.infra.files import StoredFile
from app.infra.tasks import Task
from app.kernel.civil import parse_instant
from app.kernel.errors import Refusal
from app.organisations.models import Organisation
from app.web.i18n import named
from app.web.labels import label, message
from app.web.listing import ByName, Column, Empty, Filter, Listing

# Figures of a remark that are kept as text in UTC and shown in Beijing time.
INSTANTS = frozenset({"since", "until"})


def runs_listing(address: Callable[[ImportRun], str], empty: Empty, file_name: str) -> Listing:
    return Listing(
        columns=(
            Column("file", _l("File"), lambda r: r[1].name, StoredFile.name, lambda r: address(r[0])),
            Column("provider", _l("Provider"), lambda r: named(r[2]), ByName(Organisation)),
            Column("state", _l("State"), lambda r: r[0].state, ImportRun.state),
            Column("at", _l("Uploaded"), lambda r: r[0].created_at, ImportRun.created_at),
        ),
        order=(ImportRun.created_at.desc(), ImportRun.id.desc()),
        empty=empty,
        file_name=file_name,
    )


def own_runs(kind: ImportKind, permission: Permission, actor: Actor) -> Select[Any, Any, Any]:
    """(run, file, provider) of the imports this person may carry on."""
    return (
        select(ImportRun, StoredFile, Organisation)
        .join(StoredFile, ImportRun.file_id == StoredFile.id)
        .join(Organisation, ImportRun.provider_id == Organisation.id)
        .where(ImportRun.kind == kind, scope(actor, permission, ImportRun))
    )


def rows_listing(key: Any, fields: type[StrEnum], verdicts: Sequence[RowVerdict], file_name: str) -> Listing:
    """The staged rows of one import with what becomes of each; `fields` are what a remark may name."""
    return Listing(
        columns=(
            Column("line", _l("Line"), lambda r: r.line, ImportRow.line, figure="number"),
            Column("key", key, lambda r: r.row_key, ImportRow.row_key),
            Column("verdict", _l("What becomes of it"), lambda r: r.verdict, ImportRow.verdict),
            Column("faults", _l("Remarks"), lambda r: " ".join(_stored_remark(f, fields) for f in r.faults)),
            Column("cells", _l("The row"), lambda r: " | ".join(r.cells)),
        ),
        filters=(
            Filter(
                "verdict",
                _l("What becomes of it"),
                lambda: [(verdict.value, label(verdict)) for verdict in verdicts],
                lambda v: ImportRow.verdict == RowVerdict(v),
            ),
        ),
        order=(ImportRow.line,),
        empty=Empty(_l("The rows have not been checked yet.")),
        file_name=file_name,
    )


def _stored_remark(fault: dict[str, Any], fields: type[StrEnum]) -> str:
    params = {name: parse_instant(value) if name in INSTANTS else value for name, value in fault["params"].items()}
    return remark(Refusal(fault["code"], params, fault["field"]), fields)


def remark(fault: Refusal, fields: type[StrEnum]) -> str:
    """A fault in words, with the field it stands in."""
    said = message(fault)
    return f"{label(fields(fault.field))}: {said}" if fault.field in set(fields) else said


def standing(run: ImportRun) -> dict[str, Any]:
    """How far it is, for the page."""
    task = session.get(Task, run.task_id) if run.task_id else None
    return {"run": run, "task": task, "failed": import_runs.failed(run), "changeable": import_runs.changeable(run)}
