"""Schemes as versioned data, rounds that apply one to a year, and what was computed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, PublicId, Versioned
from app.infra.guards import AppendOnly, attach
from app.infra.types import BigId, CanonicalJson
from app.kernel.money import Money
from app.ledger.rules.takings import Outcome


class RoundState(StrEnum):
    OPEN = "open"
    PROVISIONAL = "provisional"
    FINAL = "final"


class Scheme(PublicId, Base):
    """评价方案: one published version; never edited. `document` is what evaluation.rules reads."""

    __tablename__ = "schemes"
    __table_args__ = (UniqueConstraint("code", "edition"),)

    code: Mapped[str]
    edition: Mapped[int] = mapped_column(Integer)
    title: Mapped[str]
    title_en: Mapped[str]
    source: Mapped[str]
    suggested: Mapped[bool] = mapped_column(Boolean)  # 建议默认值，待区科委确认
    valid_from: Mapped[date]
    published_on: Mapped[date]
    document: Mapped[Any] = mapped_column(CanonicalJson)
    digest: Mapped[str] = mapped_column(unique=True)


class Round(PublicId, Versioned, Base):
    """评价年度: one scheme applied to one civil year of Shanghai."""

    __tablename__ = "rounds"
    __table_args__ = (UniqueConstraint("scheme_id", "year"),)

    scheme_id: Mapped[int] = mapped_column(ForeignKey("schemes.id"))
    year: Mapped[int] = mapped_column(Integer, index=True)
    cut_off: Mapped[date]  # 到账截止日, the last day that counts
    state: Mapped[RoundState] = mapped_column(default=RoundState.OPEN)


class Computation(PublicId, Base):
    """One run of a round, with all it rested on besides the dated rows of the ledger: it can be computed again.

    The same input digest gives the same result digest, byte for byte.
    """

    __tablename__ = "computations"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    as_of: Mapped[datetime]
    final: Mapped[bool] = mapped_column(Boolean)
    records: Mapped[int] = mapped_column(Integer)
    form: Mapped[int] = mapped_column(Integer)  # of the digest: which facts it covers, and the rules of its time
    input_digest: Mapped[str]
    result_digest: Mapped[str]
    basis: Mapped[Any] = mapped_column(CanonicalJson, deferred=True)  # what evaluation.rules.basis reads


class Result(PublicId, Base):
    """One assessed unit in one computation."""

    __tablename__ = "results"
    __table_args__ = (UniqueConstraint("computation_id", "unit_key"),)

    computation_id: Mapped[int] = mapped_column(ForeignKey("computations.id"))
    unit_key: Mapped[str]  # public id of the evaluation unit, or of the organisation
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    evaluation_unit_id: Mapped[int | None] = mapped_column(ForeignKey("evaluation_units.id"))
    group: Mapped[str]
    assessable: Mapped[bool] = mapped_column(Boolean)
    parts: Mapped[Any] = mapped_column(CanonicalJson)  # per indicator: value, target, points
    score: Mapped[Decimal | None]
    grade: Mapped[str | None]
    rank: Mapped[int | None] = mapped_column(Integer)


class RecordTaking(Base):
    """What a final round took of one record, once and for good: per measure, before ceilings and distinctness.

    Later rounds of the same beneficiary take what the record is worth then minus all of this.
    """

    __tablename__ = "record_takings"
    __table_args__ = (UniqueConstraint("round_id", "record_key"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    record_key: Mapped[str] = mapped_column(ForeignKey("service_records.public_id"), index=True)
    count: Mapped[int] = mapped_column(Integer)
    income: Mapped[Money]
    clients: Mapped[int] = mapped_column(Integer)
    hours: Mapped[int] = mapped_column(Integer)  # whole minutes
    outcome: Mapped[Outcome]
    as_of: Mapped[datetime]  # of the last final round that read the record
    judged_by_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))  # the first one: its counting rules stay
    late: Mapped[bool] = mapped_column(Boolean)  # entered when its service year was final


attach(RecordTaking.__table__, AppendOnly("record_takings"))
attach(Scheme.__table__, AppendOnly("schemes"))
attach(Computation.__table__, AppendOnly("computations"))
attach(Result.__table__, AppendOnly("results"))
