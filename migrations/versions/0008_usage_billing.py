"""Usage sessions, charges and marks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.infra import guards, types
from app.infra.guards import AppendOnly

revision = "0008_usage_billing"
down_revision = "0007_booking"
branch_labels = None
depends_on = None

GUARDS = (
    AppendOnly(table="charges"),
    AppendOnly(table="charge_marks"),
)


def upgrade() -> None:
    op.create_table(
        "charges",
        sa.Column("booking_id", types.BigId, nullable=False),
        sa.Column("provider_id", types.BigId, nullable=False),
        sa.Column("client_id", types.BigId, nullable=False),
        sa.Column("user_id", types.BigId, nullable=False),
        sa.Column(
            "kind",
            sa.Enum("service", "no-show", name="chargedfor", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("lines", types.CanonicalJson(), nullable=False),
        sa.Column("amount", types.Fen(), nullable=False),
        sa.Column("posted_at", types.UtcTime(), nullable=False),
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("public_id", types.CleanText(length=36), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_charges_booking_id")),
        sa.ForeignKeyConstraint(["client_id"], ["organisations.id"], name=op.f("fk_charges_client_id")),
        sa.ForeignKeyConstraint(["provider_id"], ["organisations.id"], name=op.f("fk_charges_provider_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_charges_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charges")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_charges_booking_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_charges_public_id")),
    )
    op.create_index(op.f("ix_charges_client_id"), "charges", ["client_id"], unique=False)
    op.create_index("ix_charges_provider", "charges", ["provider_id", "posted_at"], unique=False)
    op.create_table(
        "usage_sessions",
        sa.Column("booking_id", types.BigId, nullable=False),
        sa.Column("instrument_id", types.BigId, nullable=False),
        sa.Column("started_at", types.UtcTime(), nullable=False),
        sa.Column("ended_at", types.UtcTime(), nullable=True),
        sa.Column("started_by_id", types.BigId, nullable=False),
        sa.Column("ended_by_id", types.BigId, nullable=True),
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("public_id", types.CleanText(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ended_at IS NULL OR started_at <= ended_at", name=op.f("ck_usage_sessions_order")),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_usage_sessions_booking_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["users.id"], name=op.f("fk_usage_sessions_ended_by_id")),
        sa.ForeignKeyConstraint(["instrument_id"], ["instruments.id"], name=op.f("fk_usage_sessions_instrument_id")),
        sa.ForeignKeyConstraint(["started_by_id"], ["users.id"], name=op.f("fk_usage_sessions_started_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage_sessions")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_usage_sessions_booking_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_usage_sessions_public_id")),
    )
    op.create_index(op.f("ix_usage_sessions_instrument_id"), "usage_sessions", ["instrument_id"], unique=False)
    op.create_table(
        "charge_marks",
        sa.Column("charge_id", types.BigId, nullable=False),
        sa.Column(
            "kind",
            sa.Enum("invoiced", "received", name="markkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("amount", types.Fen(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("document", types.CleanText(), nullable=False),
        sa.Column("user_id", types.BigId, nullable=False),
        sa.Column("marked_at", types.UtcTime(), nullable=False),
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("public_id", types.CleanText(length=36), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_charge_marks_amount")),
        sa.ForeignKeyConstraint(["charge_id"], ["charges.id"], name=op.f("fk_charge_marks_charge_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_charge_marks_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge_marks")),
        sa.UniqueConstraint("public_id", name=op.f("uq_charge_marks_public_id")),
    )
    op.create_index(op.f("ix_charge_marks_charge_id"), "charge_marks", ["charge_id"], unique=False)
    guards.install(op, GUARDS)


def downgrade() -> None:
    op.drop_table("charge_marks")
    op.drop_table("usage_sessions")
    op.drop_table("charges")
