"""Codes and links apart from the texts they are sent in; where a token was last used; links to sign in."""

from __future__ import annotations

import re
from hashlib import sha256

import sqlalchemy as sa
from alembic import op

from app.infra import types
from app.infra.migrations import rebuilt

revision = "0013_secrets"
down_revision = "0012_names"
branch_labels = None
depends_on = None

FEW = ("verify-email", "verify-mobile", "reset-password")
ALL = (*FEW, "sign-in-link")
HIDDEN = "\u2022" * 6
SECRET = re.compile(r"(?<![0-9])[0-9]{6}(?![0-9])|(?<=/join/)[A-Za-z0-9_-]+")


def upgrade() -> None:
    for column in (
        sa.Column("secret", types.CleanText(), nullable=True),
        sa.Column("secret_until", types.UtcTime(), nullable=True),
        sa.Column("digest", types.CleanText(), nullable=True),
    ):
        op.add_column("outbox_messages", column)
    op.create_index("ix_outbox_messages_secret_until", "outbox_messages", ["secret_until"])
    op.add_column("api_tokens", sa.Column("last_used_from", types.CleanText(), nullable=True))
    _purposes(FEW, ALL)
    _redact()


def downgrade() -> None:
    op.execute("DELETE FROM one_time_codes WHERE purpose = 'sign-in-link'")
    _purposes(ALL, FEW)
    op.drop_column("api_tokens", "last_used_from")
    op.drop_index("ix_outbox_messages_secret_until", "outbox_messages")
    for column in ("digest", "secret_until", "secret"):
        op.drop_column("outbox_messages", column)


def _purposes(known: tuple[str, ...], wanted: tuple[str, ...]) -> None:
    def named(values: tuple[str, ...]) -> sa.Enum:
        return sa.Enum(*values, name="codepurpose", native_enum=False, create_constraint=True, length=40)

    with rebuilt(op, "one_time_codes") as batch:
        batch.alter_column("purpose", existing_type=named(known), type_=named(wanted))


def _redact() -> None:
    """Of what was sent before, the digest stays and every code and link goes."""
    connection, names = op.get_bind(), ("id", "subject", "body", "digest", "sent_at")
    table = sa.table("outbox_messages", *(sa.column(name) for name in names))
    for row in connection.execute(sa.select(table)).all():
        texts = {name: getattr(row, name) for name in ("subject", "body")}
        kept = {name: SECRET.sub(HIDDEN, text) if row.sent_at else text for name, text in texts.items()}
        digest = sha256("\n".join(texts.values()).encode()).hexdigest()
        connection.execute(sa.update(table).where(table.c.id == row.id).values(**kept, digest=digest))
