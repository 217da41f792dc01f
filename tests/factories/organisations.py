"""Organisations, people and their roles, written straight to the database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from app.access import Role
from app.accounts.models import User
from app.infra.db import session
from app.kernel.uscc import check_character
from app.organisations.models import (
    AdmittedRole,
    Kind,
    Membership,
    Organisation,
    OrganisationRole,
    OrganisationState,
    RelatedParty,
    RelationBasis,
)

BORN = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
_numbers = count(1)


def uscc(number: int | None = None) -> str:
    """A valid code for an invented body."""
    first17 = f"91110114MA0{number or next(_numbers):06d}"
    return first17 + check_character(first17)


def organisation(name: str, *roles: OrganisationRole, kind: Kind = Kind.ENTERPRISE, **more: Any) -> Organisation:
    values: dict[str, Any] = {
        "uscc": uscc(),
        "sort_key": name,
        "state": OrganisationState.VERIFIED,
        "created_at": BORN,
        **more,
    }
    row = Organisation(name=name, kind=kind, **values)
    session.add(row)
    session.flush()
    for role in roles:
        session.add(AdmittedRole(organisation_id=row.id, role=role, since=date(2026, 1, 5)))
    session.flush()
    return row


def related(one: Organisation, other: Organisation, since: date = date(2026, 1, 5), **more: Any) -> RelatedParty:
    low, high = sorted((one.id, other.id))
    row = RelatedParty(one_id=low, other_id=high, basis=RelationBasis.CONTROL, valid_from=since, **more)
    session.add(row)
    session.flush()
    return row


def user(name: str, **more: Any) -> User:
    values = {
        "email": f"{name}@example.org",
        "password_hash": "",
        "email_verified_at": BORN,
        "created_at": BORN,
        **more,
    }
    row = User(name=name, **values)
    session.add(row)
    session.flush()
    return row


def member(who: User, of: Organisation, *roles: Role, ends_on: date | None = None) -> User:
    for role in roles:
        session.add(
            Membership(user_id=who.id, organisation_id=of.id, role=role, starts_on=date(2026, 1, 5), ends_on=ends_on)
        )
    session.flush()
    return who
