"""What a service costs its client, and what was invoiced and received for it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.billing.rules import MarkKind, MarkReason
from app.infra.db import Base, PublicId
from app.infra.guards import AppendOnly, attach
from app.infra.types import CanonicalJson
from app.kernel.money import Money


class ChargedFor(StrEnum):
    """Only a service is one; a missed booking is billed but never counted."""

    SERVICE = "service"
    NO_SHOW = "no-show"


class Charge(PublicId, Base):
    """One charge per booking; never edited."""

    __tablename__ = "charges"
    __table_args__ = (Index("ix_charges_provider", "provider_id", "posted_at"),)

    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"), unique=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[ChargedFor]
    lines: Mapped[Any] = mapped_column(CanonicalJson)
    amount: Mapped[Money]
    posted_at: Mapped[datetime]


class ChargeMark(PublicId, Base):
    """The provider's finance says: invoiced, received. A wrong mark is reversed by a negative one."""

    __tablename__ = "charge_marks"
    __table_args__ = (CheckConstraint("amount <> 0", "amount"),)

    charge_id: Mapped[int] = mapped_column(ForeignKey("charges.id"), index=True)
    kind: Mapped[MarkKind]
    amount: Mapped[Money]
    on: Mapped[date]
    document: Mapped[str]  # invoice number, bank reference
    why: Mapped[MarkReason | None]  # where the day calls for a reason
    reason: Mapped[str] = mapped_column(default="")  # in the words of whoever marked it
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    marked_at: Mapped[datetime]


attach(Charge.__table__, AppendOnly("charges"))
attach(ChargeMark.__table__, AppendOnly("charge_marks"))
