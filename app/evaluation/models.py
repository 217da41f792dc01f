"""Schemes as versioned data, rounds that apply one to a year, and what was computed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, UniqueConstraint, exists, select
from sqlalchemy.orm import Mapped, column_property, declared_attr, mapped_column

from app.evaluation.rules.drafts import Validity
from app.evaluation.rules.states import RoundState
from app.infra.db import Base, PublicId
from app.infra.guards import AppendOnly, Guard, NeverChanged, RefuseWhere, attach
from app.infra.types import BigId, CanonicalJson
from app.kernel.money import Money
from app.ledger.rules.facts import EvidenceGrade
from app.ledger.rules.takings import Outcome


class Scheme(PublicId, Base):
    """评价方案: one published edition; never edited. `document` is what evaluation.rules reads."""

    __tablename__ = "schemes"
    __table_args__ = (UniqueConstraint("code", "edition"),)

    code: Mapped[str]
    edition: Mapped[int] = mapped_column(Integer)
    title: Mapped[str]
    title_en: Mapped[str]
    source: Mapped[str]
    suggested: Mapped[bool] = mapped_column(Boolean)  # 建议默认值，待区科委确认
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]  # none in editions published before schemes had an end
    published_on: Mapped[date]
    document: Mapped[Any] = mapped_column(CanonicalJson)
    digest: Mapped[str]

    @property
    def validity(self) -> Validity:
        return Validity(self.valid_from, self.valid_until)


class RoundAct(PublicId, Base):
    """One step in the life of a round: who took it, when and why. The state of a round is that of its last act."""

    __tablename__ = "round_acts"
    __table_args__ = (UniqueConstraint("round_id", "place"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    place: Mapped[int] = mapped_column(Integer)  # from 1
    state: Mapped[RoundState]
    at: Mapped[datetime]
    actor: Mapped[str]  # as the audit names it
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str]
    computation_id: Mapped[int | None] = mapped_column(ForeignKey("computations.id"))  # what became final


class Round(PublicId, Base):
    """评价年度: one scheme applied to one civil year of Shanghai; `trial` (试算) rounds never become final."""

    __tablename__ = "rounds"

    scheme_id: Mapped[int] = mapped_column(ForeignKey("schemes.id"), index=True)
    year: Mapped[int] = mapped_column(Integer, index=True)
    cut_off: Mapped[date]  # 到账截止日, the last day that counts
    trial: Mapped[bool] = mapped_column(Boolean)

    @declared_attr
    def state(cls) -> Mapped[RoundState]:
        last = select(RoundAct.state).where(RoundAct.round_id == cls.id).order_by(RoundAct.place.desc()).limit(1)
        return column_property(last.correlate_except(RoundAct).scalar_subquery())


class Computation(PublicId, Base):
    """One run of a round, with all it rested on besides the dated rows of the ledger: it can be computed again.

    The same input digest gives the same result digest, byte for byte.
    """

    __tablename__ = "computations"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    as_of: Mapped[datetime]
    records: Mapped[int] = mapped_column(Integer)
    form: Mapped[int] = mapped_column(Integer)  # of the digest: which facts it covers, and the rules of its time
    verdicts: Mapped[int] = mapped_column(Integer)  # rows stored with it; 0 in computations from before there were any
    input_digest: Mapped[str]
    result_digest: Mapped[str]
    basis: Mapped[Any] = mapped_column(CanonicalJson, deferred=True)  # what evaluation.rules.basis reads

    @declared_attr
    def final(cls) -> Mapped[bool]:
        """Whether a person has made its round final with it."""
        made = exists().where(RoundAct.computation_id == cls.id, RoundAct.state == RoundState.FINAL)
        return column_property(made.correlate_except(RoundAct))


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


class RecordVerdict(Base):
    """What a computation made of one record, for reading: those of a provisional one are replaced by the next.

    `reasons` and `papers` are codes as `|code|code|` (`rules.rows`); a reason is led by its measure.
    """

    __tablename__ = "record_verdicts"
    __table_args__ = (
        UniqueConstraint("computation_id", "record_key"),
        Index("ix_record_verdicts_rows", "computation_id", "unit_key", "ended_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    computation_id: Mapped[int] = mapped_column(ForeignKey("computations.id"))
    record_key: Mapped[str] = mapped_column(ForeignKey("service_records.public_id"), index=True)
    unit_key: Mapped[str]
    ended_at: Mapped[datetime]
    client_key: Mapped[str]
    charged: Mapped[Money]
    kept: Mapped[Money]  # received net of refunds, as minimum amounts and floors look at it
    evidence: Mapped[EvidenceGrade]
    paid_on: Mapped[date | None]
    rating: Mapped[int | None] = mapped_column(Integer)
    papers: Mapped[str]
    external: Mapped[bool] = mapped_column(Boolean)
    year: Mapped[int | None] = mapped_column(Integer)  # in which it counts
    counted_with: Mapped[str | None]  # key of the record that stands for a split order
    reasons: Mapped[str]
    count_counts: Mapped[bool] = mapped_column(Boolean)
    count_value: Mapped[int]
    income_counts: Mapped[bool] = mapped_column(Boolean)
    income_value: Mapped[int]  # fen
    clients_counts: Mapped[bool] = mapped_column(Boolean)
    clients_value: Mapped[int]
    hours_counts: Mapped[bool] = mapped_column(Boolean)
    hours_value: Mapped[int]  # minutes


STATE = "(SELECT a.state FROM round_acts a WHERE a.round_id = {} ORDER BY a.place DESC LIMIT 1)"
ONE_BY_ONE = "PERFORM 1 FROM rounds r WHERE r.id = NEW.round_id FOR NO KEY UPDATE;"
_ROUND_OF = "(SELECT c.round_id FROM computations c WHERE c.id = {}.computation_id)"
_FROZEN = f"coalesce({STATE}, 'closed') NOT IN ('open', 'provisional')"

ROUND_GUARDS: tuple[Guard, ...] = (
    NeverChanged("rounds", ("id", "public_id", "scheme_id", "year", "cut_off", "trial")),
    RefuseWhere(
        "rounds",
        "round_open_already",
        "EXISTS (SELECT 1 FROM rounds o WHERE o.scheme_id = NEW.scheme_id AND o.year = NEW.year "
        f"AND coalesce({STATE.format('o.id')}, 'open') <> 'closed')",
        first="PERFORM 1 FROM schemes s WHERE s.id = NEW.scheme_id FOR NO KEY UPDATE;",
    ),
    AppendOnly("round_acts"),
    RefuseWhere(
        "round_acts",
        "round_act_out_of_order",
        "NEW.place <> (SELECT count(*) + 1 FROM round_acts a WHERE a.round_id = NEW.round_id) "
        f"OR CASE coalesce({STATE.format('NEW.round_id')}, 'none') WHEN 'none' THEN NEW.state <> 'open' "
        "WHEN 'open' THEN NEW.state NOT IN ('provisional', 'closed') "
        "WHEN 'provisional' THEN NEW.state NOT IN ('final', 'closed') ELSE true END",
        first=ONE_BY_ONE,
    ),
    RefuseWhere(
        "round_acts",
        "round_final_by_a_person",
        "NEW.state = 'final' AND (NEW.user_id IS NULL OR (SELECT r.trial FROM rounds r WHERE r.id = NEW.round_id) "
        "OR NEW.computation_id IS NULL OR NEW.computation_id <> "
        "(SELECT max(c.id) FROM computations c WHERE c.round_id = NEW.round_id))",
    ),
    RefuseWhere(
        "computations",
        "round_computed_no_more",
        _FROZEN.format("NEW.round_id"),
        first=ONE_BY_ONE,
    ),
    RefuseWhere("results", "frozen_results", _FROZEN.format(_ROUND_OF.format("NEW"))),
    RefuseWhere("record_takings", "frozen_takings", _FROZEN.format("NEW.round_id")),
    RefuseWhere("record_verdicts", "frozen_verdicts_insert", _FROZEN.format(_ROUND_OF.format("NEW"))),
    RefuseWhere("record_verdicts", "frozen_verdicts_delete", _FROZEN.format(_ROUND_OF.format("OLD")), events="DELETE"),
    RefuseWhere("record_verdicts", "verdicts_unchanged", "NEW.id IS NOT NULL", events="UPDATE"),
)
"""From freezing on the database takes no computation, no row of one and no other state, whoever asks."""

attach(RecordTaking.__table__, AppendOnly("record_takings"))
attach(Scheme.__table__, AppendOnly("schemes"))
attach(Computation.__table__, AppendOnly("computations"))
attach(Result.__table__, AppendOnly("results"))
for _described in (Round, RoundAct, Computation, Result, RecordTaking, RecordVerdict):
    attach(_described.__table__, *(guard for guard in ROUND_GUARDS if guard.table == _described.__tablename__))
