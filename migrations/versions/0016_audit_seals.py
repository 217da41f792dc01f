"""The seals of the audit in a table of their own that takes no change."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from app.infra import guards, types
from app.infra.guards import AppendOnly

revision = "0016_audit_seals"
down_revision = "0015_round_acts"
branch_labels = None
depends_on = None

GUARDS = (AppendOnly(table="audit_seals"),)


def upgrade() -> None:
    op.create_table(
        "audit_seals",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("entry_id", types.BigId, nullable=False),
        sa.Column("hash", types.CleanText(), nullable=False),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_seals")),
    )
    seals = sa.table("audit_seals", sa.column("entry_id"), sa.column("hash"), sa.column("at", types.UtcTime()))
    marks = sa.text("SELECT outcome, done_at FROM job_marks WHERE job = 'seal-audit' ORDER BY period")
    for outcome, done_at in op.get_bind().execute(marks.columns(done_at=types.UtcTime())).all():
        kept = json.loads(outcome)
        op.execute(seals.insert().values(entry_id=kept["id"], hash=kept["hash"], at=done_at))
    guards.install(op, GUARDS)


def downgrade() -> None:
    """The marks of the job keep their copies."""
    op.drop_table("audit_seals")
