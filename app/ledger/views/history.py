"""The import of past use: upload, map with a preview, check, bring in, attest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.catalogue import queries as catalogue
from app.catalogue.forms import UploadForm
from app.catalogue.models import ImportKind, ImportRow, ImportRun, RowVerdict
from app.catalogue.views.importing import own_runs, remark, rows_listing, runs_listing, standing
from app.infra.db import session
from app.kernel.errors import Refusal
from app.ledger import queries
from app.ledger.forms import CheckForm, mapping_form, mapping_of, show_mapping
from app.ledger.permissions import HistoryPermission
from app.ledger.rules.history.checking import RowFate
from app.ledger.rules.history.rows import HistoryField, HistoryRow
from app.ledger.services import checks
from app.ledger.services import history as services
from app.ledger.views.blueprint import blueprint
from app.organisations.models import Organisation
from app.web.cells import display
from app.web.current import current_actor, now
from app.web.forms import Form
from app.web.labels import label, message
from app.web.listing import Empty


def _address(run: ImportRun) -> str:
    return url_for("ledger.history_run", run=run.public_id)


RUNS = runs_listing(
    _address,
    Empty(
        _l("No past use has been brought in yet."),
        _l("Upload a CSV or XLSX file; nothing counts before you have attested it and the operator has verified it."),
    ),
    "history-imports",
)
ROWS = rows_listing(
    _l("Record number"), HistoryField, (RowVerdict.NEW, RowVerdict.SAME, RowVerdict.REFUSED), "history-rows"
)


@blueprint.route("/manage/history", methods=["GET", "POST"], permission=HistoryPermission.IMPORT)
def history_runs() -> ResponseReturnValue:
    form = UploadForm()
    form.offer(catalogue.providers_of(current_actor()))
    if form.validate_on_submit():
        with form.taking_refusals():
            wanted = select(Organisation).where(Organisation.public_id == form.provider.data)
            provider, sent = session.scalars(wanted).one(), form.table.data
            run = services.upload(provider, sent.stream, sent.filename or "table", actor=current_actor(), now=now())
            return redirect(_address(run))
    visible = own_runs(ImportKind.HISTORY, HistoryPermission.IMPORT, current_actor())
    return RUNS.answer(visible, "ledger/history.html", form.status, form=form)


@blueprint.route("/manage/history/<uuid:run>", methods=["GET", "POST"], permission=HistoryPermission.IMPORT)
def history_run(run: object) -> ResponseReturnValue:
    """One page for the whole way: mapping and preview, progress, rows with remarks, attesting."""
    row = services.find_run(str(run), actor=current_actor())
    form = mapping_form(row.columns, row.mapping)
    if request.method == "GET":
        show_mapping(form, row.mapping, row.version)
    if form.validate_on_submit():
        with form.taking_refusals():
            services.set_mapping(str(run), mapping_of(form), version=form.version.data, actor=current_actor())
            flash(_("The mapping has been saved; look at the preview."), "success")
            return redirect(_address(row))
    return _page(row, form)


def _page(row: ImportRun, form: Form) -> ResponseReturnValue:
    page = {**standing(row), **about(row), "check_form": CheckForm(formdata=None)}
    page["preview"] = [_previewed(*one) for one in services.preview(row, now=now())] if page["changeable"] else []
    staged = select(ImportRow).where(ImportRow.run_id == row.id)
    return ROWS.answer(staged, "ledger/history_run.html", form.status, form=form, **page)


def about(row: ImportRun) -> dict[str, Any]:
    """What both who bring in and who verify look at: totals by fate, reasons, and who stood for it."""
    found = row.report or {"fates": {}, "reasons": {}}
    reasons = [(sentence_of(code), number) for code, number in sorted(found["reasons"].items())]
    fates = [(RowFate(name), told) for name, told in found["fates"].items()]
    return {"run": row, "fates": fates, "reasons": reasons, "steps": queries.history_steps(row)}


def sentence_of(code: str) -> str:
    """A refusal's sentence with its figures left open."""
    return message(Refusal(code, {"text": "…", "line": "…", "since": "…", "until": "…"}))


def _previewed(cells: Sequence[str], row: HistoryRow) -> tuple[list[tuple[str, str]], list[str]]:
    """(field, value as read), or the cells as they stand where the row cannot be read; and what is wrong with it."""
    use = row.use
    if use is None:
        return [("", " | ".join(cells))], [remark(problem, HistoryField) for problem in row.problems]
    F = HistoryField  # noqa: N806 - a short name for a table
    values: list[tuple[HistoryField, object]] = [
        (F.KEY, use.key), (F.INSTRUMENT, use.instrument), (F.CLIENT, use.client), (F.USER, use.user),
        (F.BOOKED_FROM, use.booked), (F.USED_FROM, use.used), (F.CHARGED, use.charged), (F.ORDER, use.order),
        (F.PURPOSE, label(use.purpose)), (F.RATING, use.rating), (F.CONFIRMED_ON, use.confirmed_on),
        (F.INVOICED_ON, use.invoiced_on), (F.RECEIVED_ON, use.received_on),
    ]  # fmt: skip
    told = [(label(field), display(value)) for field, value in values if value not in (None, "")]
    return told, [remark(problem, HistoryField) for problem in row.problems]


@blueprint.post("/manage/history/<uuid:run>/check", permission=HistoryPermission.IMPORT)
def check_history(run: object) -> ResponseReturnValue:
    return _act(run, services.check)


@blueprint.post("/manage/history/<uuid:run>/apply", permission=HistoryPermission.IMPORT)
def apply_history(run: object) -> ResponseReturnValue:
    return _act(run, services.apply)


@blueprint.post("/manage/history/<uuid:run>/discard", permission=HistoryPermission.IMPORT)
def discard_history(run: object) -> ResponseReturnValue:
    services.discard(str(run), actor=current_actor(), now=now())
    flash(_("The upload has been discarded."), "success")
    return redirect(url_for("ledger.history_runs"))


@blueprint.post("/manage/history/<uuid:run>/attest", permission=HistoryPermission.ATTEST)
def attest(run: object) -> ResponseReturnValue:
    def step(public_id: str, **who: Any) -> None:
        checks.attest(public_id, request.form.get("note", "")[:500], **who)

    return _act(run, step)


def _act(run: object, step: Any) -> ResponseReturnValue:
    """Do one step and show the run again; what was refused is told on it."""
    row = services.find_run(str(run), actor=current_actor())
    form = Form()
    if form.validate():
        with form.taking_refusals():
            step(str(run), actor=current_actor(), now=now())
            return redirect(_address(row))
    shown_again = mapping_form(row.columns, row.mapping)
    show_mapping(shown_again, row.mapping, row.version)
    shown_again.take_over(form)
    return _page(row, shown_again)
