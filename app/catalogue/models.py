"""Instruments and facilities as the national platform describes them, with their calendars and opening hours."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.catalogue.rules.words import Origin, ShareMode
from app.infra.db import Base, PublicId, Versioned
from app.infra.guards import NeverChanged, attach
from app.infra.types import BigId, CanonicalJson
from app.kernel.money import Money


class AssetKind(StrEnum):
    INSTRUMENT = "instrument"
    FACILITY = "facility"


class InstrumentState(StrEnum):
    """`hidden` rows belong to an import that is not complete; nobody sees them."""

    HIDDEN = "hidden"
    DRAFT = "draft"
    LISTED = "listed"
    SUSPENDED = "suspended"
    RETIRED = "retired"


class ServiceMode(StrEnum):
    """serviceWay of the national platform: 占用, 技术, 委托, 远程, 其他."""

    SELF_OPERATED = "self-operated"
    ASSISTED = "assisted"
    COMMISSIONED = "commissioned"
    REMOTE = "remote"
    OTHER = "other"


class Calendar(Base):
    """What occupations lie on; locked before anybody looks for free time on it."""

    __tablename__ = "calendars"
    __table_args__ = (CheckConstraint("places >= 1", "places"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    places: Mapped[int] = mapped_column(Integer, default=1)


class InstrumentClass(Base):
    """One row of the replaceable classification table; two, four or six digits kept as text."""

    __tablename__ = "instrument_classes"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_en: Mapped[str]
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("instrument_classes.code"), index=True)


class PriorityField(Base):
    """A field that Art. 2 of the measures gives priority; `future` marks 未来产业."""

    __tablename__ = "priority_fields"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_en: Mapped[str]
    future: Mapped[bool] = mapped_column(Boolean)


_WHERE_COMPOSITE: dict[str, Any] = {"sqlite_where": text("is_composite"), "postgresql_where": text("is_composite")}


class Instrument(PublicId, Versioned, Base):
    """One instrument or facility. Lengths and lists follow the national platform's fields (domain.md §6)."""

    __tablename__ = "instruments"
    __table_args__ = (
        UniqueConstraint("provider_id", "inner_id"),
        Index("ix_instruments_public", "state", "share_mode", "sort_key"),
        CheckConstraint("grid_minutes > 0 AND min_minutes > 0 AND max_minutes >= min_minutes", "lengths"),
        CheckConstraint("lead_minutes >= 0 AND horizon_days > 0 AND cancel_hours >= 0", "horizon"),
        CheckConstraint("buffer_before_minutes >= 0 AND buffer_after_minutes >= 0", "buffers"),
        UniqueConstraint("calendar_id", "component_place"),
        Index("ix_instruments_composite", "calendar_id", unique=True, **_WHERE_COMPOSITE),
        CheckConstraint("component_place IS NULL OR (component_place >= 1 AND NOT is_composite)", "component_place"),
        CheckConstraint("NOT customs_supervised OR length(customs_declaration) = 18", "customs"),
        # A unit of the same body: nothing is ever scored under another's.
        ForeignKeyConstraint(
            ["evaluation_unit_id", "provider_id"], ["evaluation_units.id", "evaluation_units.organisation_id"]
        ),
    )

    provider_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    evaluation_unit_id: Mapped[int | None]
    owning_unit: Mapped[str] = mapped_column(default="")  # insideDepart
    asset_kind: Mapped[AssetKind] = mapped_column(default=AssetKind.INSTRUMENT)
    state: Mapped[InstrumentState] = mapped_column(default=InstrumentState.DRAFT)
    share_mode: Mapped[ShareMode] = mapped_column(default=ShareMode.EXTERNAL)
    inner_id: Mapped[str]
    national_number: Mapped[str] = mapped_column(default="")
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    sort_key: Mapped[str]
    search_text: Mapped[str] = mapped_column(Text, default="")  # rules.search.bigrams; its outer spaces matter
    class_code: Mapped[str | None] = mapped_column(ForeignKey("instrument_classes.code"), index=True)
    special: Mapped[bool] = mapped_column(Boolean, default=False)  # 专用; otherwise 通用
    origin: Mapped[Origin] = mapped_column(default=Origin.PURCHASED)
    original_value: Mapped[Money | None]
    funds: Mapped[str] = mapped_column(default="")
    nation: Mapped[str] = mapped_column(default="")
    maker: Mapped[str] = mapped_column(default="")
    model: Mapped[str] = mapped_column(default="")
    began_on: Mapped[date | None]
    modes: Mapped[Any] = mapped_column(CanonicalJson, default=list)  # values of ServiceMode
    fields: Mapped[Any] = mapped_column(CanonicalJson, default=list)  # codes of PriorityField
    subjects: Mapped[Any] = mapped_column(CanonicalJson, default=list)
    technical: Mapped[str] = mapped_column(default="")
    functions: Mapped[str] = mapped_column(default="")
    service_content: Mapped[str] = mapped_column(default="")
    achievements: Mapped[str] = mapped_column(default="")
    requirements: Mapped[str] = mapped_column(default="")
    fee_text: Mapped[str] = mapped_column(default="")
    service_url: Mapped[str] = mapped_column(default="")
    town: Mapped[str] = mapped_column(default="", index=True)
    address: Mapped[str] = mapped_column(default="")
    postcode: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    image_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    customs_supervised: Mapped[bool] = mapped_column(Boolean, default=False)
    customs_declaration: Mapped[str] = mapped_column(default="")
    customs_item: Mapped[str] = mapped_column(default="")
    customs_name: Mapped[str] = mapped_column(default="")
    customs_released_on: Mapped[date | None]

    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendars.id"), index=True)
    places: Mapped[int] = mapped_column(Integer, default=1)
    component_place: Mapped[int | None] = mapped_column(Integer)  # its place on a composite's calendar
    is_composite: Mapped[bool] = mapped_column(Boolean, default=False)  # has components: a booking takes every place

    # Booking rules; minutes unless the name says otherwise.
    grid_minutes: Mapped[int] = mapped_column(Integer, default=30)
    min_minutes: Mapped[int] = mapped_column(Integer, default=30)
    max_minutes: Mapped[int] = mapped_column(Integer, default=1440)
    lead_minutes: Mapped[int] = mapped_column(Integer, default=0)
    horizon_days: Mapped[int] = mapped_column(Integer, default=60)
    cancel_hours: Mapped[int] = mapped_column(Integer, default=24)
    early_start_minutes: Mapped[int] = mapped_column(Integer, default=15)
    late_start_minutes: Mapped[int] = mapped_column(Integer, default=30)
    buffer_before_minutes: Mapped[int] = mapped_column(Integer, default=0)
    buffer_after_minutes: Mapped[int] = mapped_column(Integer, default=0)
    needs_approval: Mapped[bool] = mapped_column(Boolean, default=False)
    pending_blocks: Mapped[bool] = mapped_column(Boolean, default=False)
    closed_on_holidays: Mapped[bool] = mapped_column(Boolean, default=True)

    import_run_id: Mapped[int | None] = mapped_column(ForeignKey("import_runs.id"), index=True)
    created_at: Mapped[datetime]


class OpeningSpan(Base):
    """Opening hours: minutes of the Shanghai day; a span past midnight ends above 1440. Weekday 0 is Monday."""

    __tablename__ = "opening_spans"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", "weekday"),
        CheckConstraint("opens >= 0 AND opens < 1440 AND closes > opens AND closes <= 2880", "span"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instruments.id"), index=True)
    weekday: Mapped[int] = mapped_column(Integer)
    opens: Mapped[int] = mapped_column(Integer)
    closes: Mapped[int] = mapped_column(Integer)


class OpeningException(Base):
    """One day of one instrument that differs from the week; without hours it is closed."""

    __tablename__ = "opening_exceptions"
    __table_args__ = (
        UniqueConstraint("instrument_id", "day", "opens"),
        CheckConstraint("(opens IS NULL AND closes IS NULL) OR (opens >= 0 AND closes > opens)", "span"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instruments.id"))
    day: Mapped[date]
    opens: Mapped[int | None] = mapped_column(Integer)
    closes: Mapped[int | None] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(default="")


class PublicHoliday(Base):
    """A day named by the State Council's notice: off, or a weekend day that is worked (调休)."""

    __tablename__ = "public_holidays"

    day: Mapped[date] = mapped_column(primary_key=True)
    off: Mapped[bool] = mapped_column(Boolean)
    name: Mapped[str]


class InstrumentManager(Base):
    """仪器管理员 of one instrument."""

    __tablename__ = "instrument_managers"
    __table_args__ = (UniqueConstraint("instrument_id", "user_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instruments.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)


class ImportKind(StrEnum):
    INSTRUMENTS = "instruments"
    HISTORY = "history"


class ImportState(StrEnum):
    UPLOADED = "uploaded"
    CHECKING = "checking"
    CHECKED = "checked"
    APPLYING = "applying"
    COMPLETE = "complete"


class RowVerdict(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REPEAT = "repeat"
    REFUSED = "refused"


class ImportRun(PublicId, Versioned, Base):
    """One uploaded table on its way in: mapping, preview, verdict per row, then all or nothing."""

    __tablename__ = "import_runs"

    kind: Mapped[ImportKind]
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id"))
    state: Mapped[ImportState] = mapped_column(default=ImportState.UPLOADED)
    encoding: Mapped[str]
    columns: Mapped[Any] = mapped_column(CanonicalJson)
    mapping: Mapped[Any] = mapped_column(CanonicalJson)
    report: Mapped[Any] = mapped_column(CanonicalJson, nullable=True)
    created_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]


class ImportRow(Base):
    """One staged line of the table, with what would come of it."""

    __tablename__ = "import_rows"
    __table_args__ = (UniqueConstraint("run_id", "line"), Index("ix_import_rows_verdict", "run_id", "verdict"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_runs.id"))
    line: Mapped[int] = mapped_column(Integer)
    row_key: Mapped[str]
    cells: Mapped[Any] = mapped_column(CanonicalJson)
    verdict: Mapped[RowVerdict]
    draft: Mapped[bool] = mapped_column(Boolean, default=False)  # comes in, but not on show: something must be asked
    faults: Mapped[Any] = mapped_column(CanonicalJson)


attach(Instrument.__table__, NeverChanged("instruments", ("provider_id", "public_id")))
