"""Files, outbox, idempotency and job marks."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from app.infra import types

revision = "0002_infra"
down_revision = "0001_people"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("actor_key", types.CleanText(), nullable=False),
        sa.Column("route", types.CleanText(), nullable=False),
        sa.Column("key", types.CleanText(), nullable=False),
        sa.Column("body_digest", types.CleanText(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", types.CanonicalJson(), nullable=False),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_keys")),
        sa.UniqueConstraint("actor_key", "route", "key", name=op.f("uq_idempotency_keys_actor_key_route_key")),
    )
    op.create_index(op.f("ix_idempotency_keys_created_at"), "idempotency_keys", ["created_at"], unique=False)
    op.create_table(
        "job_lease",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("holder", types.CleanText(), nullable=False),
        sa.Column("heartbeat_at", types.UtcTime(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_job_lease_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_lease")),
    )
    op.create_table(
        "job_marks",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("job", types.CleanText(), nullable=False),
        sa.Column("period", types.CleanText(), nullable=False),
        sa.Column("done_at", types.UtcTime(), nullable=False),
        sa.Column("outcome", types.CanonicalJson(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_marks")),
        sa.UniqueConstraint("job", "period", name=op.f("uq_job_marks_job_period")),
    )
    op.create_table(
        "outbox_messages",
        sa.Column(
            "channel",
            sa.Enum("mail", "sms", "in-app", name="channel", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("user_id", types.BigId, nullable=True),
        sa.Column("address", types.CleanText(), nullable=False),
        sa.Column("subject", types.CleanText(), nullable=False),
        sa.Column("body", types.CleanText(), nullable=False),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.Column("next_try_at", types.UtcTime(), nullable=True),
        sa.Column("sent_at", types.UtcTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failure", types.CleanText(), nullable=True),
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("public_id", types.CleanText(length=36), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_outbox_messages_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_messages")),
        sa.UniqueConstraint("public_id", name=op.f("uq_outbox_messages_public_id")),
    )
    op.create_index(op.f("ix_outbox_messages_next_try_at"), "outbox_messages", ["next_try_at"], unique=False)
    op.create_index(op.f("ix_outbox_messages_user_id"), "outbox_messages", ["user_id"], unique=False)
    op.create_table(
        "stored_files",
        sa.Column("digest", types.CleanText(), nullable=False),
        sa.Column("name", types.CleanText(), nullable=False),
        sa.Column("media_type", types.CleanText(), nullable=False),
        sa.Column("size", types.BigId, nullable=False),
        sa.Column("owner_id", types.BigId, nullable=True),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("public_id", types.CleanText(length=36), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_stored_files_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_files")),
        sa.UniqueConstraint("public_id", name=op.f("uq_stored_files_public_id")),
    )
    op.create_index(op.f("ix_stored_files_digest"), "stored_files", ["digest"], unique=False)
    lease = sa.table("job_lease", sa.column("id"), sa.column("holder"), sa.column("heartbeat_at", types.UtcTime()))
    op.bulk_insert(lease, [{"id": 1, "holder": "", "heartbeat_at": datetime(2000, 1, 1, tzinfo=UTC)}])


def downgrade() -> None:
    op.drop_table("stored_files")
    op.drop_table("outbox_messages")
    op.drop_table("job_marks")
    op.drop_table("job_lease")
    op.drop_table("idempotency_keys")
