"""The service ledger: records and later facts about them, both append-only."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.catalogue.models import ServiceMode
from app.infra.db import Base, PublicId
from app.infra.guards import AppendOnly, attach
from app.infra.types import CanonicalJson
from app.kernel import canonical
from app.kernel.money import Money
from app.ledger.rules.attestation import HistoryStep
from app.ledger.rules.entries import EntryKind
from app.ledger.rules.facts import EvidenceGrade


class ServiceRecord(PublicId, Base):
    """服务记录: one ended service. Scores read nothing but these and their entries."""

    __tablename__ = "service_records"
    __table_args__ = (
        UniqueConstraint("provider_id", "source_key"),
        CheckConstraint("starts_at < ends_at", "period"),
        CheckConstraint("effective_minutes >= 0", "minutes"),
        Index("ix_service_records_year", "provider_id", "ends_at"),
        Index("ix_service_records_ended", "ends_at"),
        Index("ix_service_records_job", "instrument_id", "user_id", "ends_at"),
        Index("ix_service_records_order", "order_number"),
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
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instruments.id"))
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
    linked_until: Mapped[datetime]  # 24:00 of the instrument's next open day, as its hours then stood
    effective_minutes: Mapped[int] = mapped_column(Integer)
    charged: Mapped[Money]
    posted: Mapped[Money | None]  # what the posted price came to, where it is known
    evidence: Mapped[EvidenceGrade]
    entered_at: Mapped[datetime]


def _digest(execution: Any) -> str:
    """Over all of an entry but its free text, which may be erased."""
    values = execution.get_current_parameters()
    hashed = {name: values.get(name) for name in ("kind", "on", "amount", "rating", "entered_at")}
    return canonical.digest({**hashed, "details": values.get("details") or {}})


class RecordEntry(PublicId, Base):
    """A later fact about a record; `details` are those of its kind (rules.entries), hashed as canonical text."""

    __tablename__ = "record_entries"
    __table_args__ = (
        CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", "rating"),
        Index("ix_record_entries_year", "kind", "on"),
        Index("ix_record_entries_entered", "entered_at"),
    )

    record_id: Mapped[int] = mapped_column(ForeignKey("service_records.id"), index=True)
    kind: Mapped[EntryKind]
    on: Mapped[date]
    amount: Mapped[Money | None]
    rating: Mapped[int | None] = mapped_column(Integer)
    details: Mapped[Any] = mapped_column(CanonicalJson, default=dict)
    digest: Mapped[str] = mapped_column(default=_digest)
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
