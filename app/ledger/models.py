"""The service ledger: records and later facts about them, both append-only."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.catalogue.models import ServiceMode
from app.infra.db import Base, PublicId
from app.infra.guards import AppendOnly, attach
from app.kernel.money import Money
from app.ledger.rules.facts import EvidenceGrade
from app.ledger.rules.history.steps import HistoryStep


class EntryKind(StrEnum):
    CONFIRMED = "confirmed"
    TACITLY_CONFIRMED = "tacitly-confirmed"
    INVOICED = "invoiced"
    RECEIVED = "received"
    REFUNDED = "refunded"


class ServiceRecord(PublicId, Base):
    """服务记录: one ended service. Scores read nothing but these and their entries."""

    __tablename__ = "service_records"
    __table_args__ = (
        UniqueConstraint("provider_id", "source_key"),
        CheckConstraint("starts_at < ends_at", "period"),
        CheckConstraint("effective_minutes >= 0", "minutes"),
        Index("ix_service_records_year", "provider_id", "ends_at"),
        Index("ix_service_records_ended", "ends_at"),
        # A unit of the same body: nothing is ever scored under another's.
        ForeignKeyConstraint(
            ["evaluation_unit_id", "provider_id"], ["evaluation_units.id", "evaluation_units.organisation_id"]
        ),
    )

    source_key: Mapped[str]  # booking number, or the row's key in the system it came from
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("bookings.id"), unique=True)
    import_run_id: Mapped[int | None] = mapped_column(ForeignKey("import_runs.id"), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    evaluation_unit_id: Mapped[int | None]
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instruments.id"), index=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    user_label: Mapped[str] = mapped_column(default="")  # pseudonym from the other system
    intermediary_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    mode: Mapped[ServiceMode]
    purpose: Mapped[str] = mapped_column(default="")
    order_number: Mapped[str | None]  # commission, contract or sample batch
    internal: Mapped[bool] = mapped_column(Boolean)  # same legal person
    starts_at: Mapped[datetime]  # what really happened
    ends_at: Mapped[datetime]
    booked_from: Mapped[datetime | None]
    booked_until: Mapped[datetime | None]
    effective_minutes: Mapped[int] = mapped_column(Integer)
    charged: Mapped[Money]
    evidence: Mapped[EvidenceGrade]
    entered_at: Mapped[datetime]


class RecordEntry(PublicId, Base):
    """A later fact about a record: confirmation with rating, invoice, receipt, refund."""

    __tablename__ = "record_entries"
    __table_args__ = (
        CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", "rating"),
        Index("ix_record_entries_year", "kind", "on"),
    )

    record_id: Mapped[int] = mapped_column(ForeignKey("service_records.id"), index=True)
    kind: Mapped[EntryKind]
    on: Mapped[date]
    amount: Mapped[Money | None]
    rating: Mapped[int | None] = mapped_column(Integer)
    comment: Mapped[str] = mapped_column(default="")
    document: Mapped[str] = mapped_column(default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    entered_at: Mapped[datetime]


class HistoryCheck(PublicId, Base):
    """What the provider attested and an unrelated operator verified about one import of past use."""

    __tablename__ = "history_checks"
    __table_args__ = (UniqueConstraint("import_run_id", "step"),)

    import_run_id: Mapped[int] = mapped_column(ForeignKey("import_runs.id"))
    step: Mapped[HistoryStep]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    note: Mapped[str]
    at: Mapped[datetime]


attach(ServiceRecord.__table__, AppendOnly("service_records"))
attach(RecordEntry.__table__, AppendOnly("record_entries"))
attach(HistoryCheck.__table__, AppendOnly("history_checks"))
