"""Bodies that are not strangers to each other: services between them never count as external."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import BinaryIO

from sqlalchemy import or_, select

from app.access import Actor, authorize
from app.access.authority import may
from app.audit import record
from app.infra import files
from app.infra.db import session
from app.kernel import uscc
from app.kernel.errors import Forbidden, NotFound, refuse, refuse_all
from app.organisations import queries, rules
from app.organisations.actions import RelationAction
from app.organisations.models import Organisation, RelatedParty, RelationBasis
from app.organisations.permissions import OrganisationPermission


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said about two bodies."""

    other_uscc: str
    basis: RelationBasis
    share: Decimal | None
    valid_from: date
    valid_until: date | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows it, as uploaded."""

    content: BinaryIO
    name: str


def require_leave(organisation: Organisation, *, actor: Actor) -> None:
    if not may(actor, OrganisationPermission.VERIFY, organisation):
        authorize(actor, OrganisationPermission.CHANGE, organisation)


def record_relation(
    organisation: Organisation, said: Statement, proof: Proof | None = None, *, actor: Actor, now: datetime
) -> RelatedParty:
    """Declared by a body's own administrator, or found by the operator."""
    require_leave(organisation, actor=actor)
    other = queries.by_code(uscc.normalise(said.other_uscc))
    if other is None or other.id == organisation.id:
        raise refuse("other-unknown", "other_uscc")
    refuse_all(rules.share_faults(said.basis, said.share))
    if said.valid_until is not None and said.valid_until <= said.valid_from:
        raise refuse("end-before-start", "valid_until")
    one_id, other_id = sorted((organisation.id, other.id))
    _refuse_overlap(one_id, other_id, said)
    row = RelatedParty(
        one_id=one_id,
        other_id=other_id,
        basis=said.basis,
        share=said.share,
        valid_from=said.valid_from,
        valid_until=said.valid_until,
        note=said.note,
        proof_file_id=_kept(proof, actor, now).id if proof else None,
    )
    session.add(row)
    session.flush()
    after = {
        "basis": said.basis,
        "valid_from": said.valid_from,
        "valid_until": said.valid_until,
        "proof": proof is not None,
    }
    record(RelationAction.RECORDED, row, actor=actor, now=now, after=after)
    return row


def _kept(proof: Proof, actor: Actor, now: datetime) -> files.StoredFile:
    head = proof.content.read(16)
    proof.content.seek(0)
    media_type = rules.letter_type(head)
    if media_type is None:
        raise refuse("proof-type", "proof")
    return files.store(proof.content, name=proof.name, media_type=media_type, owner_id=actor.user_id, now=now)


def proof_of(public_id: str, *, actor: Actor) -> files.StoredFile:
    """For whoever may see one of the two bodies."""
    row = session.scalars(select(RelatedParty).where(RelatedParty.public_id == public_id)).one_or_none()
    if row is None or row.proof_file_id is None:
        raise NotFound(public_id)
    sides = [session.get_one(Organisation, side) for side in (row.one_id, row.other_id)]
    if not any(may(actor, OrganisationPermission.VIEW, side) for side in sides):
        raise NotFound(public_id)
    return session.get_one(files.StoredFile, row.proof_file_id)


def to_end(public_id: str, *, actor: Actor) -> tuple[RelatedParty, list[Organisation]]:
    """The operator alone ends a relation: whoever is bound by it gains by its end."""
    row = session.scalars(select(RelatedParty).where(RelatedParty.public_id == public_id)).one_or_none()
    if row is None:
        raise NotFound(public_id)
    sides = [session.get_one(Organisation, side) for side in (row.one_id, row.other_id)]
    if not all(may(actor, OrganisationPermission.VERIFY, side) for side in sides):
        seen = any(may(actor, OrganisationPermission.VIEW, side) for side in sides)
        raise Forbidden(public_id) if seen else NotFound(public_id)
    return row, sides


def end_relation(public_id: str, ends_on: date, *, actor: Actor, now: datetime) -> Organisation:
    """Let a relation end on that day, or correct the day it was said to end; the body it is then shown with."""
    row, sides = to_end(public_id, actor=actor)
    if ends_on <= row.valid_from:
        raise refuse("end-before-start", "ends_on")
    _refuse_reaching_the_next(row, ends_on)
    before, row.valid_until = {"valid_until": row.valid_until}, ends_on
    session.flush()
    record(RelationAction.ENDED, row, actor=actor, now=now, before=before, after={"valid_until": ends_on})
    return sides[0]


def _refuse_reaching_the_next(row: RelatedParty, ends_on: date) -> None:
    following = select(RelatedParty.id).where(
        RelatedParty.one_id == row.one_id,
        RelatedParty.other_id == row.other_id,
        RelatedParty.basis == row.basis,
        RelatedParty.valid_from > row.valid_from,
        RelatedParty.valid_from < ends_on,
    )
    if session.scalars(following).first() is not None:
        raise refuse("relation-exists", "ends_on")


def _refuse_overlap(one_id: int, other_id: int, said: Statement) -> None:
    same = select(RelatedParty.id).where(
        RelatedParty.one_id == one_id,
        RelatedParty.other_id == other_id,
        RelatedParty.basis == said.basis,
        or_(RelatedParty.valid_until.is_(None), RelatedParty.valid_until > said.valid_from),
        *((RelatedParty.valid_from < said.valid_until,) if said.valid_until else ()),
    )
    if session.scalars(same).first() is not None:
        raise refuse("relation-exists", "valid_from")
