"""What final rounds took; entries with details by kind; how far a use reaches; who controls whom.

Rounds that are final already are computed again by the rules of their time, and what they took is stored;
where one does not come out as it was written the upgrade stops and names it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy import column, select, table

from app.evaluation.rules.form1.exclusions import counting_rules
from app.evaluation.rules.form1.rows import Basis, facts_of, read_basis
from app.evaluation.rules.form1.scores import Result, compute
from app.evaluation.rules.schemes import read_scheme
from app.evaluation.rules.taking import first_taking
from app.infra import guards, types
from app.infra.guards import AppendOnly
from app.infra.migrations import rebuilt
from app.kernel import canonical, civil
from app.kernel.money import Money
from app.ledger.rules.exclusions import Measure

revision = "0014_takings"
down_revision = "0013_secrets"
branch_labels = None
depends_on = None

AT_ONCE = 1000
FEW = ("confirmed", "tacitly-confirmed", "invoiced", "received", "refunded")
ALL = (*FEW, "adjusted", "voucher-deducted", "voucher-afterwards", "voucher-void")
CHANGED = (AppendOnly("record_entries"), AppendOnly("service_records"), AppendOnly("computations"))
TAKINGS = (AppendOnly("record_takings"),)

RECORDS = table(
    "service_records",
    *(column(name) for name in ("id", "public_id", "import_run_id", "booking_id", "provider_id", "client_id")),
    *(column(name) for name in ("instrument_id", "evaluation_unit_id", "intermediary_id", "purpose", "order_number")),
    *(column(name, types.UtcTime()) for name in ("starts_at", "ends_at", "entered_at", "linked_until")),
    *(column(name, sa.BigInteger) for name in ("charged", "posted", "effective_minutes")),
    column("internal", sa.Boolean),
    column("evidence"),
)
ENTRIES = table(
    "record_entries",
    *(column(name) for name in ("id", "record_id", "kind", "rating", "user_id", "digest")),
    column("on", sa.Date),
    column("amount", sa.BigInteger),
    column("details", types.CanonicalJson()),
    column("entered_at", types.UtcTime()),
)
BOOKINGS = table("bookings", column("id"), column("quoted", sa.BigInteger), column("provider_id"))
SESSIONS = table("usage_sessions", column("booking_id"), column("started_by_id"), column("ended_by_id"))
MEMBERSHIPS = table(
    "memberships",
    *(column(name) for name in ("user_id", "organisation_id")),
    *(column(name, sa.Date) for name in ("starts_on", "ends_on")),
)
RUNS = table("import_runs", column("id"), column("state"), column("completed_at", types.UtcTime()))
CHECKS = table("history_checks", column("import_run_id"), column("step"), column("at", types.UtcTime()))
INSTRUMENTS = table("instruments", column("id"), column("public_id"))
UNITS = table("evaluation_units", column("id"), column("public_id"))
COMPUTATIONS = table(
    "computations",
    *(column(name) for name in ("id", "public_id", "round_id", "input_digest", "result_digest", "form")),
    column("as_of", types.UtcTime()),
    column("final", sa.Boolean),
    column("basis", types.CanonicalJson()),
)
ROUNDS = table("rounds", *(column(name) for name in ("id", "public_id", "scheme_id", "year")))
SCHEMES = table(
    "schemes", *(column(name) for name in ("id", "code", "edition")), column("document", types.CanonicalJson())
)
TAKEN = table(
    "record_takings",
    *(column(name) for name in ("round_id", "record_key", "count", "clients", "hours", "outcome", "judged_by_id")),
    column("income", types.Fen()),
    column("as_of", types.UtcTime()),
    column("late", sa.Boolean),
)


def upgrade() -> None:
    guards.remove(op, CHANGED)
    with rebuilt(op, "record_entries") as batch:
        batch.alter_column("kind", existing_type=_kinds(FEW), type_=_kinds(ALL))
        batch.add_column(sa.Column("details", types.CanonicalJson(), nullable=False, server_default="{}"))
        batch.add_column(sa.Column("digest", types.CleanText(), nullable=False, server_default=""))
    with rebuilt(op, "service_records") as batch:
        batch.add_column(sa.Column("linked_until", types.UtcTime(), nullable=True))
        batch.add_column(sa.Column("posted", sa.BigInteger(), nullable=True))
        if op.get_bind().dialect.name == "sqlite":
            whole = "posted IS NULL OR typeof(posted) = 'integer'"
            batch.create_check_constraint(op.f("ck_service_records_posted_whole"), whole)
    op.add_column("computations", sa.Column("form", sa.Integer(), nullable=False, server_default="1"))
    _fill()
    with rebuilt(op, "record_entries") as batch:
        batch.alter_column("details", server_default=None)
        batch.alter_column("digest", server_default=None)
    with rebuilt(op, "service_records") as batch:
        batch.alter_column("linked_until", nullable=False)
    with rebuilt(op, "computations") as batch:
        batch.alter_column("form", server_default=None)
    op.drop_index("ix_service_records_instrument_id", table_name="service_records")
    op.create_index("ix_service_records_job", "service_records", ["instrument_id", "user_id", "ends_at"])
    op.create_index("ix_service_records_order", "service_records", ["order_number"])
    op.create_index("ix_record_entries_entered", "record_entries", ["entered_at"])
    guards.install(op, CHANGED)
    _marks_and_relations()
    _takings()


def downgrade() -> None:
    connection = op.get_bind()
    newer = connection.scalar(select(sa.func.count()).select_from(COMPUTATIONS).where(COMPUTATIONS.c.form > 1))
    if newer:
        raise RuntimeError(f"{newer} computations follow rules that the schema before does not know")
    op.drop_table("record_takings")
    with rebuilt(op, "related_parties") as batch:
        batch.drop_constraint(op.f("ck_related_parties_controller"), type_="check")
        batch.drop_constraint("fk_related_parties_controller_id", type_="foreignkey")
        batch.drop_column("controller_id")
    with rebuilt(op, "charge_marks") as batch:
        batch.drop_constraint(op.f("ck_charge_marks_markreason"), type_="check")
        batch.drop_column("why")
        batch.drop_column("reason")
    guards.remove(op, CHANGED)
    op.drop_index("ix_record_entries_entered", table_name="record_entries")
    op.drop_index("ix_service_records_order", table_name="service_records")
    op.drop_index("ix_service_records_job", table_name="service_records")
    op.create_index("ix_service_records_instrument_id", "service_records", ["instrument_id"])
    with rebuilt(op, "computations") as batch:
        batch.drop_column("form")
    with rebuilt(op, "service_records") as batch:
        if op.get_bind().dialect.name == "sqlite":
            batch.drop_constraint(op.f("ck_service_records_posted_whole"), type_="check")
        batch.drop_column("linked_until")
        batch.drop_column("posted")
    with rebuilt(op, "record_entries") as batch:
        batch.alter_column("kind", existing_type=_kinds(ALL), type_=_kinds(FEW))
        batch.drop_column("details")
        batch.drop_column("digest")
    guards.install(op, CHANGED)


def _kinds(names: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*names, name="entrykind", native_enum=False, create_constraint=True, length=40)


def _marks_and_relations() -> None:
    reasons = sa.Enum(
        "before-service", "after-the-fact", name="markreason", native_enum=False, create_constraint=True, length=40
    )
    with rebuilt(op, "charge_marks") as batch:
        batch.add_column(sa.Column("why", reasons, nullable=True))
        batch.add_column(sa.Column("reason", types.CleanText(), nullable=False, server_default=""))
    with rebuilt(op, "charge_marks") as batch:
        batch.alter_column("reason", server_default=None)
    with rebuilt(op, "related_parties") as batch:
        batch.add_column(sa.Column("controller_id", types.BigId, nullable=True))
        batch.create_foreign_key("fk_related_parties_controller_id", "organisations", ["controller_id"], ["id"])
        batch.create_check_constraint(
            op.f("ck_related_parties_controller"), "controller_id IS NULL OR controller_id IN (one_id, other_id)"
        )


def _fill() -> None:
    """How far each use reached – to the end of the next day –, its quote, and who stood behind each confirmation."""
    connection = op.get_bind()
    quoted = {row.id: row.quoted for row in connection.execute(select(BOOKINGS.c.id, BOOKINGS.c.quoted))}
    wanted = select(RECORDS.c.id, RECORDS.c.booking_id, RECORDS.c.ends_at)
    for row in connection.execute(wanted).all():
        reach = civil.at(civil.civil_day(row.ends_at) + timedelta(days=2))
        values = {"linked_until": reach, "posted": quoted.get(row.booking_id)}
        connection.execute(RECORDS.update().where(RECORDS.c.id == row.id).values(**values))
    both = _witnessed(connection)
    for row in connection.execute(select(ENTRIES)).all():
        details = {"witness": both[row.id]} if row.id in both else {}
        digest = canonical.digest(
            {
                "kind": row.kind,
                "on": row.on,
                "amount": row.amount,
                "rating": row.rating,
                "entered_at": row.entered_at,
                "details": details,
            }
        )
        connection.execute(ENTRIES.update().where(ENTRIES.c.id == row.id).values(details=details, digest=digest))


def _witnessed(connection: sa.Connection) -> Mapping[int, str]:
    """For each confirmation of a booked use: did somebody of the provider record it and somebody else confirm it?"""
    members = defaultdict(list)
    for row in connection.execute(select(MEMBERSHIPS)):
        members[row.user_id, row.organisation_id].append((row.starts_on, row.ends_on))
    confirmed = (
        select(ENTRIES.c.id, ENTRIES.c.user_id, ENTRIES.c.on, RECORDS.c.provider_id, SESSIONS)
        .join(RECORDS, RECORDS.c.id == ENTRIES.c.record_id)
        .join(SESSIONS, SESSIONS.c.booking_id == RECORDS.c.booking_id)
        .where(ENTRIES.c.kind == "confirmed")
    )

    def inside(user: int, provider: int, day: date) -> bool:
        return any(since <= day and (end is None or day < end) for since, end in members.get((user, provider), ()))

    found = {}
    for row in connection.execute(confirmed):
        people = {row.started_by_id, row.ended_by_id} - {row.user_id, None}
        recorded = any(inside(person, row.provider_id, row.on) for person in people)
        near = inside(row.user_id, row.provider_id, row.on)
        found[row.id] = "provider-alone" if near else "both" if recorded else "client-alone"
    return found


def _takings() -> None:
    outcomes = ("counted", "waiting", "pending", "excluded")
    op.create_table(
        "record_takings",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("round_id", types.BigId, nullable=False),
        sa.Column("record_key", types.CleanText(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("income", types.Fen(), nullable=False),
        sa.Column("clients", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(*outcomes, name="outcome", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("as_of", types.UtcTime(), nullable=False),
        sa.Column("judged_by_id", types.BigId, nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_record_takings_round_id")),
        sa.ForeignKeyConstraint(
            ["record_key"], ["service_records.public_id"], name=op.f("fk_record_takings_record_key")
        ),
        sa.ForeignKeyConstraint(["judged_by_id"], ["rounds.id"], name=op.f("fk_record_takings_judged_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_takings")),
        sa.UniqueConstraint("round_id", "record_key", name=op.f("uq_record_takings_round_id_record_key")),
    )
    op.create_index(op.f("ix_record_takings_record_key"), "record_takings", ["record_key"], unique=False)
    _fill_takings()
    guards.install(op, TAKINGS)


def _fill_takings() -> None:
    connection = op.get_bind()
    final = (
        select(
            COMPUTATIONS, ROUNDS.c.public_id.label("round"), ROUNDS.c.year, SCHEMES.c.code, SCHEMES.c.edition,
            SCHEMES.c.document,
        )
        .join(ROUNDS, ROUNDS.c.id == COMPUTATIONS.c.round_id)
        .join(SCHEMES, SCHEMES.c.id == ROUNDS.c.scheme_id)
        .where(COMPUTATIONS.c.final)
        .order_by(COMPUTATIONS.c.as_of, COMPUTATIONS.c.id)
    )  # fmt: skip
    wrong = []
    for row in connection.execute(final).all():
        again = _computed_again(connection, row)
        if (again.input_digest, again.result_digest) != (row.input_digest, row.result_digest):
            wrong.append(f"scheme {row.code} edition {row.edition}, year {row.year}, computation {row.public_id}")
        _write(connection, row, again)
    if wrong:
        raise RuntimeError(f"these final rounds do not come out as they were written: {'; '.join(wrong)}")


def _write(connection: sa.Connection, row: Any, again: Result) -> None:
    takings = [first_taking(one, row.round, row.as_of) for one in again.judged]
    values = [
        {
            "round_id": row.round_id,
            "record_key": one.record,
            "count": one.values[Measure.COUNT],
            "income": Money(one.values[Measure.INCOME]),
            "clients": one.values[Measure.CLIENTS],
            "hours": one.values[Measure.HOURS],
            "outcome": one.outcome.value,
            "as_of": one.as_of,
            "judged_by_id": row.round_id,
            "late": False,
        }
        for one in takings
    ]
    for start in range(0, len(values), AT_ONCE):
        connection.execute(TAKEN.insert(), values[start : start + AT_ONCE])


def _computed_again(connection: sa.Connection, row: Any) -> Result:
    basis = read_basis(row.basis)
    scheme = read_scheme(row.document)
    records = _facts(connection, row, basis)
    counting = counting_rules(row.document["counting"])
    return compute(scheme, counting, row.document, basis.units, records, year=row.year, cut_offs=basis.cut_offs)


def _facts(connection: sa.Connection, row: Any, basis: Basis) -> Iterator[Any]:
    checks = select(CHECKS.c.import_run_id, CHECKS.c.step).where(CHECKS.c.at <= row.as_of)
    taken = frozenset((run, step) for run, step in connection.execute(checks))
    wanted = _wanted(row)
    entries = defaultdict(list)
    found = (
        select(ENTRIES.c.record_id, ENTRIES.c.kind, ENTRIES.c.on, ENTRIES.c.amount.label("fen"), ENTRIES.c.rating)
        .join(RECORDS, RECORDS.c.id == ENTRIES.c.record_id)
        .where(wanted, ENTRIES.c.entered_at <= row.as_of)
        .order_by(ENTRIES.c.record_id, ENTRIES.c.on, ENTRIES.c.entered_at, ENTRIES.c.id)
    )
    for entry in connection.execute(found):
        entries[entry.record_id].append(entry)
    records = (
        select(
            RECORDS, INSTRUMENTS.c.public_id.label("instrument"),
            UNITS.c.public_id.label("unit"),
        )
        .join(INSTRUMENTS, INSTRUMENTS.c.id == RECORDS.c.instrument_id)
        .outerjoin(UNITS, UNITS.c.id == RECORDS.c.evaluation_unit_id)
        .where(wanted)
        .order_by(RECORDS.c.ends_at, RECORDS.c.id)
    )  # fmt: skip
    for _end, together in groupby(connection.execute(records).all(), key=lambda one: one.ends_at):
        for one in sorted(together, key=lambda found: str(found.public_id)):
            yield facts_of(one, entries[one.id], basis, taken)


def _wanted(row: Any) -> Any:
    ends = civil.year(row.year)
    moved = select(ENTRIES.c.record_id).where(
        ENTRIES.c.kind.in_(["received", "refunded"]),
        ENTRIES.c.on.between(date(row.year, 1, 1), date(row.year, 12, 31)),
    )
    complete = select(RUNS.c.id).where(RUNS.c.state == "complete", RUNS.c.completed_at <= row.as_of)
    served = sa.and_(RECORDS.c.ends_at >= ends.start, RECORDS.c.ends_at < ends.end)
    arrived = sa.or_(RECORDS.c.import_run_id.is_(None), RECORDS.c.import_run_id.in_(complete))
    return sa.and_(sa.or_(served, RECORDS.c.id.in_(moved)), RECORDS.c.entered_at <= row.as_of, arrived)
