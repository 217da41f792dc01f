"""Who acts for a body: inviting, joining, changing the term, leaving; never without an administrator."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select

from app.access import Actor, Role, authorize
from app.accounts.models import User
from app.accounts.queries import hashed, lock_person, user_by_id
from app.accounts.rules.addresses import Address
from app.accounts.services.codes import recipient
from app.audit import changes, record
from app.infra.db import session
from app.infra.locks import locked, require_version
from app.kernel.civil import civil_day
from app.kernel.errors import NotFound, refuse, refuse_all
from app.kernel.names import name_in
from app.notifications.services import Secret, tell
from app.notifications.texts import Notice
from app.organisations import queries, rules
from app.organisations.actions import MemberAction
from app.organisations.models import Invitation, Membership, Organisation
from app.organisations.permissions import MemberPermission


@dataclass(frozen=True, slots=True)
class Offer:
    """Which role is offered to whom, until when."""

    address: Address
    role: Role
    ends_on: date | None


def invite(
    organisation: Organisation,
    offer: Offer,
    *,
    address_of: Callable[[str], str],
    role_name: str,
    language: str,
    actor: Actor,
    now: datetime,
) -> Invitation:
    """Send a link that works once; `address_of` makes it from the secret, which is stored hashed only."""
    secret = secrets.token_urlsafe(24)
    row = _invitation(organisation, offer, secret, now=now)
    authorize(actor, MemberPermission.MANAGE, row)
    today = civil_day(now)
    refuse_all(rules.term_faults(rules.Term(today, offer.ends_on), today=today))
    if offer.role.value not in rules.member_roles_for(queries.admitted_roles(organisation.id)):
        raise refuse("role-not-offered", "role")
    session.add(row)
    session.flush()
    record(MemberAction.INVITED, row, actor=actor, now=now, after={"role": offer.role, "ends_on": offer.ends_on})
    tell(
        recipient(offer.address, language=language),
        Notice.MEMBER_INVITED,
        now=now,
        inviter=user_by_id(actor.user_id).name if actor.user_id else "",
        organisation=name_in(language, organisation),
        role=role_name,
        days=rules.INVITATION_LIFE.days,
        secret=Secret(address_of(secret), row.expires_at),
    )
    return row


def _invitation(organisation: Organisation, offer: Offer, secret: str, *, now: datetime) -> Invitation:
    return Invitation(
        organisation_id=organisation.id,
        address=offer.address.text,
        role=offer.role,
        ends_on=offer.ends_on,
        secret_hash=hashed(secret),
        created_at=now,
        expires_at=now + rules.INVITATION_LIFE,
    )


def withdraw(public_id: str, *, actor: Actor, now: datetime) -> int:
    """Take an invitation back; returns the organisation's key."""
    found = session.scalars(
        select(Invitation).where(Invitation.public_id == public_id, Invitation.accepted_at.is_(None))
    ).one_or_none()
    row = authorize(actor, MemberPermission.MANAGE, found)
    record(MemberAction.ENDED, row, actor=actor, now=now, before={"role": row.role})
    session.execute(delete(Invitation).where(Invitation.id == row.id))
    return row.organisation_id


def accept(secret: str, *, actor: Actor, now: datetime) -> Membership:
    """Join with the offered role; only the person whose proved address was invited can."""
    offer = session.scalars(locked(queries.invitation_behind(secret, now=now))).one_or_none()
    if offer is None or actor.user_id is None:
        raise NotFound("invitation")
    user = lock_person(actor.user_id)  # two offers accepted at once are held against each other
    if offer.address not in _proved(user):
        raise refuse("invitation-other-address")
    today = civil_day(now)
    held = queries.roles_of(user.id, today=today)
    if (offer.role, offer.organisation_id) in held:
        raise refuse("already-member")
    if rules.separation_broken((role.value for role, _org in held), offer.role.value):
        raise refuse("administrators-separated")
    offer.accepted_at = now
    row = Membership(
        user_id=user.id, organisation_id=offer.organisation_id, role=offer.role, starts_on=today, ends_on=offer.ends_on
    )
    session.add(row)
    session.flush()
    record(MemberAction.JOINED, row, actor=actor, now=now, after={"role": offer.role, "ends_on": offer.ends_on})
    return row


def change_term(
    public_id: str, ends_on: date | None, *, version: int | None, actor: Actor, now: datetime
) -> Membership:
    """Set or lift the end of a membership; ending it today takes effect at once."""
    found = session.scalars(select(Membership).where(Membership.public_id == public_id)).one_or_none()
    row = authorize(actor, MemberPermission.MANAGE, found)
    # Administrators who end each other at the same moment meet here, one after the other.
    session.execute(locked(select(Organisation.id).where(Organisation.id == row.organisation_id)))
    session.refresh(row)
    require_version(row, version)
    today = civil_day(now)
    refuse_all(rules.term_faults(rules.Term(row.starts_on, ends_on), today=today))
    if row.role is Role.ADMINISTRATOR and rules.leaves_nobody(_other_administrators(row), ends_on=ends_on, today=today):
        raise refuse("last-administrator", "ends_on")
    before, after = changes(row, ends_on=ends_on)
    session.flush()
    ended = ends_on is not None and ends_on <= today
    record(MemberAction.ENDED if ended else MemberAction.CHANGED, row, actor=actor, now=now, before=before, after=after)
    return row


def _other_administrators(row: Membership) -> list[rules.Term]:
    others = select(Membership.starts_on, Membership.ends_on).where(
        Membership.organisation_id == row.organisation_id,
        Membership.role == Role.ADMINISTRATOR,
        Membership.id != row.id,
    )
    return [rules.Term(starts_on, ends_on) for starts_on, ends_on in session.execute(others)]


def _proved(user: User) -> set[str | None]:
    return {
        user.email if user.email_verified_at else None,
        user.mobile if user.mobile_verified_at else None,
    } - {None}
