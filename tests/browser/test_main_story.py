"""The main sentence in the browser, in both languages: list, book, use, charge, record, score – down to the row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.infra.clock import system_clock
from app.kernel.civil import civil_year, local
from tests.browser.people import People
from tests.browser.visitor import Visitor
from tests.rig.site import Place

pytestmark = pytest.mark.browser

Visit = Callable[..., Visitor]
NAMES = {"zh_CN": "原位力学测试台", "en": "In-situ mechanical stage"}


@pytest.fixture(scope="module")
def round_open(place: Place, people: People) -> int:
    """This year's round under the suggested scheme, opened at a shell."""
    year = civil_year(system_clock())
    place.flask("evaluation", "seed")
    place.flask("evaluation", "open", "--year", str(year))
    return year


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_one_instrument_from_listing_to_score(
    visit: Visit, people: People, place: Place, round_open: int, language: str
) -> None:
    name = NAMES[language]
    _lists(visit(language), people, name)
    _uses(visit(language), people, name)
    _is_paid(visit(language), people)
    place.flask("evaluation", "compute")
    _reads_the_score(visit(language), people, round_open)


def _lists(provider: Visitor, people: People, name: str) -> None:
    page = provider.signs_in(people.addresses["administrator"])
    _list_instrument(page, name)
    _set_rules(page)
    _set_price(page)
    _put_on_show(page)


def _uses(researcher: Visitor, people: People, name: str) -> None:
    """Find, book, start, stop, confirm with five stars."""
    page = researcher.signs_in(people.addresses["researcher"])
    page.goto("/")
    page.fill("[name=q]", name)
    page.keyboard.press("Enter")
    page.locator("article a", has_text=name).first.click()
    _book(page, researcher)
    page.locator("form[action$='/start'] button").click()
    expect(page.locator("form[action$='/stop']")).to_be_visible()
    page.wait_for_timeout(1100)  # a use lasts at least a second
    page.locator("form[action$='/stop'] button").click()
    page.locator("form[action$='/confirm'] input[value='5']").check()
    researcher.keeps("confirm")
    page.locator("form[action$='/confirm'] button").click()
    expect(page.locator("form[action$='/confirm']")).to_have_count(0)


def _is_paid(finance: Visitor, people: People) -> None:
    page = finance.signs_in(people.addresses["finance"])
    page.goto("/charges")
    page.locator("tbody a").first.click()
    for kind in ("invoiced", "received"):
        _mark(page, kind)
    finance.keeps("charge")


def _reads_the_score(clerk: Visitor, people: People, year: int) -> None:
    """From the scoreboard to the unit, its indicator, the rows, and one record."""
    page = clerk.signs_in(people.addresses["clerk"])
    page.goto("/evaluation")
    page.locator("main table a", has_text=str(year)).first.click()
    assert clerk.barriers() == []
    clerk.keeps("scoreboard")
    page.locator("main table a", has_text="University One").first.click()
    clerk.keeps("result")
    page.locator("main table a[href*='/count?counts=0']").click()  # a use of a minute has no substance
    clerk.keeps("rows")
    page.locator("main table a[href*='/records/']").first.click()
    expect(page.locator("main")).to_contain_text("Firm One")


def _list_instrument(page: Page, name: str) -> None:
    page.goto("/manage/instruments/new")
    page.fill("[name=name]", name)
    page.fill("[name=inner_id]", f"S-{name}")
    page.select_option("[name=class_code]", "0101")
    page.locator("main form[method=post] button.btn-primary").first.click()
    page.wait_for_url("**/manage/instruments/*")


def _set_rules(page: Page) -> None:
    """Open round the clock, and a use may start hours early, so that the test need not wait."""
    edit = page.url
    page.goto(f"{edit}/opening")
    for day in range(7):
        page.fill(f"[name=day_{day}]", "00:00-24:00")
    page.uncheck("[name=closed_on_holidays]")
    page.fill("[name=early_start_minutes]", "240")
    page.locator("main form[method=post] button.btn-primary").first.click()
    page.wait_for_load_state("networkidle")
    page.goto(edit)


def _set_price(page: Page) -> None:
    edit = page.url
    page.goto(f"{edit}/prices")
    page.select_option("[name=client_class]", "firm")
    page.fill("[name=hourly]", "400")
    page.fill("[name=valid_from]", local(system_clock()).date().isoformat())
    page.locator("main form[method=post] button.btn-primary").first.click()
    expect(page.locator("tbody")).to_contain_text("400.00")
    page.goto(edit)


def _put_on_show(page: Page) -> None:
    page.locator("form[action$='/state/listed'] button").click()
    expect(page.locator("form[action$='/state/suspended']")).to_be_visible()


def _book(page: Page, visitor: Visitor) -> None:
    page.locator("a[href$='/book']").first.click()
    soon = local(system_clock()) + timedelta(minutes=45)
    start = soon.replace(minute=soon.minute // 30 * 30, second=0)
    page.fill("[name=starts_at]", start.strftime("%Y-%m-%dT%H:%M"))
    page.fill("[name=ends_at]", (start + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"))
    page.fill("[name=description]", "Fracture surfaces")
    page.locator("main form[method=post] .card-footer button").click()
    page.wait_for_url("**/bookings/*")
    assert visitor.barriers() == []


def _mark(page: Page, kind: str) -> None:
    page.select_option("[name=kind]", kind)
    page.fill("[name=amount]", "400")
    page.fill("[name=on]", local(system_clock()).date().isoformat())
    page.fill("[name=document]", f"{kind}-1")
    page.locator("main form[method=post] button.btn-primary").first.click()
    expect(page.locator("main")).to_contain_text(f"{kind}-1")
