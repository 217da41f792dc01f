"""The rig itself: PostgreSQL and Chromium are really there and can do what the tests rely on."""

from __future__ import annotations

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


@pytest.mark.browser
def test_chromium_draws_chinese(chromium: Browser) -> None:
    """A character without a glyph is drawn as the same box as any other: two must differ."""
    page = chromium.new_page()
    page.set_content("<p id=a>镜</p><p id=b>谱</p>")
    assert page.locator("#a").screenshot() != page.locator("#b").screenshot()
    page.close()
