"""The audit chain."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.infra import guards, types
from app.infra.guards import AppendOnly

revision = "0003_audit"
down_revision = "0002_infra"
branch_labels = None
depends_on = None

GUARDS = (AppendOnly(table="audit_entries"),)


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", types.BigId, autoincrement=False, nullable=False),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.Column("action", types.CleanText(), nullable=False),
        sa.Column("actor", types.CleanText(), nullable=False),
        sa.Column("address_commitment", types.CleanText(), nullable=False),
        sa.Column("subject_kind", types.CleanText(), nullable=False),
        sa.Column("subject_id", types.CleanText(), nullable=False),
        sa.Column("before", types.CanonicalJson(), nullable=True),
        sa.Column("after", types.CanonicalJson(), nullable=True),
        sa.Column("previous_hash", types.CleanText(), nullable=False),
        sa.Column("hash", types.CleanText(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_entries_hash")),
    )
    op.create_index(op.f("ix_audit_entries_action"), "audit_entries", ["action"], unique=False)
    op.create_index(op.f("ix_audit_entries_actor"), "audit_entries", ["actor"], unique=False)
    op.create_index(op.f("ix_audit_entries_at"), "audit_entries", ["at"], unique=False)
    op.create_index("ix_audit_subject", "audit_entries", ["subject_kind", "subject_id", "id"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("length", types.BigId, nullable=False),
        sa.Column("hash", types.CleanText(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    guards.install(op, GUARDS)
    op.execute(f"INSERT INTO audit_head (id, length, hash) VALUES (1, 0, '{'0' * 64}')")


def downgrade() -> None:
    op.drop_table("audit_head")
    op.drop_table("audit_entries")
