"""Real pages: the platform under gunicorn on a migrated SQLite file, seen through a watched Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.people import People, settle
from tests.browser.visitor import Visitor
from tests.rig.once import once
from tests.rig.site import Place, Site, serving


@pytest.fixture(scope="session")
def empty_database(session_folder: Path) -> Path:
    """A file that `flask db upgrade` has just made."""
    template = session_folder / "browser-template.db"
    place = Place(f"sqlite:///{template}", session_folder / "browser-template")
    once(session_folder, "browser-template", lambda: place.flask("db", "upgrade"))
    return template


@pytest.fixture(scope="module")
def place(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """An empty platform for the tests of one module, to be filled before it is served."""
    folder = tmp_path_factory.mktemp("place")
    shutil.copyfile(empty_database, folder / "platform.db")
    return Place(f"sqlite:///{folder / 'platform.db'}", folder)


@pytest.fixture(scope="module")
def site(place: Place) -> Iterator[Site]:
    with serving(place) as site:
        yield site


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[Callable[..., Visitor]]:
    """Open a fresh browser session; whatever goes wrong inside any page fails the test at its end."""
    open_contexts: list[BrowserContext] = []
    visitors: list[Visitor] = []

    def opened(language: str = "zh_CN", width: int = 1280, height: int = 900) -> Visitor:
        context = chromium.new_context(
            base_url=site.address, viewport={"width": width, "height": height}, locale=language.replace("_", "-")
        )
        context.add_cookies([{"name": "language", "value": language, "url": site.address}])
        open_contexts.append(context)
        visitors.append(Visitor(context.new_page(), language))
        return visitors[-1]

    yield opened
    for context in open_contexts:
        context.close()
    assert [fault for visitor in visitors for fault in visitor.faults] == []


@pytest.fixture(scope="module")
def people(place: Place) -> People:
    """The cast, with passwords, on the platform of this module."""
    return settle(place)
