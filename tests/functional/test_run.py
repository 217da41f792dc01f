"""`make run` as a newcomer meets it: it prints where to go and as whom, and everything in every role's menu opens."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from tests.fuzz.forms import forms_of
from tests.rig.parts import ROOT
from tests.rig.site import free_port, stop

ROLES = 11  # that the story shows to a newcomer


@contextmanager
def started(folder: Path) -> Iterator[str]:
    """What has been printed when the platform is up; ends it as Ctrl+C would."""
    told = {"DATABASE_URL": f"sqlite:///{folder / 'platform.db'}", "DATA_FOLDER": str(folder)}
    environment = {name: value for name, value in os.environ.items() if name != "APP_ENV"}
    log = folder / "run.log"
    with log.open("wb") as out:
        call = [sys.executable, "-m", "tools.serve", str(free_port())]
        process = subprocess.Popen(call, cwd=ROOT, env={**environment, **told}, stdout=out, stderr=out)
    try:
        last = time.monotonic() + 180
        while "in a browser" not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < last, log.read_text()
            time.sleep(0.1)
        yield log.read_text()
    finally:
        stop(process)
    assert process.returncode == 0


class Menu(HTMLParser):
    """Every address in the header."""

    def __init__(self) -> None:
        super().__init__()
        self.inside, self.found = False, set[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside |= tag == "header"
        address = dict(attrs).get("href") or ""
        if self.inside and tag == "a" and address.startswith("/"):
            self.found.add(address)

    def handle_endtag(self, tag: str) -> None:
        self.inside &= tag != "header"


def signed_in(address: str, who: str, password: str) -> OpenerDirector:
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    page = browser.open(f"{address}sign-in").read().decode()
    action, fields = next(form for form in forms_of(f"{address}sign-in", page) if "password" in form[1])
    sent = urlencode({**fields, "address": who, "password": password}).encode()
    browser.open(address.rstrip("/") + action, data=sent)
    return browser


def menu_of(browser: OpenerDirector, address: str) -> set[str]:
    reader = Menu()
    reader.feed(browser.open(f"{address}desk").read().decode())
    return reader.found


def test_a_newcomer_gets_in_as_everybody_shown_and_opens_all_that_is_offered(tmp_path: Path) -> None:
    with started(tmp_path) as printed:
        address = str(re.findall(r"http://127\.0\.0\.1:\d+/", printed)[-1])
        people = re.findall(r"\S+@demo\.invalid", printed)
        password = re.findall(r"password for all: (\S+)", printed)[0]
        assert len(people) == ROLES
        offered, wrong = {}, []
        for who in people:
            browser = signed_in(address, who, password)
            offered[who] = menu_of(browser, address)
            for path in sorted(offered[who]):
                try:
                    browser.open(address.rstrip("/") + path).read()
                except HTTPError as error:
                    wrong.append((who, path, error.code))
        assert wrong == []
        assert all(len(menu) > 5 for menu in offered.values()), offered
    with started(tmp_path) as again:
        assert "there already" in again
