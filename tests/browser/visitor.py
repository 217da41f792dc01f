"""Somebody in front of the browser: what they do, and what they must never see."""

from __future__ import annotations

from playwright.sync_api import Page, Response

from tests.browser import axe
from tests.browser.people import PASSWORD
from tests.rig.parts import ROOT

SCREENSHOTS = ROOT / "build/screenshots"


class Visitor:
    """A page with its language; keeps every script error, breach of the policy and server error it meets."""

    def __init__(self, page: Page, language: str) -> None:
        self.page, self.language = page, language
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._heard(message.type, message.text))
        page.on("response", self._answered)

    def _heard(self, kind: str, text: str) -> None:
        # The browser's own note on a 403 or 409 that a test asked for is no fault of the page.
        if kind == "error" and not text.startswith("Failed to load resource"):
            self.faults.append(f"{self.page.url}: {text}")

    def _answered(self, response: Response) -> None:
        missing = response.status == 404 and response.request.resource_type not in {"document", "fetch", "xhr"}
        if response.status >= 500 or missing:
            self.faults.append(f"{response.status} {response.url}")

    def opens(self, address: str) -> Page:
        self.page.goto(address)
        return self.page

    def signs_in(self, address: str, password: str = PASSWORD) -> Page:
        page = self.opens("/sign-in")
        page.fill("[name=address]", address)
        page.fill("[name=password]", password)
        page.locator("main form button").first.click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        if page.get_attribute("html", "lang") != self.language.replace("_", "-"):
            page.locator("button[name=language]").click()
        return page

    def keeps(self, name: str) -> None:
        """Keep a picture of the whole page under build/screenshots, by language."""
        folder = SCREENSHOTS / self.language
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"{name}.png", full_page=True)

    def barriers(self) -> list[str]:
        """What axe finds serious or critical on the open page."""
        return axe.findings(self.page)

    def scrolls_sideways(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
