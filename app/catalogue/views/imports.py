"""The import wizard: upload, map with a preview, check, bring in."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.access import Permission, scope
from app.catalogue import queries
from app.catalogue.forms import UploadForm, mapping_form, mapping_of
from app.catalogue.models import ImportKind, ImportRow, ImportRun, ImportState, RowVerdict
from app.catalogue.rules.amounts import PostedPrice
from app.catalogue.rules.drafts import Draft
from app.catalogue.rules.words import ColumnField, SharingWord
from app.catalogue.services import imports
from app.catalogue.views.room import room
from app.infra.db import session
from app.infra.files import StoredFile
from app.infra.tasks import Task
from app.kernel.errors import Refusal
from app.organisations.models import Organisation
from app.web.cells import shown
from app.web.current import current_actor, now
from app.web.formats import money
from app.web.forms import Form
from app.web.listing import Column, Empty, Filter, Listing
from app.web.words import choices, label, sentence

RUNS = Listing(
    columns=(
        Column("file", _l("File"), lambda r: r[1].name, StoredFile.name, lambda r: _address(r[0])),
        Column("provider", _l("Provider"), lambda r: r[2].name, Organisation.sort_key),
        Column("state", _l("State"), lambda r: r[0].state, ImportRun.state),
        Column("at", _l("Uploaded"), lambda r: r[0].created_at, ImportRun.created_at),
    ),
    order=(ImportRun.created_at.desc(), ImportRun.id.desc()),
    empty=Empty(
        _l("No list has been brought in yet."),
        _l("Upload a CSV or XLSX file; nothing is visible before you have seen what would come of it."),
    ),
    file_name="imports",
)


def _previewed(draft: Draft) -> tuple[list[tuple[str, str]], list[str]]:
    """(field, value as read) and the remarks of one row of the preview."""
    values = [(label(field), _value(value)) for field, value in draft.values.items()]
    faults = [_remark(str(p.field) if p.field else None, sentence(p)) for p in draft.problems]
    return values, faults


def _value(value: object) -> str:
    if isinstance(value, SharingWord):
        return label(value.mode)
    if isinstance(value, PostedPrice):
        return f"{money(value.amount)} / {label(value.unit)}"
    return shown(value)


def _remark(field: str | None, words: str) -> str:
    return f"{label(ColumnField(field))}: {words}" if field in set(ColumnField) else words


def remarks(row: ImportRow) -> str:
    """Every fault of a row in words, with the field it stands in."""
    return " ".join(_remark(f["field"], sentence(Refusal(f["code"], f["params"]))) for f in row.faults)


ROWS = Listing(
    columns=(
        Column("line", _l("Line"), lambda r: r.line, ImportRow.line, figure="number"),
        Column("key", _l("Number within the unit"), lambda r: r.row_key, ImportRow.row_key),
        Column("verdict", _l("What becomes of it"), lambda r: r.verdict, ImportRow.verdict),
        Column("faults", _l("Remarks"), remarks),
        Column("cells", _l("The row"), lambda r: " | ".join(r.cells)),
    ),
    filters=(
        Filter(
            "verdict",
            _l("What becomes of it"),
            lambda: choices(RowVerdict),
            lambda v: ImportRow.verdict == RowVerdict(v),
        ),
    ),
    order=(ImportRow.line,),
    empty=Empty(_l("The rows have not been checked yet.")),
    file_name="import-rows",
)


def _address(run: ImportRun) -> str:
    return url_for("catalogue.import_run", run=run.public_id)


@room.route("/manage/imports", methods=["GET", "POST"], permission=Permission.INSTRUMENT_IMPORT)
def import_runs() -> ResponseReturnValue:
    form = UploadForm()
    form.offer(queries.providers_of(current_actor()))
    if form.validate_on_submit():
        with form.taking_refusals():
            wanted = select(Organisation).where(Organisation.public_id == form.provider.data)
            provider, sent = session.scalars(wanted).one(), form.table.data
            run = imports.upload(provider, sent.stream, sent.filename or "table", actor=current_actor(), now=now())
            return redirect(_address(run))
    own = scope(current_actor(), Permission.INSTRUMENT_IMPORT, ImportRun)
    visible = (
        select(ImportRun, StoredFile, Organisation)
        .join(StoredFile, ImportRun.file_id == StoredFile.id)
        .join(Organisation, ImportRun.provider_id == Organisation.id)
        .where(ImportRun.kind == ImportKind.INSTRUMENTS, own)
    )
    return RUNS.answer(visible, "catalogue/imports.html", form.status, form=form)


@room.route("/manage/imports/<uuid:run>", methods=["GET", "POST"], permission=Permission.INSTRUMENT_IMPORT)
def import_run(run: object) -> ResponseReturnValue:
    """One page for the whole way: mapping and preview, progress, rows with remarks, the last button."""
    row = imports.find_run(str(run), actor=current_actor())
    form = mapping_form(row.columns, row.mapping)
    if request.method == "GET":
        form.worth_unit.data, form.version.data = row.mapping["worth_unit"] or "", row.version
    if form.validate_on_submit():
        with form.taking_refusals():
            mapping = mapping_of(form, row.mapping)
            imports.set_mapping(str(run), mapping, version=form.version.data, actor=current_actor())
            flash(_("The mapping has been saved; look at the preview."), "success")
            return redirect(_address(row))
    task = session.get(Task, row.task_id) if row.task_id else None
    staged = select(ImportRow).where(ImportRow.run_id == row.id)
    changeable = row.state in {ImportState.UPLOADED, ImportState.CHECKED}
    preview = [_previewed(draft) for draft in imports.preview(row)] if changeable else []
    page: dict[str, Any] = {"run": row, "task": task, "preview": preview, "verdicts": list(RowVerdict)}
    return ROWS.answer(staged, "catalogue/import_run.html", form.status, form=form, **page)


@room.post("/manage/imports/<uuid:run>/check", permission=Permission.INSTRUMENT_IMPORT)
def check_import(run: object) -> ResponseReturnValue:
    return _started(run, "check")


@room.post("/manage/imports/<uuid:run>/apply", permission=Permission.INSTRUMENT_IMPORT)
def apply_import(run: object) -> ResponseReturnValue:
    return _started(run, "apply")


def _started(run: object, step: str) -> ResponseReturnValue:
    row = imports.find_run(str(run), actor=current_actor())
    form = Form()
    if form.validate():
        begin = {"check": imports.check, "apply": imports.apply}[step]
        begin(str(run), actor=current_actor(), now=now())
    return redirect(_address(row))
