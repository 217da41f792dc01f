"""Reads about people, their sessions, tokens and consents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, literal, or_, select

from app.accounts.models import ApiToken, Consent, Document, SignInSession, User, UserState
from app.accounts.rules import documents
from app.accounts.rules.addresses import Address, AddressKind
from app.accounts.rules.limits import session_is_over
from app.audit.models import AuditEntry
from app.infra.db import session
from app.infra.locks import locked


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What one look at a live session tells."""

    session_id: int
    user_id: int
    name: str
    language: str
    acting_organisation_id: int | None
    last_seen_at: datetime
    consents_missing: bool


def hashed(secret: str) -> str:
    """Long random secrets need no slow hash."""
    return sha256(secret.encode()).hexdigest()


def user_by_address(address: Address) -> User | None:
    column = User.email if address.kind is AddressKind.EMAIL else User.mobile
    return session.scalars(select(User).where(column == address.text)).one_or_none()


def user_by_id(user_id: int) -> User:
    return session.get_one(User, user_id)


def lock_person(user_id: int) -> User:
    """The person held: from here to the commit nobody else counts or adds what is theirs."""
    return session.scalars(locked(select(User).where(User.id == user_id))).one()


def _agreed() -> ColumnElement[int]:
    in_force = or_(
        *(and_(Consent.document == Document(d), Consent.document_version == v) for d, v in documents.CURRENT.items())
    )
    return select(func.count()).where(Consent.user_id == User.id, in_force).scalar_subquery()


def signed_in(token: str, *, idle: timedelta, absolute: timedelta, now: datetime) -> SignedIn | None:
    """The live session behind a cookie's token, in one statement."""
    found = session.execute(
        select(SignInSession, User, _agreed())
        .join(User, User.id == SignInSession.user_id)
        .where(
            SignInSession.token_hash == hashed(token),
            SignInSession.ended_at.is_(None),
            User.state == UserState.ACTIVE,
        )
    ).first()
    if found is None:
        return None
    row, user, agreed = found
    if session_is_over(row.created_at, row.last_seen_at, idle=idle, absolute=absolute, now=now):
        return None
    return SignedIn(
        session_id=row.id,
        user_id=user.id,
        name=user.name,
        language=user.language,
        acting_organisation_id=row.acting_organisation_id,
        last_seen_at=row.last_seen_at,
        consents_missing=agreed < len(documents.CURRENT),
    )


def live_sessions(user_id: int, *, idle: timedelta, absolute: timedelta, now: datetime) -> Sequence[SignInSession]:
    """Where a person is signed in, latest first."""
    return session.scalars(
        select(SignInSession)
        .where(
            SignInSession.user_id == user_id,
            SignInSession.ended_at.is_(None),
            SignInSession.last_seen_at > now - idle,
            SignInSession.created_at > now - absolute,
        )
        .order_by(SignInSession.last_seen_at.desc(), SignInSession.id.desc())
    ).all()


def consents_missing(user_id: int) -> list[Document]:
    """The documents whose version in force this person has not agreed to."""
    given = session.execute(select(Consent.document, Consent.document_version).where(Consent.user_id == user_id))
    agreed = {(document.value, version) for document, version in given}
    return [Document(d) for d, v in documents.CURRENT.items() if (d, v) not in agreed]


def tokens_of(user_id: int) -> Select[ApiToken]:
    return select(ApiToken).where(ApiToken.user_id == user_id)


def live_token(bearer: str, *, now: datetime) -> ApiToken | None:
    """The token row behind an Authorization header, if it may still be used."""
    return session.scalars(
        select(ApiToken)
        .join(User, User.id == ApiToken.user_id)
        .where(
            ApiToken.token_hash == hashed(bearer),
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > now,
            User.state == UserState.ACTIVE,
        )
    ).one_or_none()


def audit_entries() -> Select[Any]:
    """(entry, name of the person or None): the chain holds ids only, names are looked up when read."""
    who = select(User.name).where(literal("user:") + cast(User.id, String) == AuditEntry.actor).scalar_subquery()
    return select(AuditEntry, who)


def keys_of_people(condition: ColumnElement[bool]) -> Select[Any]:
    """What the audit calls the people who meet the condition."""
    return select(literal("user:") + cast(User.id, String)).where(condition)
