"""Reads about organisations, their parts, relations, members and applications."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select

from app.access import Role
from app.infra.db import session
from app.organisations.models import Membership, Organisation, OrganisationState


def in_force(today: date) -> ColumnElement[bool]:
    """A membership counts from its first day until the day before `ends_on`."""
    return and_(Membership.starts_on <= today, or_(Membership.ends_on.is_(None), Membership.ends_on > today))


def roles_of(user_id: int, *, today: date) -> frozenset[tuple[Role, int]]:
    """The roles a person holds today, at verified organisations only."""
    rows = session.execute(
        select(Membership.role, Membership.organisation_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.user_id == user_id, Organisation.state == OrganisationState.VERIFIED, in_force(today))
    )
    return frozenset((role, organisation_id) for role, organisation_id in rows)


def organisations_of(user_id: int, *, today: date) -> Sequence[Organisation]:
    """The verified organisations where a person holds any role today, by name."""
    held = select(Membership.organisation_id).where(Membership.user_id == user_id, in_force(today))
    return session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(held), Organisation.state == OrganisationState.VERIFIED)
        .order_by(Organisation.sort_key, Organisation.id)
    ).all()
