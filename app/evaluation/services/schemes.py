"""Schemes are published, never edited: a change is a further edition."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app import audit
from app.access import Actor
from app.evaluation.actions import SchemeAction
from app.evaluation.models import Scheme
from app.evaluation.rules.schemes import SchemeCode, read_scheme
from app.infra.db import session
from app.kernel import canonical
from app.kernel.errors import refuse

SEEDS = Path(__file__).parents[1] / "seeds"
FIRST = SEEDS / "provider-1.json"
EDITIONS = (FIRST, SEEDS / "provider-2.json")
"""Of the suggested scheme, the oldest first; a published one is never edited."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be published. `suggested`: defaults of this project that the district has yet to confirm."""

    code: str
    title: str
    title_en: str
    source: str
    suggested: bool
    valid_from: date
    published_on: date
    document: Mapping[str, Any]


def publish(draft: Draft, *, actor: Actor, now: datetime) -> Scheme:
    """Put the next edition of a scheme into force; the same document again is the edition that stands.

    Raises Refused with every fault of the document at once.
    """
    read_scheme(draft.document)
    digest = canonical.digest({"code": draft.code, "document": draft.document})
    standing = session.scalars(select(Scheme).where(Scheme.digest == digest)).first()
    if standing is not None:
        return standing
    last = session.scalar(select(func.max(Scheme.edition)).where(Scheme.code == draft.code)) or 0
    row = Scheme(
        code=draft.code,
        edition=last + 1,
        title=draft.title,
        title_en=draft.title_en,
        source=draft.source,
        suggested=draft.suggested,
        valid_from=draft.valid_from,
        published_on=draft.published_on,
        document=dict(draft.document),
        digest=digest,
    )
    session.add(row)
    session.flush()
    after = {"code": row.code, "edition": row.edition, "digest": digest}
    audit.record(SchemeAction.PUBLISHED, row, actor=actor, now=now, after=after)
    return row


def read(path: Path) -> Draft:
    """A draft from a file in the form of the first scheme; raises Refused where the file has another form."""
    try:
        return _draft(json.loads(path.read_text(encoding="utf-8")))
    except (KeyError, TypeError, ValueError) as error:
        raise refuse(SchemeCode.SHAPE, about=str(error)) from error


def _draft(data: Mapping[str, Any]) -> Draft:
    return Draft(
        code=data["code"],
        title=data["title"],
        title_en=data["title_en"],
        source=data["source"],
        suggested=bool(data["suggested"]),
        valid_from=date.fromisoformat(data["valid_from"]),
        published_on=date.fromisoformat(data["published_on"]),
        document=data["document"],
    )


def seed(*, actor: Actor, now: datetime) -> Scheme:
    """The scheme of this project in its newest edition: suggested defaults, labelled as such."""
    return [publish(read(path), actor=actor, now=now) for path in EDITIONS][-1]
