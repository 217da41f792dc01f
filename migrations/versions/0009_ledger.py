"""Service records and their entries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.infra import guards, types
from app.infra.guards import AppendOnly

revision = "0009_ledger"
down_revision = "0008_usage_billing"
branch_labels = None
depends_on = None

GUARDS = (
    AppendOnly(table="service_records"),
    AppendOnly(table="record_entries"),
    AppendOnly(table="history_checks"),
)


def upgrade() -> None:
    op.create_table(
        "history_checks",
        sa.Column("import_run_id", types.BigId, nullable=False),
        sa.Column(
            "step",
            sa.Enum("attested", "verified", name="historystep", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("user_id", types.BigId, nullable=False),
        sa.Column("organisation_id", types.BigId, nullable=False),
        sa.Column("note", types.CleanText(), nullable=False),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("public_id", types.CleanText(length=36), nullable=False),
        sa.ForeignKeyConstraint(["import_run_id"], ["import_runs.id"], name=op.f("fk_history_checks_import_run_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_history_checks_organisation_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_history_checks_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_checks")),
        sa.UniqueConstraint("import_run_id", "step", name=op.f("uq_history_checks_import_run_id_step")),
        sa.UniqueConstraint("public_id", name=op.f("uq_history_checks_public_id")),
    )
    op.create_table(
        "service_records",
        sa.Column("source_key", types.CleanText(), nullable=False),
        sa.Column("booking_id", types.BigId, nullable=True),
        sa.Column("import_run_id", types.BigId, nullable=True),
        sa.Column("provider_id", types.BigId, nullable=False),
        sa.Column("evaluation_unit_id", types.BigId, nullable=True),
        sa.Column("instrument_id", types.BigId, nullable=False),
        sa.Column("client_id", types.BigId, nullable=False),
        sa.Column("user_id", types.BigId, nullable=True),
        sa.Column("user_label", types.CleanText(), nullable=False),
        sa.Column("intermediary_id", types.BigId, nullable=True),
        sa.Column(
            "mode",
            sa.Enum(
                "self-operated",
                "assisted",
                "commissioned",
                "remote",
                "other",
                name="servicemode",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("direction", types.CleanText(), nullable=False),
        sa.Column("order_number", types.CleanText(), nullable=True),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("starts_at", types.UtcTime(), nullable=False),
        sa.Column("ends_at", types.UtcTime(), nullable=False),
        sa.Column("booked_from", types.UtcTime(), nullable=True),
        sa.Column("booked_until", types.UtcTime(), nullable=True),
        sa.Column("effective_minutes", sa.Integer(), nullable=False),
        sa.Column("charged", types.Fen(), nullable=False),
        sa.Column(
            "evidence",
            sa.Enum(
                "interlock",
                "scan",
                "both-parties",
                "campus-system",
                "imported",
                "manual",
                name="evidencegrade",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("entered_at", types.UtcTime(), nullable=False),
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("public_id", types.CleanText(length=36), nullable=False),
        sa.CheckConstraint("effective_minutes >= 0", name=op.f("ck_service_records_minutes")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_service_records_period")),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_service_records_booking_id")),
        sa.ForeignKeyConstraint(["client_id"], ["organisations.id"], name=op.f("fk_service_records_client_id")),
        sa.ForeignKeyConstraint(
            ["evaluation_unit_id"], ["evaluation_units.id"], name=op.f("fk_service_records_evaluation_unit_id")
        ),
        sa.ForeignKeyConstraint(["import_run_id"], ["import_runs.id"], name=op.f("fk_service_records_import_run_id")),
        sa.ForeignKeyConstraint(["instrument_id"], ["instruments.id"], name=op.f("fk_service_records_instrument_id")),
        sa.ForeignKeyConstraint(
            ["intermediary_id"], ["organisations.id"], name=op.f("fk_service_records_intermediary_id")
        ),
        sa.ForeignKeyConstraint(["provider_id"], ["organisations.id"], name=op.f("fk_service_records_provider_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_service_records_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_records")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_service_records_booking_id")),
        sa.UniqueConstraint("provider_id", "source_key", name=op.f("uq_service_records_provider_id_source_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_service_records_public_id")),
    )
    op.create_index(op.f("ix_service_records_client_id"), "service_records", ["client_id"], unique=False)
    op.create_index("ix_service_records_ended", "service_records", ["ends_at"], unique=False)
    op.create_index(op.f("ix_service_records_import_run_id"), "service_records", ["import_run_id"], unique=False)
    op.create_index(op.f("ix_service_records_instrument_id"), "service_records", ["instrument_id"], unique=False)
    op.create_index("ix_service_records_year", "service_records", ["provider_id", "ends_at"], unique=False)
    op.create_table(
        "record_entries",
        sa.Column("record_id", types.BigId, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "confirmed",
                "tacitly-confirmed",
                "invoiced",
                "received",
                "refunded",
                name="entrykind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("amount", types.Fen(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("comment", types.CleanText(), nullable=False),
        sa.Column("document", types.CleanText(), nullable=False),
        sa.Column("user_id", types.BigId, nullable=True),
        sa.Column("entered_at", types.UtcTime(), nullable=False),
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("public_id", types.CleanText(length=36), nullable=False),
        sa.CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name=op.f("ck_record_entries_rating")),
        sa.ForeignKeyConstraint(["record_id"], ["service_records.id"], name=op.f("fk_record_entries_record_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_record_entries_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_entries")),
        sa.UniqueConstraint("public_id", name=op.f("uq_record_entries_public_id")),
    )
    op.create_index(op.f("ix_record_entries_record_id"), "record_entries", ["record_id"], unique=False)
    op.create_index("ix_record_entries_year", "record_entries", ["kind", "on"], unique=False)
    guards.install(op, GUARDS)


def downgrade() -> None:
    op.drop_table("record_entries")
    op.drop_table("service_records")
    op.drop_table("history_checks")
