"""Searching the audit: what was done, by whom, on what, when. Reading only; nothing here can be changed."""

from __future__ import annotations

from datetime import timedelta

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement

from app.access import Permission
from app.accounts import queries
from app.accounts.views.room import room
from app.audit import Action
from app.audit.models import AuditEntry
from app.kernel.canonical import text
from app.web.current import now
from app.web.formats import moment_with_seconds
from app.web.listing import Column, Empty, Filter, Listing, contains
from app.web.words import choices, label

DAYS = ("1", "7", "30", "365")


def _since(days: str) -> ColumnElement[bool]:
    return AuditEntry.at >= now() - timedelta(days=int(days))


def _spans() -> list[tuple[str, str]]:
    return [(days, _("last %(days)s days", days=days)) for days in DAYS]


ENTRIES = Listing(
    columns=(
        Column("id", _l("No."), lambda r: r[0].id, sort=AuditEntry.id, figure="number"),
        Column("at", _l("When"), lambda r: moment_with_seconds(r[0].at)),
        Column("who", _l("Who"), lambda r: r[1] or r[0].actor),
        Column("actor", _l("Identity"), lambda r: r[0].actor),
        Column("action", _l("Act"), lambda r: label(Action(r[0].action))),
        Column("subject", _l("On what"), lambda r: f"{r[0].subject_kind} {r[0].subject_id}"),
        Column("before", _l("Before"), lambda r: "" if r[0].before is None else text(r[0].before)),
        Column("after", _l("After"), lambda r: "" if r[0].after is None else text(r[0].after)),
    ),
    order=(AuditEntry.id.desc(),),
    search=lambda words: contains(words, AuditEntry.subject_kind, AuditEntry.subject_id, AuditEntry.actor),
    filters=(
        Filter("action", _l("Act"), lambda: choices(Action), lambda chosen: AuditEntry.action == chosen),
        Filter("since", _l("Period"), _spans, _since),
    ),
    empty=Empty(why=_l("Nothing has been done yet.")),
    file_name="audit",
)


@room.get("/operation/audit", permission=Permission.AUDIT_SEARCH)
def audit() -> ResponseReturnValue:
    return ENTRIES.answer(queries.audit_entries(), "accounts/audit.html")
