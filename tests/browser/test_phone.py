"""On a phone of 360 pixels every page that links lead to fits and shuts nobody out; booking needs no script."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from app.infra.clock import system_clock
from app.kernel.civil import civil_year
from tests.browser.people import PASSWORD, People
from tests.browser.visitor import Visitor
from tests.rig.site import Place, Site

pytestmark = pytest.mark.browser

Visit = Callable[..., Visitor]
WIDTH = 360
KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
# Files, and what ends a session; the language of a page is set by the visit.
NOT_PAGES = re.compile(r"format=|/api/|/static/|/letter$|/proof$|^/join/")
WALKERS = {"zh_CN": ("researcher", "administrator", "auditor"), "en": ("clerk", "keeper", "manager")}


@pytest.fixture(scope="module")
def booked(place: Place, people: People) -> None:
    """A computed year; the bookings come from the pages themselves."""
    place.flask("evaluation", "seed")
    place.flask("evaluation", "open", "--year", str(civil_year(system_clock())))
    place.flask("evaluation", "compute")


def test_booking_by_keyboard_without_javascript(chromium: Browser, site: Site, people: People, booked: None) -> None:
    context = chromium.new_context(
        base_url=site.address, java_script_enabled=False, viewport={"width": WIDTH, "height": 780}
    )
    page = context.new_page()
    page.goto("/sign-in")
    page.locator("[name=address]").focus()
    page.keyboard.type(people.addresses["researcher"])
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto("/?for=60")
    _enter(page, "article a[href*='starts_at']")
    page.locator("[name=description]").focus()
    page.keyboard.type("断口形貌")
    _enter(page, "main form[method=post] .card-footer button")
    page.wait_for_url("**/bookings/*")
    expect(page.locator("main")).to_contain_text("断口形貌")
    context.close()


def _enter(page: Page, selector: str) -> None:
    page.locator(selector).first.focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state()


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_page_fits_and_shuts_nobody_out(visit: Visit, people: People, booked: None, language: str) -> None:
    seen: set[str] = set()
    found: list[str] = []
    for who in WALKERS[language]:
        visitor = visit(language, width=WIDTH, height=780)
        visitor.signs_in(people.addresses[who])
        found += [f"{who} {fault}" for fault in _walk(visitor, seen)]
    assert found == []
    assert len(seen) > 25, f"the walk got nowhere: {sorted(seen)}"


def test_a_long_name_without_spaces_stays_in_the_window(visit: Visit, people: People) -> None:
    visitor = visit("en", width=WIDTH, height=780)
    page = visitor.signs_in(people.addresses["administrator"])
    page.goto("/manage/instruments/new")
    page.fill("[name=name]", "Unbroken" * 12)
    page.fill("[name=inner_id]", "L-1")
    page.locator("main form[method=post] button.btn-primary").first.click()
    page.wait_for_url("**/manage/instruments/*-*")
    here = page.url
    for address in (here, f"{here}/prices", f"{here}/opening", here.replace("/manage", "")):
        visitor.opens(address)
        assert not visitor.scrolls_sideways(), address


def _walk(visitor: Visitor, seen: set[str]) -> list[str]:
    """What is wrong with the pages that links lead to, one of each kind, those seen before left out."""
    to_do, faults = _links(visitor.opens("/")), []
    while to_do:
        address = to_do.pop(0)
        kind = KEY.sub("*", address.partition("?")[0])
        if kind in seen:
            continue
        seen.add(kind)
        page = visitor.opens(address)
        if visitor.scrolls_sideways():
            faults.append(f"{address} scrolls sideways")
        faults += [f"{address}: {barrier}" for barrier in visitor.barriers()]
        to_do += [link for link in _links(page) if not NOT_PAGES.search(link)]
    return faults


def _links(page: Page) -> list[str]:
    links: list[str] = page.eval_on_selector_all("a[href^='/']", "all => all.map(a => a.getAttribute('href'))")
    return [link for link in links if "#" not in link]
