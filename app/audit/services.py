"""Recording acts: buffered in the session and chained just before commit, the head locked last."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import event, insert, select
from sqlalchemy.orm import Session, SessionTransaction

from app.access.actor import Actor
from app.audit.actions import Action
from app.audit.chain import COVERED, GENESIS, entry_hash, first_fault
from app.audit.models import AuditEntry, AuditHead, AuditSeal
from app.audit.signatures import Head
from app.infra.db import session
from app.infra.locks import locked
from app.infra.settings import secret
from app.infra.transactions import mark_written
from app.kernel.canonical import plain

_BUFFER = "audit_buffer"
_SAVEPOINTS = "audit_savepoints"


@dataclass(frozen=True, slots=True)
class Subject:
    """What was acted on: kind and public id."""

    kind: str
    id: str


def subject_of(row: Any) -> Subject:
    return Subject(row.__tablename__, str(getattr(row, "public_id", None) or row.id))


def record(
    action: Action,
    subject: Any,
    *,
    actor: Actor,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Note one act; it enters the chain when, and only when, this transaction commits.

    `before` and `after` hold codes, ids, amounts and times: never a name, phone or mail, so that
    erasing a person later keeps every hash valid.
    """
    mark_written()
    named = subject if isinstance(subject, Subject) else subject_of(subject)
    session.info.setdefault(_BUFFER, []).append(
        {
            "at": now,
            "action": action.value,
            "actor": actor.key,
            "address_commitment": commitment(actor.address),
            "subject_kind": named.kind,
            "subject_id": named.id,
            "before": plain(dict(before)) if before is not None else None,
            "after": plain(dict(after)) if after is not None else None,
        }
    )


def changes(row: Any, **wanted: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set attributes and return what differed, before and after."""
    before, after = {}, {}
    for name, value in wanted.items():
        old = getattr(row, name)
        if old != value:
            before[name], after[name] = plain(old), plain(value)
            setattr(row, name, value)
    return before, after


def commitment(personal: str) -> str:
    """A keyed digest: equal values can be matched, the value cannot be read back."""
    return hmac.new(secret(), personal.encode(), hashlib.sha256).hexdigest() if personal else ""


@event.listens_for(Session, "before_commit")
def _chain(current: Session) -> None:
    if current.in_nested_transaction():
        return
    waiting = current.info.pop(_BUFFER, [])
    if not waiting:
        return
    current.flush()
    head = current.scalars(locked(select(AuditHead))).one()
    for number, entry in enumerate(waiting, start=head.length + 1):
        entry["id"], entry["previous_hash"] = number, head.hash
        head.hash = entry["hash"] = entry_hash(entry)
    head.length += len(waiting)
    current.execute(insert(AuditEntry), waiting)


@event.listens_for(Session, "after_transaction_create")
def _mark(current: Session, begun: SessionTransaction) -> None:
    if begun.nested:
        current.info.setdefault(_SAVEPOINTS, WeakKeyDictionary())[begun] = len(current.info.get(_BUFFER, ()))


@event.listens_for(Session, "after_soft_rollback")
def _forget(current: Session, undone: SessionTransaction) -> None:
    """What was taken back leaves no entry: the acts since a savepoint, or all of them."""
    if undone.nested or undone.parent is None:
        kept = current.info.get(_SAVEPOINTS, {}).get(undone, 0)
        del current.info.get(_BUFFER, [])[kept:]


def seal(*, before: datetime, now: datetime) -> dict[str, Any]:
    """Keep the place and hash of the last entry written before then, for good: it pins everything up to it."""
    end = select(AuditEntry.id, AuditEntry.hash).where(AuditEntry.at < before).order_by(AuditEntry.id.desc()).limit(1)
    found = session.execute(end).first()
    kept = {"id": found.id, "hash": found.hash} if found else {"id": 0, "hash": GENESIS}
    session.add(AuditSeal(entry_id=kept["id"], hash=kept["hash"], at=now))
    return kept


def seals() -> list[dict[str, Any]]:
    """Every seal, the oldest first."""
    rows = session.execute(select(AuditSeal.entry_id, AuditSeal.hash).order_by(AuditSeal.id))
    return [{"id": row.entry_id, "hash": row.hash} for row in rows]


def head(*, now: datetime) -> Head:
    """The end of the chain, to be signed and kept outside."""
    found = session.scalars(select(AuditHead)).one()
    return Head(found.length, found.hash, now)


def broken_seal(seals: Iterable[Mapping[str, Any]]) -> str | None:
    """The first seal whose entry no longer has the hash it had, in words, or None."""
    for kept in seals:
        present = session.scalar(select(AuditEntry.hash).where(AuditEntry.id == kept["id"])) if kept["id"] else GENESIS
        if present != kept["hash"]:
            return f"entry {kept['id']} is not the one that was sealed"
    return None


def verify() -> str | None:
    """Read the whole chain; the first fault in words, or None. Constant memory."""
    head = session.scalars(select(AuditHead)).one_or_none()
    columns = [getattr(AuditEntry, name) for name in (*COVERED, "hash")]
    length, end = (head.length, head.hash) if head else (0, GENESIS)
    # Closed by hand: a fault ends the reading in the middle of the chain.
    with session.execute(select(*columns).order_by(AuditEntry.id).execution_options(yield_per=1000)) as rows:
        return first_fault((dict(row._mapping) for row in rows), length=length, head=end)
