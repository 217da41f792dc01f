"""The scoreboard in the browser: ranked, drawn, and followed down to the rows, in both languages and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.access.actor import system
from app.evaluation.models import Result
from app.evaluation.services import rounds, schemes
from app.factory import create_app
from app.infra.db import db, session
from app.infra.transactions import transaction
from app.organisations.models import Kind, Organisation, OrganisationRole
from tests.browser.people import People
from tests.browser.visitor import Visitor
from tests.factories.instruments import instrument
from tests.factories.organisations import organisation
from tests.factories.records import record, settled
from tests.rig.site import Place

pytestmark = pytest.mark.browser

NOW = datetime(2026, 11, 20, tzinfo=UTC)
SHELL = system("test")


@pytest.fixture(scope="module")
def computed(place: Place, people: People) -> dict[str, str]:
    """A year with five institutions; (round, the university's result)."""
    app = create_app("testing", SQLALCHEMY_DATABASE_URI=place.database_url, DATA_FOLDER=str(place.folder))
    with app.app_context(), transaction():
        for n, name in enumerate(("Institute of Metals", "Institute of Optics", "Second Hospital")):
            kind = Kind.MEDICAL if "Hospital" in name else Kind.RESEARCH_INSTITUTE
            _serve(organisation(name, OrganisationRole.PROVIDER, kind=kind), 12 + 20 * n, n)
        _serve(session.scalars(select(Organisation).where(Organisation.name == "University One")).one(), 40, 3)
        round_ = rounds.open_round(schemes.seed(actor=SHELL, now=NOW), 2026, date(2027, 3, 31), actor=SHELL, now=NOW)
        rounds.compute_round(round_, actor=SHELL, now=NOW)
        mine = select(Result).join(Organisation).where(Organisation.name == "University One")
        found = {"round": round_.public_id, "result": session.scalars(mine).one().public_id}
    with app.app_context():
        db.engine.dispose()
    return found


def _serve(provider: Organisation, number: int, seed: int) -> None:
    firms = [organisation(f"Client {seed}-{n}", OrganisationRole.CLIENT) for n in range(3 + seed)]
    tool = instrument(provider, "Spectrometer")
    for n in range(number):
        ends = NOW - timedelta(days=3 + 4 * n, hours=seed)
        settled(tool, firms[n % len(firms)], 1500 + 100 * seed, rating=3 + n % 3, ends_at=ends)
    record(tool, firms[0], 700, ends_at=NOW - timedelta(days=1))


@pytest.mark.parametrize(("language", "width"), [("zh_CN", 1280), ("en", 1280), ("zh_CN", 360), ("en", 360)])
def test_the_operator_reads_the_scoreboard_down_to_the_row(
    visit: Callable[..., Visitor], people: People, computed: dict[str, str], language: str, width: int
) -> None:
    visitor = visit(language, width)
    page = visitor.signs_in(people.addresses["clerk"])
    page.goto("/evaluation")
    page.locator(f"a[href='/evaluation/{computed['round']}']").click()
    page.wait_for_selector("[data-chart] canvas")
    expect(page.locator("#scores tbody tr")).to_have_count(5)
    assert visitor.barriers() == []
    assert not visitor.scrolls_sideways()
    inside = "all => all.every(one => one.scrollWidth <= one.clientWidth)"
    assert page.eval_on_selector_all("main .table-responsive", inside)  # the grade is in sight
    visitor.keeps(f"scoreboard-{width}")
    page.locator(f"a[href='/evaluation/results/{computed['result']}']").click()
    page.wait_for_url("**/evaluation/results/*")
    assert visitor.barriers() == []
    assert not visitor.scrolls_sideways()
    visitor.keeps(f"result-{width}")
    page.goto(f"/evaluation/results/{computed['result']}/count?counts=0")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    assert visitor.barriers() == []
    assert not visitor.scrolls_sideways()
    visitor.keeps(f"result-rows-{width}")
    page.locator("#list tbody a").first.click()
    page.wait_for_url("**/records/*")


def test_an_institution_reads_its_own_running_score(
    visit: Callable[..., Visitor], people: People, computed: dict[str, str]
) -> None:
    visitor = visit("zh_CN")
    page = visitor.signs_in(people.addresses["administrator"])
    page.goto("/evaluation/own")
    page.locator(f"a[href='/evaluation/results/{computed['result']}']").click()
    page.wait_for_url("**/evaluation/results/*")
    assert visitor.barriers() == []
    page.goto("/manage/history")
    assert visitor.barriers() == []
    visitor.keeps("history")
