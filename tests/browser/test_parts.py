"""Calendar, timeline, charts and dialogs in a real browser, far from Shanghai and under the strict policy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import findings
from tests.browser.workbench import Workbench, laid_out

pytestmark = pytest.mark.browser

HALF_HOUR = 24


@pytest.fixture(scope="module")
def bench() -> Iterator[Workbench]:
    with laid_out() as bench:
        yield bench


@pytest.fixture
def page(chromium: Browser, bench: Workbench) -> Iterator[Page]:
    """A page whose browser stands in New York and tells of every breach of the policy and every script error."""
    bench.clear()
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, timezone_id="America/New_York")
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    context.close()
    assert wrong == []


def select(page: Page, day: int, first: int, last: int) -> None:
    """Drag down the column of `day` from half hour `first` to half hour `last`, counted from the top."""
    column = page.locator(".ec-body .ec-day").nth(day).bounding_box()
    assert column is not None
    x, top = column["x"] + 30, column["y"] + 4
    page.mouse.move(x, top + first * HALF_HOUR)
    page.mouse.down()
    page.mouse.move(x, top + last * HALF_HOUR, steps=5)
    page.mouse.up()


def test_dragging_fills_the_fields_with_shanghai_time(page: Page, bench: Workbench) -> None:
    page.goto(bench.page("calendar"))
    page.wait_for_selector(".ec-body .ec-day")
    select(page, day=4, first=4, last=7)
    assert page.input_value("#starts") == "2026-11-20T10:00"
    assert page.input_value("#ends") == "2026-11-20T12:00"
    expect(page.locator(".kind-wish")).to_contain_text("10:00")


def test_typing_draws_what_is_wished(page: Page, bench: Workbench) -> None:
    page.goto(bench.page("calendar"))
    page.wait_for_selector(".ec-body .ec-day")
    page.fill("#starts", "2026-11-18T14:00")
    page.fill("#ends", "2026-11-18T15:30")
    expect(page.locator(".kind-wish")).to_contain_text("14:00–15:30")


SEEN = """() => {
    const box = (one) => document.querySelector(one).getBoundingClientRect();
    const [wish, pane] = [box(".kind-wish"), box(".ec-main")];
    return wish.top >= pane.top && wish.bottom <= pane.bottom;
}"""


@pytest.mark.parametrize("hour", ["08", "19"])
def test_what_is_wished_is_scrolled_to(page: Page, bench: Workbench, hour: str) -> None:
    page.goto(bench.page("calendar"))
    page.wait_for_selector(".ec-body .ec-day")
    page.evaluate(
        "(pane => { pane.style.maxHeight = '14rem'; pane.scrollTop = 150 })(document.querySelector('.ec-main'))"
    )
    page.fill("#starts", f"2026-11-18T{hour}:00")
    page.fill("#ends", f"2026-11-18T{hour}:30")
    page.wait_for_selector(".kind-wish")
    page.wait_for_function(SEEN)


def test_typing_a_far_date_turns_to_its_week(page: Page, bench: Workbench) -> None:
    page.goto(bench.page("calendar"))
    page.wait_for_selector(".ec-body .ec-day")
    page.fill("#starts", "2027-03-02T14:00")
    page.fill("#ends", "2027-03-02T15:30")
    expect(page.locator(".kind-wish")).to_contain_text("14:00–15:30")
    expect(page.locator(".ec-title")).to_have_text("2027-03-01 – 2027-03-07")


def test_a_selection_tells_the_form(page: Page, bench: Workbench) -> None:
    """htmx listens for `change` on the form to fetch the live quote."""
    page.goto(bench.page("calendar"))
    page.wait_for_selector(".ec-body .ec-day")
    page.evaluate("window.told = []; document.forms[0].addEventListener('change', e => told.push(e.target.id))")
    select(page, day=0, first=2, last=3)
    assert page.evaluate("told") == ["starts", "ends"]


def test_the_calendar_shows_each_kind_and_asks_for_its_week(page: Page, bench: Workbench) -> None:
    kinds = ["closed", "taken", "mine", "pending", "blocked"]
    bench.items = [
        {"start": f"2026-11-{16 + n}T09:00:00", "end": f"2026-11-{16 + n}T11:00:00", "kind": kind, "title": kind}
        for n, kind in enumerate(kinds)
    ]
    page.goto(bench.page("calendar"))
    for kind in kinds:
        expect(page.locator(f".kind-{kind}")).to_have_count(1)
    assert bench.asked == [{"start": "2026-11-16T00:00:00", "end": "2026-11-23T00:00:00"}]


def test_today_and_now_are_those_of_shanghai(page: Page, bench: Workbench) -> None:
    """In New York it is still Thursday evening."""
    page.clock.set_fixed_time("2026-11-20T02:30:00Z")
    page.goto(bench.page("calendar"))
    expect(page.locator(".ec-header .ec-today")).to_contain_text("20")
    today = page.locator(".ec-body .ec-day.ec-today")
    column, line = today.bounding_box(), page.locator(".ec-now-indicator").bounding_box()
    assert column is not None
    assert line is not None
    assert line["y"] + line["height"] / 2 - column["y"] == pytest.approx(5 * HALF_HOUR, abs=8)


def test_the_timeline_has_a_row_for_each_instrument(page: Page, bench: Workbench) -> None:
    bench.items = [
        {
            "start": "2026-11-19T09:00:00",
            "end": "2026-11-19T11:00:00",
            "kind": "mine",
            "title": "SEM",
            "instrument": "sem",
        }
    ]
    page.goto(bench.page("timeline"))
    expect(page.locator(".ec-sidebar a")).to_have_text("扫描电镜")
    row, event = page.locator(".ec-sidebar a").bounding_box(), page.locator(".ec-event").bounding_box()
    assert row is not None
    assert event is not None
    assert abs(row["y"] - event["y"]) < 20


def test_a_chart_is_drawn_from_its_table(page: Page, bench: Workbench) -> None:
    page.goto(bench.page("chart"))
    page.wait_for_selector(".chart canvas")
    drawn = page.evaluate("document.querySelector('.chart').chart.getOption().series.map(s => [s.name, s.data])")
    assert drawn == [["Income", [31.5, 12]], ["Clients", [20, 8]]]
    assert "甲大学" in (page.locator(".chart").get_attribute("aria-label") or "")
    page.locator(".chart canvas").hover()


@pytest.mark.parametrize("name", ["calendar", "timeline", "chart", "forms"])
def test_no_part_is_a_barrier(page: Page, bench: Workbench, name: str) -> None:
    item = {"start": "2026-11-19T09:00:00", "end": "2026-11-19T11:00:00", "kind": "mine", "title": "SEM"}
    bench.items = [{**item, "instrument": "sem", "url": "/bookings/1"}]
    page.goto(bench.page(name))
    page.wait_for_load_state("networkidle")
    assert findings(page) == []


def test_confirmation_comes_before_sending(page: Page, bench: Workbench) -> None:
    page.goto(bench.page("forms"))
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("dialog")).to_contain_text("Cancel this booking?")
    page.get_by_role("button", name="No").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert bench.sent == []
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Yes").click()
    page.wait_for_url("**/sent")
    assert bench.sent == [{"pressed": "cancel"}]


def test_a_form_pressed_twice_is_sent_once(page: Page, bench: Workbench) -> None:
    page.goto(bench.page("forms"))
    page.get_by_role("button", name="Book").dblclick()
    page.wait_for_url("**/sent")
    assert bench.sent == [{"pressed": "book"}]
