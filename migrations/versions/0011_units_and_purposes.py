"""Units of the same body only; the name in a customs declaration; every declared purpose of a use."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.infra import types
from app.infra.migrations import rebuilt

revision = "0011_units_and_purposes"
down_revision = "0010_evaluation"
branch_labels = None
depends_on = None

SCORED = ("instruments", "service_records")
FEW = ("research", "development", "teaching", "other")
ALL = (*FEW, "statutory-test", "enforcement", "commercial-inspection", "filming", "medical-care", "telecom-billing")


def upgrade() -> None:
    _purposes("direction", FEW, "purpose", ALL)
    with rebuilt(op, "evaluation_units") as batch:
        batch.create_unique_constraint("uq_evaluation_units_id_organisation_id", ["id", "organisation_id"])
    op.add_column("instruments", sa.Column("customs_name", types.CleanText(), nullable=False, server_default=""))
    for table in SCORED:
        with rebuilt(op, table) as batch:
            batch.drop_constraint(f"fk_{table}_evaluation_unit_id", type_="foreignkey")
            batch.create_foreign_key(
                f"fk_{table}_evaluation_unit_id_provider_id",
                "evaluation_units",
                ["evaluation_unit_id", "provider_id"],
                ["id", "organisation_id"],
            )
            if table == "instruments":
                batch.alter_column("customs_name", server_default=None)


def downgrade() -> None:
    for table in SCORED:
        with rebuilt(op, table) as batch:
            batch.drop_constraint(f"fk_{table}_evaluation_unit_id_provider_id", type_="foreignkey")
            batch.create_foreign_key(
                f"fk_{table}_evaluation_unit_id", "evaluation_units", ["evaluation_unit_id"], ["id"]
            )
            if table == "instruments":
                batch.drop_column("customs_name")
    with rebuilt(op, "evaluation_units") as batch:
        batch.drop_constraint("uq_evaluation_units_id_organisation_id", type_="unique")
    _purposes("purpose", ALL, "direction", FEW)


def _purposes(before: str, known: tuple[str, ...], after: str, wanted: tuple[str, ...]) -> None:
    with rebuilt(op, "bookings") as batch:
        batch.alter_column(
            "direction",
            existing_type=sa.Enum(*known, name=before, native_enum=False, create_constraint=True, length=40),
            type_=sa.Enum(*wanted, name=after, native_enum=False, create_constraint=True, length=40),
        )
