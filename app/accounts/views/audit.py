"""Searching the audit: what was done, by whom, on what, when. Reading only; nothing here can be changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, false, literal, or_

from app.accounts import queries
from app.accounts.models import User
from app.accounts.permissions import AuditPermission
from app.accounts.views.blueprint import blueprint
from app.audit.models import AuditEntry
from app.audit.search import SubjectSearch
from app.audit.services import commitment
from app.infra import events, jobs
from app.infra.feature import installed
from app.kernel.canonical import text
from app.web.current import now
from app.web.formats import moment_with_seconds
from app.web.labels import label
from app.web.labels.fields import field_name, subject_name
from app.web.listing import Column, Empty, Filter, Listing, contains

DAYS = ("1", "7", "30", "365")
MARK = 10  # signs shown of the mark kept of an address; the address itself is not kept


def _since(days: str) -> ColumnElement[bool]:
    return AuditEntry.at >= now() - timedelta(days=int(days))


def _spans() -> list[tuple[str, str]]:
    return [(days, _("last %(days)s days", days=days)) for days in DAYS]


def _act(code: str) -> str:
    """What an act is called; one of a feature that is gone keeps its code."""
    return label(installed().actions[code]) if code in installed().actions else code


def _acts() -> list[tuple[str, str]]:
    return [(code, label(act)) for code, act in installed().actions.items()]


def _from_where(words: str) -> ColumnElement[bool]:
    """An address as typed, by the mark kept of it, or the mark itself as the list shows it."""
    typed = words.strip()
    marked = AuditEntry.address_commitment.startswith(typed.lower(), autoescape=True)
    return or_(AuditEntry.address_commitment == commitment(typed), marked & literal(len(typed) >= MARK))


def _named(words: str) -> ColumnElement[bool]:
    """What is called so, as far as a feature above knows it by name or number."""
    search = SubjectSearch(words)
    events.publish(search)
    return or_(
        false(),
        *(and_(AuditEntry.subject_kind == kind, AuditEntry.subject_id.in_(ids)) for kind, ids in search.found.items()),
    )


def _subject(row: Any) -> str:
    return f"{subject_name(row[0].subject_kind)} {row[0].subject_id}"


def _change(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """`State: requested → confirmed; …`; what only appears has no arrow."""
    names = [*before, *(name for name in after if name not in before)]
    return "; ".join(f"{field_name(name)}: {_step(name, before, after)}" for name in names)


def _step(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    known = [_plain(facts[name]) if name in facts else "–" for facts in (before, after)]
    return " → ".join(known) if name in before else known[1]


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else text(value)


ENTRIES = Listing(
    columns=(
        Column("id", _l("No."), lambda r: r[0].id, sort=AuditEntry.id, figure="number"),
        Column("at", _l("When"), lambda r: moment_with_seconds(r[0].at), figure="code"),
        Column("who", _l("Who"), lambda r: f"{r[1]} ({r[0].actor})" if r[1] else r[0].actor),
        Column("where", _l("From where"), lambda r: r[0].address_commitment[:MARK], figure="code"),
        Column("action", _l("Act"), lambda r: _act(r[0].action)),
        Column(
            "subject", _l("On what"), lambda r: f"{subject_name(r[0].subject_kind)} {r[0].subject_id}", figure="code"
        ),
        Column("change", _l("Before → after"), lambda r: _change(r[0].before or {}, r[0].after or {})),
    ),
    order=(AuditEntry.id.desc(),),
    search=lambda words: or_(
        contains(words, AuditEntry.subject_kind, AuditEntry.subject_id, AuditEntry.actor),
        _from_where(words),
        _named(words),
        AuditEntry.actor.in_(queries.keys_of_people(contains(words, User.name, User.email, User.mobile))),
    ),
    filters=(
        Filter("action", _l("Act"), _acts, lambda chosen: AuditEntry.action == chosen),
        Filter("since", _l("Period"), _spans, _since),
    ),
    empty=Empty(why=_l("Nothing has been done yet.")),
    file_name="audit",
)


@blueprint.get("/operation/audit", permission=AuditPermission.SEARCH)
def audit() -> ResponseReturnValue:
    verified = jobs.last_mark("verify-audit")
    return ENTRIES.answer(queries.audit_entries(), "accounts/audit.html", verified=verified)
