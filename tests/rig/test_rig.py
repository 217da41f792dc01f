"""The rig itself: PostgreSQL and Chromium are really there and can do what the tests rely on."""

from __future__ import annotations

import psycopg
import pytest
from playwright.sync_api import Browser

from tests.rig.postgres import Server


def test_postgres_has_exclusion_and_chinese_trigrams(postgres: Server) -> None:
    postgres.create("rig")
    with postgres.connect("rig") as connection:
        connection.execute("CREATE EXTENSION btree_gist")
        connection.execute("CREATE EXTENSION pg_trgm")
        row = connection.execute("SELECT cardinality(show_trgm('扫描电镜'))").fetchone()
    assert row is not None
    assert row[0] > 0


def test_a_copy_of_a_template_has_its_tables(postgres: Server) -> None:
    postgres.create("rig_template")
    with postgres.connect("rig_template") as connection:
        connection.execute("CREATE TABLE things (id int)")
    postgres.create("rig_copy", template="rig_template")
    with postgres.connect("rig_copy") as connection:
        assert connection.execute("SELECT count(*) FROM things").fetchone() == (0,)


def test_renewal_brings_back_rows_and_numbers_but_never_hides_a_changed_schema(postgres: Server) -> None:
    postgres.create("rig_original")
    with postgres.connect("rig_original") as connection:
        connection.execute("CREATE TABLE things (id int GENERATED ALWAYS AS IDENTITY, name text NOT NULL)")
        connection.execute("INSERT INTO things (name) VALUES ('kept')")
    for change in ("SELECT 1", "ALTER TABLE things ALTER name DROP NOT NULL", "DROP TABLE things"):
        postgres.renew("rig_renewed", template="rig_original")
        with postgres.connect("rig_renewed") as connection:
            assert connection.execute("SELECT id, name FROM things").fetchall() == [(1, "kept")]
            connection.execute("DELETE FROM things")
            assert connection.execute("INSERT INTO things (name) VALUES ('new') RETURNING id").fetchone() == (2,)
            with pytest.raises(psycopg.errors.NotNullViolation):
                connection.execute("INSERT INTO things (name) VALUES (NULL)")
            connection.execute(change)


@pytest.mark.browser
def test_chromium_draws_chinese(chromium: Browser) -> None:
    """A character without a glyph is drawn as the same box as any other: two must differ."""
    page = chromium.new_page()
    page.set_content("<p id=a>镜</p><p id=b>谱</p>")
    assert page.locator("#a").screenshot() != page.locator("#b").screenshot()
    page.close()
