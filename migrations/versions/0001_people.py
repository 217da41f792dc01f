"""People, their sign-ins' secrets and consents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.infra import guards, types
from app.infra.guards import AppendOnly

revision = "0001_people"
down_revision = None
branch_labels = None
depends_on = None

GUARDS = (AppendOnly(table="consents"),)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for extension in ("btree_gist", "pg_trgm"):
            op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    op.create_table(
        "throttle_counters",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("key", types.CleanText(), nullable=False),
        sa.Column("window_start", types.UtcTime(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_throttle_counters")),
        sa.UniqueConstraint("key", name=op.f("uq_throttle_counters_key")),
    )
    op.create_table(
        "users",
        sa.Column("name", types.CleanText(), nullable=False),
        sa.Column("email", types.CleanText(), nullable=True),
        sa.Column("mobile", types.CleanText(), nullable=True),
        sa.Column("password_hash", types.CleanText(), nullable=False),
        sa.Column("language", types.CleanText(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("active", "suspended", name="userstate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("email_verified_at", types.UtcTime(), nullable=True),
        sa.Column("mobile_verified_at", types.UtcTime(), nullable=True),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("public_id", types.CleanText(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("email IS NOT NULL OR mobile IS NOT NULL", name=op.f("ck_users_reachable")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
        sa.UniqueConstraint("mobile", name=op.f("uq_users_mobile")),
        sa.UniqueConstraint("public_id", name=op.f("uq_users_public_id")),
    )
    op.create_table(
        "api_tokens",
        sa.Column("user_id", types.BigId, nullable=False),
        sa.Column("name", types.CleanText(), nullable=False),
        sa.Column("prefix", types.CleanText(), nullable=False),
        sa.Column("token_hash", types.CleanText(), nullable=False),
        sa.Column("scopes", types.CanonicalJson(), nullable=False),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.Column("expires_at", types.UtcTime(), nullable=False),
        sa.Column("last_used_at", types.UtcTime(), nullable=True),
        sa.Column("revoked_at", types.UtcTime(), nullable=True),
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("public_id", types.CleanText(length=36), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_api_tokens_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("public_id", name=op.f("uq_api_tokens_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_tokens_token_hash")),
    )
    op.create_index(op.f("ix_api_tokens_user_id"), "api_tokens", ["user_id"], unique=False)
    op.create_table(
        "consents",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("user_id", types.BigId, nullable=False),
        sa.Column(
            "document",
            sa.Enum("terms", "privacy", name="document", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("document_version", types.CleanText(), nullable=False),
        sa.Column("given_at", types.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_consents_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sa.UniqueConstraint(
            "user_id", "document", "document_version", name=op.f("uq_consents_user_id_document_document_version")
        ),
    )
    op.create_table(
        "one_time_codes",
        sa.Column("user_id", types.BigId, nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "verify-email",
                "verify-mobile",
                "reset-password",
                name="codepurpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("secret_hash", types.CleanText(), nullable=False),
        sa.Column("sent_to", types.CleanText(), nullable=False),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.Column("expires_at", types.UtcTime(), nullable=False),
        sa.Column("used_at", types.UtcTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("public_id", types.CleanText(length=36), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_one_time_codes_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_codes")),
        sa.UniqueConstraint("public_id", name=op.f("uq_one_time_codes_public_id")),
    )
    op.create_index(op.f("ix_one_time_codes_secret_hash"), "one_time_codes", ["secret_hash"], unique=False)
    op.create_index(op.f("ix_one_time_codes_user_id"), "one_time_codes", ["user_id"], unique=False)
    guards.install(op, GUARDS)


def downgrade() -> None:
    op.drop_table("one_time_codes")
    op.drop_table("consents")
    op.drop_table("api_tokens")
    op.drop_table("users")
    op.drop_table("throttle_counters")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS refuse_change()")
