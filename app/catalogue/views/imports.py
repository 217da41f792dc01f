"""The import wizard: upload, map with a preview, check, bring in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.catalogue import queries
from app.catalogue.forms import PublishForm, UploadForm, mapping_form, mapping_of, show_mapping
from app.catalogue.models import ImportKind, ImportRow, ImportRun, InstrumentState, RowVerdict
from app.catalogue.permissions import InstrumentPermission
from app.catalogue.rules.amounts import PostedPrice
from app.catalogue.rules.classing import known_class
from app.catalogue.rules.instrument_rows import Draft
from app.catalogue.rules.words import ColumnField, SharingWord
from app.catalogue.services import imports, staging
from app.catalogue.views.blueprint import blueprint
from app.catalogue.views.importing import own_runs, remark, rows_listing, runs_listing, standing
from app.infra.db import session
from app.kernel.errors import Refusal
from app.organisations.models import Organisation
from app.web.cells import display
from app.web.current import current_actor, now
from app.web.formats import money
from app.web.forms import Form
from app.web.i18n import chinese
from app.web.labels import label, message
from app.web.listing import Empty


def _address(run: ImportRun) -> str:
    return url_for("catalogue.import_run", run=run.public_id)


RUNS = runs_listing(
    _address,
    Empty(
        _l("No list has been brought in yet."),
        _l("Upload a CSV or XLSX file; nothing is visible before you have seen what would come of it."),
    ),
    "imports",
)
ROWS = rows_listing(_l("Number within the unit"), ColumnField, list(RowVerdict), "import-rows")


def _previewed(draft: Draft, known: staging.Known) -> tuple[list[tuple[str, str]], list[str]]:
    """(field, value as read) in the order of the fields, and the remarks of one row of the preview."""
    read = {**draft.values, **({ColumnField.CLASS_CODE: code} if (code := _class_of(draft, known.classes)) else {})}
    values = [(label(field), _value(read[field])) for field in ColumnField if field in read]
    return values, [remark(one, ColumnField) for one in staging.remarks(draft, known)]


def _class_of(draft: Draft, classes: Mapping[str, str]) -> str | None:
    """With its name, as nobody knows the codes by heart."""
    code = known_class(draft.values.get(ColumnField.CLASS_CODE) or draft.suggested_class, classes)
    return f"{code} {classes[code]}" if code else None


def _value(value: object) -> str:
    if isinstance(value, SharingWord):
        return label(value.mode)
    if isinstance(value, PostedPrice):
        return f"{money(value.amount)} / {label(value.unit)}"
    return display(value)


@blueprint.route("/manage/imports", methods=["GET", "POST"], permission=InstrumentPermission.IMPORT)
def import_runs() -> ResponseReturnValue:
    form = UploadForm()
    form.offer(queries.providers_of(current_actor()))
    if form.validate_on_submit():
        with form.taking_refusals():
            wanted = select(Organisation).where(Organisation.public_id == form.provider.data)
            provider, sent = session.scalars(wanted).one(), form.table.data
            run = imports.upload(provider, sent.stream, sent.filename or "table", actor=current_actor(), now=now())
            return redirect(_address(run))
    visible = own_runs(ImportKind.INSTRUMENTS, InstrumentPermission.IMPORT, current_actor())
    return RUNS.answer(visible, "catalogue/imports.html", form.status, form=form)


@blueprint.route("/manage/imports/<uuid:run>", methods=["GET", "POST"], permission=InstrumentPermission.IMPORT)
def import_run(run: object) -> ResponseReturnValue:
    """One page for the whole way: mapping and preview, progress, rows with remarks, the last button."""
    row = imports.find_run(str(run), actor=current_actor())
    form = mapping_form(row.columns, row.mapping)
    if request.method == "GET":
        show_mapping(form, row.mapping, row.version)
    if form.validate_on_submit():
        with form.taking_refusals():
            mapping = mapping_of(form, row.mapping)
            imports.set_mapping(str(run), mapping, version=form.version.data, actor=current_actor())
            flash(_("The mapping has been saved; look at the preview."), "success")
            return redirect(_address(row))
    return _page(row, form)


def _page(row: ImportRun, form: Form) -> ResponseReturnValue:
    page = standing(row) | {"publishing": PublishForm(), "question": _question(row)}
    classes, _fields = queries.reference_names("name" if chinese() else "name_en")
    known = staging.known_to(row, classes)
    page["preview"] = [_previewed(draft, known) for draft in imports.preview(row)] if page["changeable"] else []
    staged = select(ImportRow).where(ImportRow.run_id == row.id)
    return ROWS.answer(staged, "catalogue/import_run.html", form.status, form=form, verdicts=list(RowVerdict), **page)


def _question(run: ImportRun) -> str:
    number = imports.open_questions(run)
    return message(Refusal("import-question-open", {"number": number})) if number else ""


@blueprint.post("/manage/imports/<uuid:run>/check", permission=InstrumentPermission.IMPORT)
def check_import(run: object) -> ResponseReturnValue:
    return _act(run, imports.check)


@blueprint.post("/manage/imports/<uuid:run>/apply", permission=InstrumentPermission.IMPORT)
def apply_import(run: object) -> ResponseReturnValue:
    form = PublishForm()
    state = InstrumentState.LISTED if form.publish.data else InstrumentState.DRAFT
    return _act(run, partial(imports.apply, state=state), form)


@blueprint.post("/manage/imports/<uuid:run>/discard", permission=InstrumentPermission.IMPORT)
def discard_import(run: object) -> ResponseReturnValue:
    imports.discard(str(run), actor=current_actor(), now=now())
    flash(_("The upload has been discarded."), "success")
    return redirect(url_for("catalogue.import_runs"))


def _act(run: object, step: Any, form: Form | None = None) -> ResponseReturnValue:
    """Do one step and show the run again; what was refused is told on it."""
    row = imports.find_run(str(run), actor=current_actor())
    form = form or Form()
    if form.validate():
        with form.taking_refusals():
            step(str(run), actor=current_actor(), now=now())
            return redirect(_address(row))
    shown_again = mapping_form(row.columns, row.mapping)
    show_mapping(shown_again, row.mapping, row.version)
    shown_again.take_over(form)
    return _page(row, shown_again)
