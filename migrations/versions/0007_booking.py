"""Bookings and occupations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.infra import guards, types
from app.infra.guards import AppendOnly, NeverChanged, NoOverlap

revision = "0007_booking"
down_revision = "0006_pricing"
branch_labels = None
depends_on = None

GUARDS = (
    NeverChanged(table="bookings", columns=("number", "public_id", "provider_id", "client_id", "user_id")),
    NoOverlap(
        table="occupations",
        keys=("calendar_id", "place"),
        starts="starts_at",
        ends="ends_at",
        where="active",
        range_type="tstzrange",
    ),
    AppendOnly(table="booking_steps"),
    AppendOnly(table="unmet_demand"),
)


def upgrade() -> None:
    op.create_table(
        "unmet_demand",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("instrument_id", types.BigId, nullable=False),
        sa.Column("provider_id", types.BigId, nullable=False),
        sa.Column("client_id", types.BigId, nullable=True),
        sa.Column("user_id", types.BigId, nullable=True),
        sa.Column("starts_at", types.UtcTime(), nullable=True),
        sa.Column("ends_at", types.UtcTime(), nullable=True),
        sa.Column("codes", types.CanonicalJson(), nullable=False),
        sa.Column(
            "door",
            sa.Enum("page", "api", "command", name="door", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["organisations.id"], name=op.f("fk_unmet_demand_client_id")),
        sa.ForeignKeyConstraint(["instrument_id"], ["instruments.id"], name=op.f("fk_unmet_demand_instrument_id")),
        sa.ForeignKeyConstraint(["provider_id"], ["organisations.id"], name=op.f("fk_unmet_demand_provider_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_unmet_demand_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unmet_demand")),
    )
    op.create_index(op.f("ix_unmet_demand_instrument_id"), "unmet_demand", ["instrument_id"], unique=False)
    op.create_index(op.f("ix_unmet_demand_provider_id"), "unmet_demand", ["provider_id"], unique=False)
    op.create_table(
        "bookings",
        sa.Column("number", types.CleanText(), nullable=False),
        sa.Column("instrument_id", types.BigId, nullable=False),
        sa.Column("provider_id", types.BigId, nullable=False),
        sa.Column("client_id", types.BigId, nullable=False),
        sa.Column("user_id", types.BigId, nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "confirmed",
                "declined",
                "cancelled",
                "expired",
                "started",
                "ended",
                "completed",
                "no_show",
                name="bookingstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
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
        sa.Column(
            "direction",
            sa.Enum(
                "research",
                "development",
                "teaching",
                "other",
                name="direction",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("purpose", types.CleanText(), nullable=False),
        sa.Column("starts_at", types.UtcTime(), nullable=False),
        sa.Column("ends_at", types.UtcTime(), nullable=False),
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
        sa.Column("price_list_id", types.BigId, nullable=True),
        sa.Column("quote", types.CanonicalJson(), nullable=False),
        sa.Column("quoted", types.Fen(), nullable=False),
        sa.Column(
            "door",
            sa.Enum("page", "api", "command", name="door", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("public_id", types.CleanText(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_bookings_period")),
        sa.ForeignKeyConstraint(["client_id"], ["organisations.id"], name=op.f("fk_bookings_client_id")),
        sa.ForeignKeyConstraint(["instrument_id"], ["instruments.id"], name=op.f("fk_bookings_instrument_id")),
        sa.ForeignKeyConstraint(["price_list_id"], ["price_lists.id"], name=op.f("fk_bookings_price_list_id")),
        sa.ForeignKeyConstraint(["provider_id"], ["organisations.id"], name=op.f("fk_bookings_provider_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_bookings_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings")),
        sa.UniqueConstraint("number", name=op.f("uq_bookings_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_bookings_public_id")),
    )
    op.create_index("ix_bookings_client", "bookings", ["client_id", "starts_at"], unique=False)
    op.create_index("ix_bookings_instrument_time", "bookings", ["instrument_id", "starts_at"], unique=False)
    op.create_index("ix_bookings_provider_state", "bookings", ["provider_id", "state", "starts_at"], unique=False)
    op.create_index("ix_bookings_user", "bookings", ["user_id", "starts_at"], unique=False)
    op.create_table(
        "booking_guests",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("booking_id", types.BigId, nullable=False),
        sa.Column("user_id", types.BigId, nullable=False),
        sa.Column("invited_at", types.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_booking_guests_booking_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_booking_guests_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_guests")),
        sa.UniqueConstraint("booking_id", "user_id", name=op.f("uq_booking_guests_booking_id_user_id")),
    )
    op.create_index(op.f("ix_booking_guests_user_id"), "booking_guests", ["user_id"], unique=False)
    op.create_table(
        "booking_steps",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("booking_id", types.BigId, nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "confirmed",
                "declined",
                "cancelled",
                "expired",
                "started",
                "ended",
                "completed",
                "no_show",
                name="bookingstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.Column("user_id", types.BigId, nullable=True),
        sa.Column("note", types.CleanText(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_booking_steps_booking_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_booking_steps_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_steps")),
    )
    op.create_index(op.f("ix_booking_steps_booking_id"), "booking_steps", ["booking_id"], unique=False)
    op.create_table(
        "occupations",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("calendar_id", types.BigId, nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("starts_at", types.UtcTime(), nullable=False),
        sa.Column("ends_at", types.UtcTime(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "booking",
                "crew",
                "maintenance",
                "hold",
                name="occupationkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("booking_id", types.BigId, nullable=True),
        sa.Column("note", types.CleanText(), nullable=False),
        sa.CheckConstraint("NOT active OR place IS NOT NULL", name=op.f("ck_occupations_seated")),
        sa.CheckConstraint("place IS NULL OR place >= 1", name=op.f("ck_occupations_place")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_occupations_period")),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_occupations_booking_id")),
        sa.ForeignKeyConstraint(["calendar_id"], ["calendars.id"], name=op.f("fk_occupations_calendar_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occupations")),
    )
    op.create_index(op.f("ix_occupations_booking_id"), "occupations", ["booking_id"], unique=False)
    op.create_index(
        "ix_occupations_time", "occupations", ["calendar_id", "place", "starts_at", "ends_at", "active"], unique=False
    )
    guards.install(op, GUARDS)


def downgrade() -> None:
    op.drop_table("occupations")
    op.drop_table("booking_steps")
    op.drop_table("booking_guests")
    op.drop_table("bookings")
    op.drop_table("unmet_demand")
