"""The shell of every page in a real browser: both languages, both themes, a phone, and no breach of the policy."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

Visit = Callable[..., Visitor]
PLAIN_PAGE = "/accessibility"


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_plain_page_has_no_barriers(visit: Visit, language: str) -> None:
    visitor = visit(language)
    page = visitor.opens(PLAIN_PAGE)
    assert page.get_attribute("html", "lang") == language.replace("_", "-")
    assert visitor.barriers() == []
    visitor.keeps("accessibility")


def test_the_dark_theme_has_no_barriers(visit: Visit) -> None:
    visitor = visit()
    page = visitor.opens(PLAIN_PAGE)
    page.locator("button[name=theme][value=dark]").click()
    assert page.get_attribute("html", "data-bs-theme") == "dark"
    assert visitor.barriers() == []
    visitor.keeps("accessibility-dark")


def test_a_phone_needs_no_sideways_scrolling(visit: Visit) -> None:
    visitor = visit(width=360, height=740)
    visitor.opens(PLAIN_PAGE)
    assert not visitor.scrolls_sideways()
    visitor.keeps("accessibility-phone")


def test_a_missing_page_says_so_with_a_request_id(visit: Visit) -> None:
    visitor = visit("en")
    page = visitor.opens("/no-such-page")
    request_id = page.evaluate("fetch(location.href).then(answer => answer.headers.get('x-request-id'))")
    assert request_id
    assert visitor.barriers() == []
