"""Dated price lists."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, PublicId
from app.infra.guards import NeverChanged, NoOverlap, attach
from app.kernel.money import Money
from app.pricing.rules import ClientClass


class PriceList(PublicId, Base):
    """What one class of client pays for one instrument from a day on; a new price is a new row."""

    __tablename__ = "price_lists"
    __table_args__ = (
        CheckConstraint("hourly >= 0 AND start_up >= 0 AND minimum >= 0", "not_negative"),
        CheckConstraint("free_minutes >= 0 AND unit_minutes > 0", "minutes"),
        CheckConstraint("valid_until IS NULL OR valid_from < valid_until", "dates"),
    )

    instrument_id: Mapped[int] = mapped_column(ForeignKey("instruments.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    client_class: Mapped[ClientClass]
    hourly: Mapped[Money]
    start_up: Mapped[Money]
    minimum: Mapped[Money]
    free_minutes: Mapped[int] = mapped_column(Integer, default=0)
    unit_minutes: Mapped[int] = mapped_column(Integer, default=1)  # billing unit; started units are paid
    basis: Mapped[str] = mapped_column(default="")  # 批准文号
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]  # first day without it
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]


attach(
    PriceList.__table__,
    NoOverlap("price_lists", ("instrument_id", "client_class"), "valid_from", "valid_until", range_type="daterange"),
    NeverChanged(
        "price_lists",
        (
            "instrument_id",
            "client_class",
            "hourly",
            "start_up",
            "minimum",
            "free_minutes",
            "unit_minutes",
            "valid_from",
        ),
    ),
)
