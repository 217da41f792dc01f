"""Light or dark, from a cookie and written by the server, so that no page flashes."""

from __future__ import annotations

from flask import request

COOKIE = "theme"
THEMES = ("light", "dark")


def theme() -> str:
    chosen = request.cookies.get(COOKIE)
    return chosen if chosen in THEMES else "light"


def other_theme() -> str:
    return "light" if theme() == "dark" else "dark"
