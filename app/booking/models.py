"""Bookings hold identity and what was asked for, occupations hold time."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.booking.rules.purposes import Purpose
from app.booking.rules.states import BookingState
from app.catalogue.models import ServiceMode
from app.infra.db import Base, PublicId, Versioned
from app.infra.guards import AppendOnly, NeverChanged, NoOverlap, attach
from app.infra.types import BigId, CanonicalJson
from app.kernel.money import Money
from app.pricing.rules import ClientClass


class Source(StrEnum):
    WEB = "web"
    API = "api"
    CLI = "cli"
    IMPORT = "import"


class OccupationKind(StrEnum):
    BOOKING = "booking"
    STAFF = "staff"
    MAINTENANCE = "maintenance"
    HOLD = "hold"


class Booking(PublicId, Versioned, Base):
    """One order for time on one instrument; number, URL and parties never change."""

    __tablename__ = "bookings"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", "period"),
        Index("ix_bookings_instrument_time", "instrument_id", "starts_at"),
        Index("ix_bookings_user", "user_id", "starts_at"),
        Index("ix_bookings_client", "client_id", "starts_at"),
        Index("ix_bookings_provider_state", "provider_id", "state", "starts_at"),
    )

    number: Mapped[str] = mapped_column(unique=True)
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instruments.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    state: Mapped[BookingState]
    mode: Mapped[ServiceMode]
    purpose: Mapped[Purpose]
    description: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    client_class: Mapped[ClientClass]
    price_list_id: Mapped[int | None] = mapped_column(ForeignKey("price_lists.id"))
    quote: Mapped[Any] = mapped_column(CanonicalJson)
    quoted: Mapped[Money]
    source: Mapped[Source]
    created_at: Mapped[datetime]
    rating: Mapped[int | None] = mapped_column(Integer)


class Occupation(Base):
    """Held time at one place of one calendar, whatever its kind; buffers included."""

    __tablename__ = "occupations"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", "period"),
        CheckConstraint("NOT active OR place IS NOT NULL", "seated"),
        CheckConstraint("place IS NULL OR place >= 1", "place"),
        Index("ix_occupations_time", "calendar_id", "place", "starts_at", "ends_at", "active"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendars.id"))
    place: Mapped[int | None] = mapped_column(Integer)
    pinned: Mapped[bool] = mapped_column(Boolean, default=False)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    kind: Mapped[OccupationKind]
    active: Mapped[bool] = mapped_column(Boolean)
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("bookings.id"), index=True)
    note: Mapped[str] = mapped_column(default="")


class BookingStep(Base):
    """One change in a booking's life, in order."""

    __tablename__ = "booking_steps"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"), index=True)
    state: Mapped[BookingState]
    at: Mapped[datetime]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    note: Mapped[str] = mapped_column(default="")


class BookingGuest(Base):
    """A colleague of the client who comes along."""

    __tablename__ = "booking_guests"
    __table_args__ = (UniqueConstraint("booking_id", "user_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    invited_at: Mapped[datetime]


class UnmetDemand(Base):
    """A request that was refused, with every reason: demand the district should know of."""

    __tablename__ = "unmet_demand"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instruments.id"), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    client_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    codes: Mapped[Any] = mapped_column(CanonicalJson)
    source: Mapped[Source]
    at: Mapped[datetime]


attach(Booking.__table__, NeverChanged("bookings", ("number", "public_id", "provider_id", "client_id", "user_id")))
attach(Occupation.__table__, NoOverlap("occupations", ("calendar_id", "place"), "starts_at", "ends_at", "active"))
attach(BookingStep.__table__, AppendOnly("booking_steps"))
attach(UnmetDemand.__table__, AppendOnly("unmet_demand"))
