"""Where a request may be sent next: only to a path of this site."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request, url_for

LONGEST = 2000


def safe_path(target: str | None) -> str | None:
    """`target` if it is a plain path of this site, else None.

    Browsers read a backslash as a slash and drop control characters, so both are refused
    together with everything that has a scheme or a host.
    """
    if not target or len(target) > LONGEST or not target.startswith("/") or target.startswith("//"):
        return None
    if "\\" in target or any(ord(c) <= 32 or ord(c) == 127 for c in target):
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else target


def next_path(fallback: str) -> str:
    """The page asked for before signing in, or `fallback`."""
    return safe_path(request.values.get("next")) or fallback


def here() -> str:
    """The present address as a path, to come back to after a detour."""
    return request.full_path if request.query_string else request.path


def sign_in_address() -> str:
    return url_for("accounts.sign_in", next=safe_path(here()))


def back_path(fallback: str) -> str:
    """The page a small form (language, theme) was sent from, by its own hidden field."""
    return safe_path(request.form.get("back")) or fallback
