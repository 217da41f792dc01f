"""People and how they prove who they are."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, PublicId, Versioned
from app.infra.guards import AppendOnly, attach
from app.infra.types import BigId, CanonicalJson


class UserState(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"


class CodePurpose(StrEnum):
    VERIFY_EMAIL = "verify-email"
    VERIFY_MOBILE = "verify-mobile"
    RESET_PASSWORD = "reset-password"
    SIGN_IN_LINK = "sign-in-link"


class Document(StrEnum):
    TERMS = "terms"
    PRIVACY = "privacy"


class User(PublicId, Versioned, Base):
    """A person; signs in with a verified e-mail address or mobile number."""

    __tablename__ = "users"
    __table_args__ = (CheckConstraint("email IS NOT NULL OR mobile IS NOT NULL", "reachable"),)

    name: Mapped[str]
    email: Mapped[str | None] = mapped_column(unique=True)  # folded to lower case
    mobile: Mapped[str | None] = mapped_column(unique=True)
    password_hash: Mapped[str]
    language: Mapped[str] = mapped_column(default="zh_CN")
    state: Mapped[UserState] = mapped_column(default=UserState.ACTIVE)
    email_verified_at: Mapped[datetime | None]
    mobile_verified_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class SignInSession(PublicId, Base):
    """One signed-in browser; the token itself lives only in its cookie."""

    __tablename__ = "sign_in_sessions"

    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    acting_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    address: Mapped[str]
    agent: Mapped[str]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class OneTimeCode(PublicId, Base):
    """A short-lived secret sent to an address: verification and password reset."""

    __tablename__ = "one_time_codes"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    purpose: Mapped[CodePurpose]
    secret_hash: Mapped[str] = mapped_column(index=True)
    sent_to: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(Integer, default=0)


class Consent(Base):
    """Agreement to one version of one document."""

    __tablename__ = "consents"
    __table_args__ = (UniqueConstraint("user_id", "document", "document_version"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    document: Mapped[Document]
    document_version: Mapped[str]
    given_at: Mapped[datetime]


class ThrottleCounter(Base):
    """Attempts under one key since `window_start`; shared by all workers."""

    __tablename__ = "throttle_counters"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    window_start: Mapped[datetime]
    count: Mapped[int] = mapped_column(Integer)


class ApiToken(PublicId, Base):
    """A bearer token; only its SHA-256 is stored, the prefix lets people recognise it."""

    __tablename__ = "api_tokens"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str]
    prefix: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[Any] = mapped_column(CanonicalJson)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    last_used_from: Mapped[str | None]
    revoked_at: Mapped[datetime | None]


attach(Consent.__table__, AppendOnly("consents"))
