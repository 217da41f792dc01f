"""Schemes, rounds and results."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.infra import guards, types
from app.infra.guards import AppendOnly

revision = "0010_evaluation"
down_revision = "0009_ledger"
branch_labels = None
depends_on = None

GUARDS = (
    AppendOnly(table="schemes"),
    AppendOnly(table="computations"),
    AppendOnly(table="results"),
)


def upgrade() -> None:
    op.create_table(
        "schemes",
        sa.Column("code", types.CleanText(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("title", types.CleanText(), nullable=False),
        sa.Column("title_en", types.CleanText(), nullable=False),
        sa.Column("source", types.CleanText(), nullable=False),
        sa.Column("suggested", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("document", types.CanonicalJson(), nullable=False),
        sa.Column("digest", types.CleanText(), nullable=False),
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("public_id", types.CleanText(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schemes")),
        sa.UniqueConstraint("code", "edition", name=op.f("uq_schemes_code_edition")),
        sa.UniqueConstraint("digest", name=op.f("uq_schemes_digest")),
        sa.UniqueConstraint("public_id", name=op.f("uq_schemes_public_id")),
    )
    op.create_table(
        "rounds",
        sa.Column("scheme_id", types.BigId, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("cut_off", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open", "provisional", "final", name="roundstate", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("public_id", types.CleanText(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["scheme_id"], ["schemes.id"], name=op.f("fk_rounds_scheme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sa.UniqueConstraint("public_id", name=op.f("uq_rounds_public_id")),
        sa.UniqueConstraint("scheme_id", "year", name=op.f("uq_rounds_scheme_id_year")),
    )
    op.create_index(op.f("ix_rounds_year"), "rounds", ["year"], unique=False)
    op.create_table(
        "computations",
        sa.Column("round_id", types.BigId, nullable=False),
        sa.Column("as_of", types.UtcTime(), nullable=False),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("input_digest", types.CleanText(), nullable=False),
        sa.Column("result_digest", types.CleanText(), nullable=False),
        sa.Column("basis", types.CanonicalJson(), nullable=False),
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("public_id", types.CleanText(length=36), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_computations_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_computations")),
        sa.UniqueConstraint("public_id", name=op.f("uq_computations_public_id")),
    )
    op.create_index(op.f("ix_computations_round_id"), "computations", ["round_id"], unique=False)
    op.create_table(
        "results",
        sa.Column("computation_id", types.BigId, nullable=False),
        sa.Column("unit_key", types.CleanText(), nullable=False),
        sa.Column("provider_id", types.BigId, nullable=False),
        sa.Column("evaluation_unit_id", types.BigId, nullable=True),
        sa.Column("group", types.CleanText(), nullable=False),
        sa.Column("assessable", sa.Boolean(), nullable=False),
        sa.Column("parts", types.CanonicalJson(), nullable=False),
        sa.Column("score", types.ExactDecimal(), nullable=True),
        sa.Column("grade", types.CleanText(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("public_id", types.CleanText(length=36), nullable=False),
        sa.ForeignKeyConstraint(["computation_id"], ["computations.id"], name=op.f("fk_results_computation_id")),
        sa.ForeignKeyConstraint(
            ["evaluation_unit_id"], ["evaluation_units.id"], name=op.f("fk_results_evaluation_unit_id")
        ),
        sa.ForeignKeyConstraint(["provider_id"], ["organisations.id"], name=op.f("fk_results_provider_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_results")),
        sa.UniqueConstraint("computation_id", "unit_key", name=op.f("uq_results_computation_id_unit_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_results_public_id")),
    )
    op.create_index(op.f("ix_results_provider_id"), "results", ["provider_id"], unique=False)
    guards.install(op, GUARDS)


def downgrade() -> None:
    op.drop_table("results")
    op.drop_table("computations")
    op.drop_table("rounds")
    op.drop_table("schemes")
