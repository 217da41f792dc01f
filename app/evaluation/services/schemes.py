"""Schemes are published, never edited: a change, or an older document again, is a further edition."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app import audit
from app.access import Actor
from app.evaluation.actions import SchemeAction
from app.evaluation.models import Scheme
from app.evaluation.rules.drafts import Draft, check, read_draft, scheme_digest
from app.evaluation.rules.schemes import SchemeCode
from app.infra.db import session
from app.infra.locks import locked
from app.kernel.errors import refuse

SEED = Path(__file__).parents[1] / "seeds" / "provider.json"
"""The suggested scheme as it is today; what was published of it before stays as it is."""


def publish(draft: Draft, *, actor: Actor, now: datetime) -> Scheme:
    """Put the next edition of a scheme into force; what the newest edition says already is that edition.

    Raises Refused with every fault of the draft at once.
    """
    check(draft)
    editions = select(Scheme).where(Scheme.code == draft.code).order_by(Scheme.edition.desc()).limit(1)
    newest = session.scalars(locked(editions)).first()
    values = asdict(draft)
    if newest is not None and _says(newest, draft):
        return newest
    digest = scheme_digest(draft.code, draft.document, draft.validity)
    row = Scheme(**values, edition=newest.edition + 1 if newest else 1, digest=digest)
    session.add(row)
    session.flush()
    after = {"code": row.code, "edition": row.edition, "digest": digest}
    audit.record(SchemeAction.PUBLISHED, row, actor=actor, now=now, after=after)
    return row


def read(path: Path) -> Draft:
    """A draft from a file in the form of the first scheme; raises Refused with every fault of it at once."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise refuse(SchemeCode.SHAPE, about=str(error)) from error
    return read_draft(data)


def _once(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
    """JSON lets a key stand twice and programs differ in which one they take."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = sorted({key for n, (key, _) in enumerate(pairs) if key in dict(pairs[:n])})
        raise ValueError(f"named twice: {', '.join(twice)}")
    return found


def _says(edition: Scheme, draft: Draft) -> bool:
    return all(getattr(edition, name) == value for name, value in asdict(draft).items())


def seed(*, actor: Actor, now: datetime) -> Scheme:
    """The scheme of this project, unless an edition says the same: suggested defaults, labelled as such."""
    draft = read(SEED)
    editions = session.scalars(select(Scheme).where(Scheme.code == draft.code).order_by(Scheme.edition.desc()))
    return next((one for one in editions if _says(one, draft)), None) or publish(draft, actor=actor, now=now)
