"""Dated price lists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.infra import guards, types
from app.infra.guards import NeverChanged, NoOverlap

revision = "0006_pricing"
down_revision = "0005_catalogue"
branch_labels = None
depends_on = None

GUARDS = (
    NoOverlap(
        table="price_lists",
        keys=("instrument_id", "client_class"),
        starts="valid_from",
        ends="valid_until",
        where=None,
        range_type="daterange",
    ),
    NeverChanged(
        table="price_lists",
        columns=(
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


def upgrade() -> None:
    op.create_table(
        "price_lists",
        sa.Column("instrument_id", types.BigId, nullable=False),
        sa.Column("provider_id", types.BigId, nullable=False),
        sa.Column(
            "client_class",
            sa.Enum(
                "own_unit",
                "academic",
                "firm",
                "small_firm",
                "team",
                "other",
                name="clientclass",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("hourly", types.Fen(), nullable=False),
        sa.Column("start_up", types.Fen(), nullable=False),
        sa.Column("minimum", types.Fen(), nullable=False),
        sa.Column("free_minutes", sa.Integer(), nullable=False),
        sa.Column("unit_minutes", sa.Integer(), nullable=False),
        sa.Column("basis", types.CleanText(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("created_by_id", types.BigId, nullable=True),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("public_id", types.CleanText(length=36), nullable=False),
        sa.CheckConstraint("free_minutes >= 0 AND unit_minutes > 0", name=op.f("ck_price_lists_minutes")),
        sa.CheckConstraint("hourly >= 0 AND start_up >= 0 AND minimum >= 0", name=op.f("ck_price_lists_not_negative")),
        sa.CheckConstraint("valid_until IS NULL OR valid_from < valid_until", name=op.f("ck_price_lists_dates")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_price_lists_created_by_id")),
        sa.ForeignKeyConstraint(["instrument_id"], ["instruments.id"], name=op.f("fk_price_lists_instrument_id")),
        sa.ForeignKeyConstraint(["provider_id"], ["organisations.id"], name=op.f("fk_price_lists_provider_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_lists")),
        sa.UniqueConstraint("public_id", name=op.f("uq_price_lists_public_id")),
    )
    op.create_index(op.f("ix_price_lists_provider_id"), "price_lists", ["provider_id"], unique=False)
    guards.install(op, GUARDS)


def downgrade() -> None:
    op.drop_table("price_lists")
