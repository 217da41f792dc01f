"""On an English page whatever has an English name is called by it; on a Chinese page by its registered one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import update

from app.catalogue.models import Instrument
from app.infra.db import session
from app.infra.transactions import transaction
from app.organisations.models import Organisation
from app.web.i18n import CHINESE, COOKIE, ENGLISH
from tests.access.asking import GRANTED, address
from tests.access.bodies import QUERIES
from tests.access.conftest import Scene
from tests.access.table import read

REGISTERED, TRANSLATED = "Registered:", "Translated:"
# Where both names are told on purpose.
BOTH = {
    "/": "the registered name stands below the English one",
    "/instruments/<uuid:instrument>": "the other name stands below the title",
    "/manage/instruments/<uuid:instrument>": "both are typed in there",
    "/organisations/<uuid:organisation_id>": "both are told, and those of former years",
    "/organisations/<uuid:organisation_id>/edit": "both are typed in there",
    "/applications/<uuid:application_id>": "what is verified is the registered name",
}
PAGES = [row for row in read() if row.method == "GET" and not row.rule.startswith("/api/v1")]


@pytest.fixture(scope="module")
def named_twice(scene: Scene) -> Scene:
    with transaction():
        for model in (Instrument, Organisation):
            session.execute(update(model).values(name=REGISTERED + model.name, name_en=TRANSLATED + model.name))
    return scene


@pytest.mark.parametrize(
    ("language", "own", "foreign"), [(ENGLISH, TRANSLATED, REGISTERED), (CHINESE, REGISTERED, TRANSLATED)]
)
@pytest.mark.parametrize("rig", ["sqlite"], indirect=True, scope="module")
def test_pages_call_things_by_the_name_of_their_language(
    named_twice: Scene, language: str, own: str, foreign: str
) -> None:
    shown = list(_pages(named_twice, language))
    assert sum(own in text for _page, text in shown) > len(shown) // 2
    assert {page for page, text in shown if page not in BOTH and foreign in text} == set()


def _pages(scene: Scene, language: str) -> Iterator[tuple[str, str]]:
    """(rule, what a person reads) of every page for everybody who is shown it."""
    for row in PAGES:
        for role in (role for role, sign in row.signs.items() if sign == GRANTED):
            client = scene.app.test_client()
            client.set_cookie(scene.app.config["SESSION_COOKIE_NAME"], scene.world.visits[role].cookie)
            client.set_cookie(COOKIE, language)
            answer = client.get(address(scene.world, row.rule, row.label), query_string=QUERIES.get(row.rule))
            if answer.mimetype in ("text/html", "application/json"):
                yield row.rule, re.sub(r"<textarea.*?</textarea>|<input[^>]*>", "", answer.text, flags=re.DOTALL)
