"""The operator's inbox of imported history that waits to be verified."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.catalogue.models import ImportKind, ImportRow, ImportRun, ImportState
from app.infra.files import StoredFile
from app.ledger import queries
from app.ledger.forms import CheckForm
from app.ledger.permissions import HistoryPermission
from app.ledger.rules.attestation import HistoryStep
from app.ledger.services import checks, history
from app.ledger.views.blueprint import blueprint
from app.ledger.views.history import ROWS, about
from app.organisations.models import Organisation
from app.web.current import current_actor, now
from app.web.i18n import named
from app.web.labels import choices
from app.web.listing import ByName, Column, Empty, Filter, Listing

INBOX = Listing(
    columns=(
        Column("file", _l("File"), lambda r: r[1].name, StoredFile.name, lambda r: _address(r[0])),
        Column("provider", _l("Provider"), lambda r: named(r[2]), ByName(Organisation)),
        Column("rows", _l("New rows"), lambda r: r[0].report["fates"]["new"]["rows"], figure="number"),
        Column("at", _l("Complete since"), lambda r: r[0].completed_at, ImportRun.completed_at),
    ),
    filters=(Filter("step", _l("Already"), lambda: choices(HistoryStep), lambda v: queries.stood_for(HistoryStep(v))),),
    order=(ImportRun.completed_at.desc(), ImportRun.id.desc()),
    empty=Empty(
        _l("No imported history waits."), _l("What a provider brings in appears here as soon as it is complete.")
    ),
    file_name="history-checks",
)


def _address(run: ImportRun) -> str:
    return url_for("ledger.history_check", run=run.public_id)


@blueprint.get("/history-checks", permission=HistoryPermission.VERIFY)
def history_checks() -> ResponseReturnValue:
    complete = (ImportRun.kind == ImportKind.HISTORY) & (ImportRun.state == ImportState.COMPLETE)
    return INBOX.answer(queries.history_runs().where(complete), "ledger/checks.html")


@blueprint.route("/history-checks/<uuid:run>", methods=["GET", "POST"], permission=HistoryPermission.VERIFY)
def history_check(run: object) -> ResponseReturnValue:
    row = history.find_run(str(run), actor=current_actor())
    form = CheckForm()
    if form.validate_on_submit():
        with form.taking_refusals():
            checks.verify(str(run), form.note.data or "", actor=current_actor(), now=now())
            flash(_("The import is verified."), "success")
            return redirect(_address(row))
    staged = select(ImportRow).where(ImportRow.run_id == row.id)
    return ROWS.answer(staged, "ledger/check.html", form.status, form=form, **about(row))
