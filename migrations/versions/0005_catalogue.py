"""Instruments, calendars, classes and imports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.catalogue.seeds.classes import CLASSES, PRIORITY_FIELDS
from app.infra import guards, types
from app.infra.guards import NeverChanged

revision = "0005_catalogue"
down_revision = "0004_organisations"
branch_labels = None
depends_on = None

GUARDS = (NeverChanged(table="instruments", columns=("provider_id", "public_id")),)


def upgrade() -> None:
    op.create_table(
        "calendars",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.CheckConstraint("places >= 1", name=op.f("ck_calendars_places")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendars")),
    )
    op.create_table(
        "instrument_classes",
        sa.Column("code", types.CleanText(), nullable=False),
        sa.Column("name", types.CleanText(), nullable=False),
        sa.Column("name_en", types.CleanText(), nullable=False),
        sa.Column("parent_code", types.CleanText(), nullable=True),
        sa.ForeignKeyConstraint(
            ["parent_code"], ["instrument_classes.code"], name=op.f("fk_instrument_classes_parent_code")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_instrument_classes")),
    )
    op.create_index(op.f("ix_instrument_classes_parent_code"), "instrument_classes", ["parent_code"], unique=False)
    op.create_table(
        "priority_fields",
        sa.Column("code", types.CleanText(), nullable=False),
        sa.Column("name", types.CleanText(), nullable=False),
        sa.Column("name_en", types.CleanText(), nullable=False),
        sa.Column("future", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_priority_fields")),
    )
    op.create_table(
        "public_holidays",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("off", sa.Boolean(), nullable=False),
        sa.Column("name", types.CleanText(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_public_holidays")),
    )
    op.create_table(
        "import_runs",
        sa.Column(
            "kind",
            sa.Enum("instruments", "history", name="importkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("provider_id", types.BigId, nullable=False),
        sa.Column("user_id", types.BigId, nullable=False),
        sa.Column("file_id", types.BigId, nullable=False),
        sa.Column("task_id", types.BigId, nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "uploaded",
                "checking",
                "checked",
                "applying",
                "complete",
                name="importstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("encoding", types.CleanText(), nullable=False),
        sa.Column("columns", types.CanonicalJson(), nullable=False),
        sa.Column("mapping", types.CanonicalJson(), nullable=False),
        sa.Column("report", types.CanonicalJson(), nullable=True),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.Column("completed_at", types.UtcTime(), nullable=True),
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("public_id", types.CleanText(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_import_runs_file_id")),
        sa.ForeignKeyConstraint(["provider_id"], ["organisations.id"], name=op.f("fk_import_runs_provider_id")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_import_runs_task_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_import_runs_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_runs")),
        sa.UniqueConstraint("public_id", name=op.f("uq_import_runs_public_id")),
    )
    op.create_index(op.f("ix_import_runs_provider_id"), "import_runs", ["provider_id"], unique=False)
    op.create_table(
        "import_rows",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("run_id", types.BigId, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("row_key", types.CleanText(), nullable=False),
        sa.Column("cells", types.CanonicalJson(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "new",
                "changed",
                "same",
                "repeat",
                "refused",
                name="rowverdict",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("draft", sa.Boolean(), nullable=False),
        sa.Column("faults", types.CanonicalJson(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["import_runs.id"], name=op.f("fk_import_rows_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_rows")),
        sa.UniqueConstraint("run_id", "line", name=op.f("uq_import_rows_run_id_line")),
    )
    op.create_index("ix_import_rows_verdict", "import_rows", ["run_id", "verdict"], unique=False)
    op.create_table(
        "instruments",
        sa.Column("provider_id", types.BigId, nullable=False),
        sa.Column("evaluation_unit_id", types.BigId, nullable=True),
        sa.Column("owning_unit", types.CleanText(), nullable=False),
        sa.Column(
            "asset_kind",
            sa.Enum("instrument", "facility", name="assetkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "hidden",
                "draft",
                "listed",
                "suspended",
                "retired",
                name="instrumentstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "share_mode",
            sa.Enum(
                "external", "internal", "none", name="sharemode", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("inner_id", types.CleanText(), nullable=False),
        sa.Column("national_number", types.CleanText(), nullable=False),
        sa.Column("name", types.CleanText(), nullable=False),
        sa.Column("name_en", types.CleanText(), nullable=False),
        sa.Column("sort_key", types.CleanText(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("class_code", types.CleanText(), nullable=True),
        sa.Column("special", sa.Boolean(), nullable=False),
        sa.Column(
            "origin",
            sa.Enum(
                "purchased",
                "developed",
                "donated",
                "other",
                name="origin",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("original_value", types.Fen(), nullable=True),
        sa.Column("funds", types.CleanText(), nullable=False),
        sa.Column("nation", types.CleanText(), nullable=False),
        sa.Column("maker", types.CleanText(), nullable=False),
        sa.Column("model", types.CleanText(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=True),
        sa.Column("modes", types.CanonicalJson(), nullable=False),
        sa.Column("fields", types.CanonicalJson(), nullable=False),
        sa.Column("subjects", types.CanonicalJson(), nullable=False),
        sa.Column("technical", types.CleanText(), nullable=False),
        sa.Column("functions", types.CleanText(), nullable=False),
        sa.Column("service_content", types.CleanText(), nullable=False),
        sa.Column("achievements", types.CleanText(), nullable=False),
        sa.Column("requirements", types.CleanText(), nullable=False),
        sa.Column("fee_text", types.CleanText(), nullable=False),
        sa.Column("service_url", types.CleanText(), nullable=False),
        sa.Column("town", types.CleanText(), nullable=False),
        sa.Column("address", types.CleanText(), nullable=False),
        sa.Column("postcode", types.CleanText(), nullable=False),
        sa.Column("contact", types.CleanText(), nullable=False),
        sa.Column("phone", types.CleanText(), nullable=False),
        sa.Column("email", types.CleanText(), nullable=False),
        sa.Column("image_file_id", types.BigId, nullable=True),
        sa.Column("customs_supervised", sa.Boolean(), nullable=False),
        sa.Column("customs_declaration", types.CleanText(), nullable=False),
        sa.Column("customs_item", types.CleanText(), nullable=False),
        sa.Column("customs_released_on", sa.Date(), nullable=True),
        sa.Column("calendar_id", types.BigId, nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=True),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("grid_minutes", sa.Integer(), nullable=False),
        sa.Column("min_minutes", sa.Integer(), nullable=False),
        sa.Column("max_minutes", sa.Integer(), nullable=False),
        sa.Column("lead_minutes", sa.Integer(), nullable=False),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("cancel_hours", sa.Integer(), nullable=False),
        sa.Column("early_start_minutes", sa.Integer(), nullable=False),
        sa.Column("late_start_minutes", sa.Integer(), nullable=False),
        sa.Column("buffer_before_minutes", sa.Integer(), nullable=False),
        sa.Column("buffer_after_minutes", sa.Integer(), nullable=False),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.Column("pending_blocks", sa.Boolean(), nullable=False),
        sa.Column("closed_on_holidays", sa.Boolean(), nullable=False),
        sa.Column("import_run_id", types.BigId, nullable=True),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("public_id", types.CleanText(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "NOT customs_supervised OR length(customs_declaration) = 18", name=op.f("ck_instruments_customs")
        ),
        sa.CheckConstraint(
            "buffer_before_minutes >= 0 AND buffer_after_minutes >= 0", name=op.f("ck_instruments_buffers")
        ),
        sa.CheckConstraint(
            "grid_minutes > 0 AND min_minutes > 0 AND max_minutes >= min_minutes", name=op.f("ck_instruments_lengths")
        ),
        sa.CheckConstraint(
            "lead_minutes >= 0 AND horizon_days > 0 AND cancel_hours >= 0", name=op.f("ck_instruments_horizon")
        ),
        sa.CheckConstraint("part IS NULL OR (part >= 1 AND NOT whole)", name=op.f("ck_instruments_part")),
        sa.ForeignKeyConstraint(["calendar_id"], ["calendars.id"], name=op.f("fk_instruments_calendar_id")),
        sa.ForeignKeyConstraint(["class_code"], ["instrument_classes.code"], name=op.f("fk_instruments_class_code")),
        sa.ForeignKeyConstraint(
            ["evaluation_unit_id"], ["evaluation_units.id"], name=op.f("fk_instruments_evaluation_unit_id")
        ),
        sa.ForeignKeyConstraint(["image_file_id"], ["stored_files.id"], name=op.f("fk_instruments_image_file_id")),
        sa.ForeignKeyConstraint(["import_run_id"], ["import_runs.id"], name=op.f("fk_instruments_import_run_id")),
        sa.ForeignKeyConstraint(["provider_id"], ["organisations.id"], name=op.f("fk_instruments_provider_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instruments")),
        sa.UniqueConstraint("calendar_id", "part", name=op.f("uq_instruments_calendar_id_part")),
        sa.UniqueConstraint("provider_id", "inner_id", name=op.f("uq_instruments_provider_id_inner_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_instruments_public_id")),
    )
    op.create_index(op.f("ix_instruments_calendar_id"), "instruments", ["calendar_id"], unique=False)
    op.create_index(op.f("ix_instruments_class_code"), "instruments", ["class_code"], unique=False)
    op.create_index(op.f("ix_instruments_import_run_id"), "instruments", ["import_run_id"], unique=False)
    op.create_index(op.f("ix_instruments_provider_id"), "instruments", ["provider_id"], unique=False)
    op.create_index("ix_instruments_public", "instruments", ["state", "share_mode", "sort_key"], unique=False)
    op.create_index(op.f("ix_instruments_town"), "instruments", ["town"], unique=False)
    op.create_index(
        "ix_instruments_whole",
        "instruments",
        ["calendar_id"],
        unique=True,
        sqlite_where=sa.text("whole"),
        postgresql_where=sa.text("whole"),
    )
    op.create_table(
        "instrument_managers",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("instrument_id", types.BigId, nullable=False),
        sa.Column("user_id", types.BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instruments.id"], name=op.f("fk_instrument_managers_instrument_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_instrument_managers_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument_managers")),
        sa.UniqueConstraint("instrument_id", "user_id", name=op.f("uq_instrument_managers_instrument_id_user_id")),
    )
    op.create_index(op.f("ix_instrument_managers_user_id"), "instrument_managers", ["user_id"], unique=False)
    op.create_table(
        "opening_exceptions",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("instrument_id", types.BigId, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=True),
        sa.Column("closes", sa.Integer(), nullable=True),
        sa.Column("reason", types.CleanText(), nullable=False),
        sa.CheckConstraint(
            "(opens IS NULL AND closes IS NULL) OR (opens >= 0 AND closes > opens)",
            name=op.f("ck_opening_exceptions_span"),
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instruments.id"], name=op.f("fk_opening_exceptions_instrument_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_exceptions")),
        sa.UniqueConstraint(
            "instrument_id", "day", "opens", name=op.f("uq_opening_exceptions_instrument_id_day_opens")
        ),
    )
    op.create_table(
        "opening_spans",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("instrument_id", types.BigId, nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "opens >= 0 AND opens < 1440 AND closes > opens AND closes <= 2880", name=op.f("ck_opening_spans_span")
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_opening_spans_weekday")),
        sa.ForeignKeyConstraint(["instrument_id"], ["instruments.id"], name=op.f("fk_opening_spans_instrument_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_spans")),
    )
    op.create_index(op.f("ix_opening_spans_instrument_id"), "opening_spans", ["instrument_id"], unique=False)
    guards.install(op, GUARDS)
    classes = sa.table("instrument_classes", *map(sa.column, ("code", "name", "name_en", "parent_code")))
    parents = {code: code[:2] if len(code) == 4 else None for code, _name, _name_en in CLASSES}
    op.bulk_insert(classes, [{"code": c, "name": n, "name_en": e, "parent_code": parents[c]} for c, n, e in CLASSES])
    fields = sa.table("priority_fields", *map(sa.column, ("code", "name", "name_en", "future")))
    op.bulk_insert(
        fields, [dict(zip(("code", "name", "name_en", "future"), row, strict=True)) for row in PRIORITY_FIELDS]
    )


def downgrade() -> None:
    op.drop_table("opening_spans")
    op.drop_table("opening_exceptions")
    op.drop_table("instrument_managers")
    op.drop_table("instruments")
    op.drop_table("import_rows")
    op.drop_table("import_runs")
    op.drop_table("public_holidays")
    op.drop_table("priority_fields")
    op.drop_table("instrument_classes")
    op.drop_table("calendars")
