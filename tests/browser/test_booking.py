"""Booking in the browser: drag over free time, see the price, book; and the same by keyboard without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import People
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

Visit = Callable[..., Visitor]
HALF_HOUR = 24


def drag(page: Page, day: int, first: int, last: int) -> None:
    """Select from half hour `first` to half hour `last` of the day."""
    page.locator(".week-calendar").scroll_into_view_if_needed()
    column = page.locator(".ec-body .ec-day").nth(day).bounding_box()
    assert column is not None
    drawn_from = int(page.locator(".week-calendar").get_attribute("data-from").partition(":")[0])  # type: ignore[union-attr]
    x, top = column["x"] + 30, column["y"] + 4 - 2 * drawn_from * HALF_HOUR
    page.mouse.move(x, top + first * HALF_HOUR)
    page.mouse.down()
    page.mouse.move(x, top + last * HALF_HOUR, steps=5)
    page.mouse.up()


@pytest.mark.parametrize(("language", "day", "first"), [("zh_CN", 1, 18), ("en", 2, 18), ("en", 3, 4)])
def test_dragging_shows_the_price_and_books(visit: Visit, people: People, language: str, day: int, first: int) -> None:
    """In the morning as the calendar opens, and at night a little way up."""
    visitor = visit(language)
    page = visitor.signs_in(people.addresses["researcher"])
    page.goto(f"/instruments/{people.instruments['microscope']}/book")
    page.locator(".ec-toolbar button").nth(1).click()  # next week
    page.wait_for_selector(".ec-body .ec-day")
    page.wait_for_load_state("networkidle")
    if first < 12:
        page.evaluate("document.querySelectorAll('.ec *').forEach(part => { part.scrollTop = 0 })")
    drag(page, day, first, first + 3)
    expect(page.locator("#quote")).to_contain_text("800.00")
    assert visitor.barriers() == []
    visitor.keeps("book")
    page.fill("[name=description]", "Fracture surfaces of alloy samples")
    page.locator("main form[method=post] .card-footer button").click()
    page.wait_for_url("**/bookings/*")
    expect(page.locator("main")).to_contain_text("800.00")
    assert visitor.barriers() == []
    visitor.keeps("booking")


def test_a_time_offered_instead_of_a_taken_one_keeps_what_was_typed(visit: Visit, people: People) -> None:
    visitor = visit("en")
    page = visitor.signs_in(people.addresses["researcher"])
    page.goto(f"/instruments/{people.instruments['microscope']}/book")
    day = page.locator("[data-slot-start]").first.get_attribute("data-slot-start")
    assert day is not None
    page.fill("[name=description]", "Fracture surfaces")
    page.fill("[name=starts_at]", f"{day[:10]}T10:10")
    page.fill("[name=ends_at]", f"{day[:10]}T11:50")
    page.locator("[name=purpose]").press("Tab")
    expect(page.locator("#quote .alert")).to_be_visible()
    page.locator("main .btn-list [data-slot-start]").first.click()
    assert page.input_value("[name=starts_at]") == day
    assert page.input_value("[name=description]") == "Fracture surfaces"
    expect(page.locator("#quote .text-success")).to_be_visible()
