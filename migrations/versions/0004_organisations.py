"""Organisations, members and relations; sign-in sessions and long work."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.infra import guards, types
from app.infra.guards import NoOverlap

revision = "0004_organisations"
down_revision = "0003_audit"
branch_labels = None
depends_on = None

GUARDS = (
    NoOverlap(
        table="organisation_names",
        keys=("organisation_id",),
        starts="valid_from",
        ends="valid_until",
        where=None,
        range_type="daterange",
    ),
    NoOverlap(
        table="related_parties",
        keys=("one_id", "other_id", "basis"),
        starts="valid_from",
        ends="valid_until",
        where=None,
        range_type="daterange",
    ),
    NoOverlap(
        table="memberships",
        keys=("user_id", "organisation_id", "role"),
        starts="starts_on",
        ends="ends_on",
        where=None,
        range_type="daterange",
    ),
)


def upgrade() -> None:
    op.create_table(
        "organisations",
        sa.Column("uscc", types.CleanText(), nullable=True),
        sa.Column("name", types.CleanText(), nullable=False),
        sa.Column("name_en", types.CleanText(), nullable=False),
        sa.Column("sort_key", types.CleanText(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "university",
                "research-institute",
                "medical",
                "central-enterprise",
                "enterprise",
                "small-enterprise",
                "start-up-team",
                "individual-business",
                "partnership",
                "foreign",
                "public-body",
                "natural-person",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "applied",
                "verified",
                "declined",
                "suspended",
                name="organisationstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_reason", types.CleanText(), nullable=False),
        sa.Column("parent_id", types.BigId, nullable=True),
        sa.Column("merged_into_id", types.BigId, nullable=True),
        sa.Column("merged_on", sa.Date(), nullable=True),
        sa.Column("town", types.CleanText(), nullable=False),
        sa.Column("address", types.CleanText(), nullable=False),
        sa.Column("industry_code", types.CleanText(), nullable=False),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("public_id", types.CleanText(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("parent_id IS NULL OR parent_id <> id", name=op.f("ck_organisations_not_own_parent")),
        sa.CheckConstraint("uscc IS NULL OR length(uscc) = 18", name=op.f("ck_organisations_uscc_length")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["organisations.id"], name=op.f("fk_organisations_merged_into_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["organisations.id"], name=op.f("fk_organisations_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("public_id", name=op.f("uq_organisations_public_id")),
        sa.UniqueConstraint("uscc", name=op.f("uq_organisations_uscc")),
    )
    op.create_index(op.f("ix_organisations_name"), "organisations", ["name"], unique=False)
    op.create_index(op.f("ix_organisations_parent_id"), "organisations", ["parent_id"], unique=False)
    op.create_index(op.f("ix_organisations_sort_key"), "organisations", ["sort_key"], unique=False)
    op.create_index(op.f("ix_organisations_state"), "organisations", ["state"], unique=False)
    op.create_table(
        "evaluation_units",
        sa.Column("organisation_id", types.BigId, nullable=False),
        sa.Column("name", types.CleanText(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "university",
                "research-institute",
                "medical",
                "central-enterprise",
                "enterprise",
                "small-enterprise",
                "start-up-team",
                "individual-business",
                "partnership",
                "foreign",
                "public-body",
                "natural-person",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("town", types.CleanText(), nullable=False),
        sa.Column("payee", types.CleanText(), nullable=False),
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("public_id", types.CleanText(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_evaluation_units_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_units")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_evaluation_units_organisation_id_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_evaluation_units_public_id")),
    )
    op.create_table(
        "invitations",
        sa.Column("organisation_id", types.BigId, nullable=False),
        sa.Column("address", types.CleanText(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "member",
                "approver",
                "instrument-manager",
                "finance",
                "administrator",
                "agent",
                "operator",
                "scheme-manager",
                "reviewer",
                "fund-clerk",
                "system-administrator",
                "security-administrator",
                "audit-administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("secret_hash", types.CleanText(), nullable=False),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.Column("expires_at", types.UtcTime(), nullable=False),
        sa.Column("accepted_at", types.UtcTime(), nullable=True),
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("public_id", types.CleanText(length=36), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_invitations_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("public_id", name=op.f("uq_invitations_public_id")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_invitations_secret_hash")),
    )
    op.create_index(op.f("ix_invitations_organisation_id"), "invitations", ["organisation_id"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("user_id", types.BigId, nullable=False),
        sa.Column("organisation_id", types.BigId, nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "member",
                "approver",
                "instrument-manager",
                "finance",
                "administrator",
                "agent",
                "operator",
                "scheme-manager",
                "reviewer",
                "fund-clerk",
                "system-administrator",
                "security-administrator",
                "audit-administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("public_id", types.CleanText(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", name=op.f("ck_memberships_dates")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_memberships_organisation_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_memberships_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint("public_id", name=op.f("uq_memberships_public_id")),
    )
    op.create_index(op.f("ix_memberships_organisation_id"), "memberships", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_memberships_user_id"), "memberships", ["user_id"], unique=False)
    op.create_table(
        "organisation_names",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("organisation_id", types.BigId, nullable=False),
        sa.Column("name", types.CleanText(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_organisation_names_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_names")),
    )
    op.create_table(
        "organisation_parts",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("organisation_id", types.BigId, nullable=False),
        sa.Column(
            "part",
            sa.Enum(
                "provider",
                "client",
                "intermediary",
                "operator",
                "district",
                name="part",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_organisation_parts_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_parts")),
        sa.UniqueConstraint("organisation_id", "part", name=op.f("uq_organisation_parts_organisation_id_part")),
    )
    op.create_index(op.f("ix_organisation_parts_part"), "organisation_parts", ["part"], unique=False)
    op.create_table(
        "sign_in_sessions",
        sa.Column("token_hash", types.CleanText(), nullable=False),
        sa.Column("user_id", types.BigId, nullable=False),
        sa.Column("acting_organisation_id", types.BigId, nullable=True),
        sa.Column("address", types.CleanText(), nullable=False),
        sa.Column("agent", types.CleanText(), nullable=False),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.Column("last_seen_at", types.UtcTime(), nullable=False),
        sa.Column("ended_at", types.UtcTime(), nullable=True),
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("public_id", types.CleanText(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["acting_organisation_id"], ["organisations.id"], name=op.f("fk_sign_in_sessions_acting_organisation_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sign_in_sessions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_sessions")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sign_in_sessions_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_sessions_token_hash")),
    )
    op.create_index(op.f("ix_sign_in_sessions_user_id"), "sign_in_sessions", ["user_id"], unique=False)
    op.create_table(
        "tasks",
        sa.Column("kind", types.CleanText(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "running",
                "done",
                "failed",
                name="taskstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("owner_id", types.BigId, nullable=True),
        sa.Column("provider_id", types.BigId, nullable=True),
        sa.Column("params", types.CanonicalJson(), nullable=False),
        sa.Column("cursor", types.CanonicalJson(), nullable=True),
        sa.Column("result", types.CanonicalJson(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.Column("ended_at", types.UtcTime(), nullable=True),
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("public_id", types.CleanText(length=36), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_tasks_owner_id")),
        sa.ForeignKeyConstraint(["provider_id"], ["organisations.id"], name=op.f("fk_tasks_provider_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("public_id", name=op.f("uq_tasks_public_id")),
    )
    op.create_index(op.f("ix_tasks_state"), "tasks", ["state"], unique=False)
    op.create_table(
        "organisation_applications",
        sa.Column("organisation_id", types.BigId, nullable=False),
        sa.Column("user_id", types.BigId, nullable=False),
        sa.Column("parts", types.CanonicalJson(), nullable=False),
        sa.Column("letter_file_id", types.BigId, nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "applied",
                "verified",
                "declined",
                "suspended",
                name="organisationstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.Column("decided_at", types.UtcTime(), nullable=True),
        sa.Column("decided_by_id", types.BigId, nullable=True),
        sa.Column("reason", types.CleanText(), nullable=False),
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("public_id", types.CleanText(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["users.id"], name=op.f("fk_organisation_applications_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["letter_file_id"], ["stored_files.id"], name=op.f("fk_organisation_applications_letter_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_organisation_applications_organisation_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_organisation_applications_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_applications")),
        sa.UniqueConstraint("public_id", name=op.f("uq_organisation_applications_public_id")),
    )
    op.create_index(
        op.f("ix_organisation_applications_organisation_id"),
        "organisation_applications",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(op.f("ix_organisation_applications_state"), "organisation_applications", ["state"], unique=False)
    op.create_index(
        op.f("ix_organisation_applications_user_id"), "organisation_applications", ["user_id"], unique=False
    )
    op.create_table(
        "related_parties",
        sa.Column("one_id", types.BigId, nullable=False),
        sa.Column("other_id", types.BigId, nullable=False),
        sa.Column(
            "basis",
            sa.Enum(
                "control",
                "same-representative",
                "parent-and-child",
                "other",
                name="relationbasis",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("share", types.ExactDecimal(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("proof_file_id", types.BigId, nullable=True),
        sa.Column("note", types.CleanText(), nullable=False),
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("public_id", types.CleanText(length=36), nullable=False),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_related_parties_ordered")),
        sa.ForeignKeyConstraint(["one_id"], ["organisations.id"], name=op.f("fk_related_parties_one_id")),
        sa.ForeignKeyConstraint(["other_id"], ["organisations.id"], name=op.f("fk_related_parties_other_id")),
        sa.ForeignKeyConstraint(["proof_file_id"], ["stored_files.id"], name=op.f("fk_related_parties_proof_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_related_parties")),
        sa.UniqueConstraint("public_id", name=op.f("uq_related_parties_public_id")),
    )
    op.create_index(op.f("ix_related_parties_one_id"), "related_parties", ["one_id"], unique=False)
    op.create_index(op.f("ix_related_parties_other_id"), "related_parties", ["other_id"], unique=False)
    guards.install(op, GUARDS)


def downgrade() -> None:
    op.drop_table("related_parties")
    op.drop_table("organisation_applications")
    op.drop_table("tasks")
    op.drop_table("sign_in_sessions")
    op.drop_table("organisation_parts")
    op.drop_table("organisation_names")
    op.drop_table("memberships")
    op.drop_table("invitations")
    op.drop_table("evaluation_units")
    op.drop_table("organisations")
