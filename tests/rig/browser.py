"""A real Chromium under Playwright."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.rig import parts

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
]


@contextmanager
def launched(folder: Path) -> Iterator[Browser]:
    """A headless browser; `folder` takes its font settings."""
    program = parts.chromium()
    if program is None:
        raise RuntimeError("no Chromium: run `make setup-tests`")
    # Playwright's own Node needs a library that a bare Debian lacks; the one in .tools/ does not.
    if parts.NODE.exists():
        os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(parts.NODE))
    with sync_playwright() as playwright:
        environment: dict[str, str | float | bool] = {**os.environ, **_libraries(program), **_fonts(folder)}
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS, env=environment)
        try:
            yield browser
        finally:
            browser.close()


def _libraries(program: Path) -> dict[str, str]:
    return {"LD_LIBRARY_PATH": str(program.parent / "lib")} if program.parent == parts.UNPACKED else {}


def _fonts(folder: Path) -> dict[str, str]:
    font = parts.chinese_font()
    if font in {None, "installed"}:
        return {}
    settings = folder / "fonts.conf"
    settings.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
        f"<dir>{font}</dir><cachedir>{folder}/fonts</cachedir></fontconfig>"
    )
    return {"FONTCONFIG_FILE": str(settings)}
