"""Where a request may be sent next: only to a path of this site."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException

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
    return target


def next_path(fallback: str) -> str:
    """The page asked for before signing in, or `fallback`."""
    return safe_path(request.values.get("next")) or fallback


def asked() -> str:
    """The present address as a path."""
    return request.full_path if request.query_string else request.path


def current_path() -> str:
    """The page to come back to after a detour; of an address that only takes posts, the page its form stood on."""
    rule = request.url_rule
    if rule is None or "GET" in (rule.methods or ()):
        return asked()
    try:
        sent_from = urlsplit(request.referrer or "")
    except ValueError:  # any program may send any header
        return "/"
    path = f"{sent_from.path}?{sent_from.query}" if sent_from.query else sent_from.path
    return path if sent_from.netloc == request.host and safe_path(path) and _opens(sent_from.path) else "/"


def _opens(path: str) -> bool:
    try:
        current_app.create_url_adapter(request).match(path, method="GET")  # type: ignore[union-attr]
    except HTTPException:
        return False
    return True


def sign_in_address() -> str:
    return url_for("accounts.sign_in", next=safe_path(current_path()))


def back_path(fallback: str) -> str:
    """The page a small form (language, theme) was sent from, by its own hidden field."""
    return safe_path(request.form.get("back")) or fallback
