"""Legal persons and other bodies, the roles they play, and who acts for them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.access.actor import Role
from app.infra.db import Base, PublicId, Versioned
from app.infra.guards import NoOverlap, attach
from app.infra.types import BigId, CanonicalJson
from app.organisations import rules

Kind = rules.Kind


class OrganisationRole(StrEnum):
    """What a body does here; one body may have several roles."""

    PROVIDER = "provider"
    CLIENT = "client"
    INTERMEDIARY = "intermediary"
    OPERATOR = "operator"
    DISTRICT = "district"


class OrganisationState(StrEnum):
    APPLIED = "applied"
    VERIFIED = "verified"
    DECLINED = "declined"
    SUSPENDED = "suspended"


class RelationBasis(StrEnum):
    CONTROL = "control"
    SAME_REPRESENTATIVE = "same-representative"
    PARENT_AND_CHILD = "parent-and-child"
    OTHER = "other"


class Organisation(PublicId, Versioned, Base):
    """A body known to the platform. `uscc` is normalised; kinds without a code leave it empty."""

    __tablename__ = "organisations"
    __table_args__ = (
        CheckConstraint("uscc IS NULL OR length(uscc) = 18", "uscc_length"),
        CheckConstraint("parent_id IS NULL OR parent_id <> id", "not_own_parent"),
    )

    uscc: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(index=True)
    name_en: Mapped[str] = mapped_column(default="")
    sort_key: Mapped[str] = mapped_column(index=True)
    kind: Mapped[Kind]
    state: Mapped[OrganisationState] = mapped_column(default=OrganisationState.APPLIED, index=True)
    state_reason: Mapped[str] = mapped_column(default="")  # why suspended or reinstated
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    merged_on: Mapped[date | None]
    town: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    industry_code: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]


class AdmittedRole(Base):
    """A role that the operator has admitted this body to."""

    __tablename__ = "organisation_roles"
    __table_args__ = (UniqueConstraint("organisation_id", "role"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    role: Mapped[OrganisationRole] = mapped_column(index=True)
    since: Mapped[date]


class OrganisationName(Base):
    """What a body was called when."""

    __tablename__ = "organisation_names"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]


class EvaluationUnit(PublicId, Versioned, Base):
    """评价单元: a campus or hospital branch scored for itself under one legal person."""

    __tablename__ = "evaluation_units"
    __table_args__ = (
        UniqueConstraint("organisation_id", "name"),
        UniqueConstraint("id", "organisation_id"),  # so that what is scored under it is of the same body
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str]
    kind: Mapped[Kind]
    town: Mapped[str] = mapped_column(default="")
    payee: Mapped[str] = mapped_column(default="")


class RelatedParty(PublicId, Base):
    """Two bodies that are not strangers to each other, from when to when, with proof."""

    __tablename__ = "related_parties"
    __table_args__ = (
        CheckConstraint("one_id < other_id", "ordered"),
        CheckConstraint("controller_id IS NULL OR controller_id IN (one_id, other_id)", "controller"),
    )

    one_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    basis: Mapped[RelationBasis]
    share: Mapped[Decimal | None]  # of control, 0–1
    controller_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))  # the side above, where known
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    proof_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    note: Mapped[str] = mapped_column(default="")


class Application(PublicId, Base):
    """A claim to act for a body, with its authorisation letter (授权委托书), for the operator to decide."""

    __tablename__ = "organisation_applications"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    roles: Mapped[Any] = mapped_column(CanonicalJson)
    letter_file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"))
    state: Mapped[OrganisationState] = mapped_column(default=OrganisationState.APPLIED, index=True)
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(default="")

    @property
    def withdrawn(self) -> bool:
        """Closed by the applicant: nobody else decides a case of their own."""
        return self.decided_by_id == self.user_id


class Membership(PublicId, Versioned, Base):
    """One role of one person at one body, for a time; `ends_on` is the first day without it."""

    __tablename__ = "memberships"
    __table_args__ = (CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", "dates"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[Role]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class Invitation(PublicId, Base):
    """An offer of a role, sent to an address; the link works once."""

    __tablename__ = "invitations"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    address: Mapped[str]
    role: Mapped[Role]
    ends_on: Mapped[date | None]
    secret_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]


attach(
    OrganisationName.__table__,
    NoOverlap("organisation_names", ("organisation_id",), "valid_from", "valid_until", range_type="daterange"),
)
attach(
    RelatedParty.__table__,
    NoOverlap("related_parties", ("one_id", "other_id", "basis"), "valid_from", "valid_until", range_type="daterange"),
)
attach(
    Membership.__table__,
    NoOverlap("memberships", ("user_id", "organisation_id", "role"), "starts_on", "ends_on", range_type="daterange"),
)
