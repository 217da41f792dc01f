"""The state of a round is a list of acts; verdicts are stored with their computation; schemes have an end."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.infra import guards, types
from app.infra.guards import AppendOnly, NeverChanged, RefuseWhere
from app.infra.migrations import rebuilt
from app.kernel.ids import new_public_id

revision = "0015_round_acts"
down_revision = "0014_takings"
branch_labels = None
depends_on = None

STATES = ("open", "provisional", "final", "closed")
STATE = "(SELECT a.state FROM round_acts a WHERE a.round_id = {} ORDER BY a.place DESC LIMIT 1)"
ONE_BY_ONE = "PERFORM 1 FROM rounds r WHERE r.id = NEW.round_id FOR NO KEY UPDATE;"
ROUND_OF = "(SELECT c.round_id FROM computations c WHERE c.id = {}.computation_id)"

GUARDS = (
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
        f"coalesce({STATE.format('NEW.round_id')}, 'closed') NOT IN ('open', 'provisional')",
        first=ONE_BY_ONE,
    ),
    RefuseWhere(
        "results",
        "frozen_results",
        f"coalesce({STATE.format(ROUND_OF.format('NEW'))}, 'closed') NOT IN ('open', 'provisional')",
    ),
    RefuseWhere(
        "record_takings",
        "frozen_takings",
        f"coalesce({STATE.format('NEW.round_id')}, 'closed') NOT IN ('open', 'provisional')",
    ),
    RefuseWhere(
        "record_verdicts",
        "frozen_verdicts_insert",
        f"coalesce({STATE.format(ROUND_OF.format('NEW'))}, 'closed') NOT IN ('open', 'provisional')",
    ),
    RefuseWhere(
        "record_verdicts",
        "frozen_verdicts_delete",
        f"coalesce({STATE.format(ROUND_OF.format('OLD'))}, 'closed') NOT IN ('open', 'provisional')",
        events="DELETE",
    ),
    RefuseWhere("record_verdicts", "verdicts_unchanged", "NEW.id IS NOT NULL", events="UPDATE"),
)
GRADES = ("interlock", "scan", "both-parties", "campus-system", "imported", "manual")
MEASURES = ("count", "income", "clients", "hours")


def upgrade() -> None:
    _schemes_with_an_end()
    op.create_table(
        "round_acts",
        sa.Column("round_id", types.BigId, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="roundstate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.Column("actor", types.CleanText(), nullable=False),
        sa.Column("user_id", types.BigId, nullable=True),
        sa.Column("reason", types.CleanText(), nullable=False),
        sa.Column("computation_id", types.BigId, nullable=True),
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("public_id", types.CleanText(length=36), nullable=False),
        sa.ForeignKeyConstraint(["computation_id"], ["computations.id"], name=op.f("fk_round_acts_computation_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_round_acts_round_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_round_acts_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_acts")),
        sa.UniqueConstraint("public_id", name=op.f("uq_round_acts_public_id")),
        sa.UniqueConstraint("round_id", "place", name=op.f("uq_round_acts_round_id_place")),
    )
    _fill_acts(op.get_bind())
    with rebuilt(op, "rounds") as batch:
        batch.drop_constraint("uq_rounds_scheme_id_year", type_="unique")
        batch.drop_constraint(op.f("ck_rounds_roundstate"), type_="check")
        batch.drop_column("state")
        batch.drop_column("version")
        batch.add_column(sa.Column("trial", sa.Boolean(), nullable=False, server_default=sa.false()))
    _mark_trials(op.get_bind())
    with rebuilt(op, "rounds") as batch:
        batch.alter_column("trial", server_default=None)
    op.create_index(op.f("ix_rounds_scheme_id"), "rounds", ["scheme_id"])
    with rebuilt(op, "computations") as batch:
        batch.drop_column("final")
        batch.add_column(sa.Column("verdicts", sa.Integer(), nullable=False, server_default="0"))
    with rebuilt(op, "computations") as batch:
        batch.alter_column("verdicts", server_default=None)
    _create_verdicts()
    guards.install(op, GUARDS)


def _create_verdicts() -> None:
    counts = (sa.Column(f"{measure}_counts", sa.Boolean(), nullable=False) for measure in MEASURES)
    values = (sa.Column(f"{measure}_value", types.BigId, nullable=False) for measure in MEASURES)
    evidence = sa.Enum(*GRADES, name="evidencegrade", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "record_verdicts",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("computation_id", types.BigId, nullable=False),
        sa.Column("record_key", types.CleanText(length=36), nullable=False),
        sa.Column("unit_key", types.CleanText(), nullable=False),
        sa.Column("ended_at", types.UtcTime(), nullable=False),
        sa.Column("client_key", types.CleanText(), nullable=False),
        sa.Column("charged", types.Fen(), nullable=False),
        sa.Column("kept", types.Fen(), nullable=False),
        sa.Column("evidence", evidence, nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("papers", types.CleanText(), nullable=False),
        sa.Column("external", sa.Boolean(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("counted_with", types.CleanText(), nullable=True),
        sa.Column("reasons", types.CleanText(), nullable=False),
        *counts,
        *values,
        sa.ForeignKeyConstraint(
            ["computation_id"], ["computations.id"], name=op.f("fk_record_verdicts_computation_id")
        ),
        sa.ForeignKeyConstraint(
            ["record_key"], ["service_records.public_id"], name=op.f("fk_record_verdicts_record_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_verdicts")),
        sa.UniqueConstraint("computation_id", "record_key", name=op.f("uq_record_verdicts_computation_id_record_key")),
    )
    op.create_index("ix_record_verdicts_rows", "record_verdicts", ["computation_id", "unit_key", "ended_at", "id"])
    op.create_index(op.f("ix_record_verdicts_record_key"), "record_verdicts", ["record_key"])


def _schemes_with_an_end() -> None:
    """Editions from before keep an open end; the same document may be published again."""
    with rebuilt(op, "schemes") as batch:
        batch.drop_constraint("uq_schemes_digest", type_="unique")
        batch.add_column(sa.Column("valid_until", sa.Date(), nullable=True))


def _fill_acts(connection: sa.Connection) -> None:
    """As the audit tells it; what the clock made final before stays final with the computation that did."""
    for row in connection.execute(sa.text("SELECT id, public_id, state FROM rounds ORDER BY id")).all():
        opened = _audited(connection, row.public_id, "round.opened")
        computed = connection.execute(
            sa.text("SELECT id, as_of, final FROM computations WHERE round_id = :id ORDER BY id").columns(
                as_of=types.UtcTime()
            ),
            {"id": row.id},
        ).all()
        first = opened[0] if opened else computed[0].as_of if computed else datetime.now(UTC).replace(microsecond=0)
        acts = [(first, opened[1] if opened else "system:migration", "open", None)]
        if row.state != "open":
            last = computed[-1]
            acts.append((last.as_of, "system:job:compute-rounds", "provisional", None))
            if row.state == "final":
                acts.append((last.as_of, "system:job:compute-rounds", "final", last.id))
        _insert_acts(connection, row.id, acts)


def _audited(connection: sa.Connection, public_id: str, action: str) -> tuple[datetime, str] | None:
    found = connection.execute(
        sa.text(
            "SELECT at, actor FROM audit_entries WHERE subject_kind = 'rounds' AND subject_id = :id "
            "AND action = :action ORDER BY id LIMIT 1"
        ).columns(at=types.UtcTime()),
        {"id": public_id, "action": action},
    ).first()
    return (found.at, found.actor) if found else None


def _insert_acts(connection: sa.Connection, round_id: int, acts: list[tuple[datetime, str, str, Any]]) -> None:
    columns = {"at": types.UtcTime(), **dict.fromkeys(("public_id", "round_id", "place", "actor", "state"))}
    table = sa.table("round_acts", *(sa.column(n, t) if t else sa.column(n) for n, t in columns.items()),
                     sa.column("reason"), sa.column("computation_id"))  # fmt: skip
    for place, (at, actor, state, computation) in enumerate(acts, start=1):
        values = {"round_id": round_id, "place": place, "at": at, "actor": actor, "state": state, "reason": ""}
        values |= {"computation_id": computation, "public_id": new_public_id()}
        connection.execute(table.insert().values(**values))


def _mark_trials(connection: sa.Connection) -> None:
    """Running rounds of years that their scheme does not cover; those final already stay what they are."""
    rows = connection.execute(
        sa.text(
            "SELECT r.id, r.year, s.valid_from, (SELECT a.state FROM round_acts a WHERE a.round_id = r.id "
            "ORDER BY a.place DESC LIMIT 1) AS state FROM rounds r JOIN schemes s ON s.id = r.scheme_id"
        ).columns(valid_from=sa.Date())
    )
    for row in rows.all():
        if row.state != "final" and date(row.year, 12, 31) < row.valid_from:
            connection.execute(sa.text("UPDATE rounds SET trial = true WHERE id = :id"), {"id": row.id})


def downgrade() -> None:
    guards.remove(op, GUARDS)
    op.drop_table("record_verdicts")
    with rebuilt(op, "computations") as batch:
        batch.drop_column("verdicts")
        batch.add_column(sa.Column("final", sa.Boolean(), nullable=False, server_default=sa.false()))
    guards.remove(op, (AppendOnly("computations"),))
    op.execute(
        "UPDATE computations SET final = true WHERE id IN (SELECT computation_id FROM round_acts WHERE state = 'final')"
    )
    with rebuilt(op, "computations") as batch:
        batch.alter_column("final", server_default=None)
    guards.install(op, (AppendOnly("computations"),))
    op.drop_index(op.f("ix_rounds_scheme_id"), "rounds")
    with rebuilt(op, "rounds") as batch:
        batch.drop_column("trial")
        batch.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("state", types.CleanText(length=40), nullable=False, server_default="open"))
    op.execute(f"UPDATE rounds SET state = {STATE.format('rounds.id')}")
    with rebuilt(op, "rounds") as batch:
        batch.alter_column("version", server_default=None)
        batch.alter_column(
            "state",
            existing_type=types.CleanText(length=40),
            type_=sa.Enum(*STATES[:3], name="roundstate", native_enum=False, create_constraint=True, length=40),
            server_default=None,
        )
        batch.create_unique_constraint("uq_rounds_scheme_id_year", ["scheme_id", "year"])
    op.drop_table("round_acts")
    with rebuilt(op, "schemes") as batch:
        batch.drop_column("valid_until")
        batch.create_unique_constraint("uq_schemes_digest", ["digest"])
