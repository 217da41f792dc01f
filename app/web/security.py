"""What every answer carries and every unsafe request must show, whichever feature is behind it."""

from __future__ import annotations

from flask import Flask, Response, abort, current_app, g, request
from flask_wtf import CSRFProtect

from app.web.current import request_id

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
}
HSTS = "max-age=31536000; includeSubDomains"

FORM = "application/x-www-form-urlencoded"

csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    app.before_request(limit_body)
    app.before_request(refuse_foreign_origin)
    csrf.init_app(app)
    app.after_request(harden)


def limit_body() -> None:
    """Only an upload may be long; any other body is read whole and taken apart in memory."""
    if request.mimetype != "multipart/form-data":
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]
    if request.mimetype == FORM and request.get_data().count(b"&") >= (request.max_form_parts or 0):
        abort(413)  # a form that has expired is written out again, each field some twenty times as long


def refuse_foreign_origin() -> None:
    """A second wall beside the token: browsers say where an unsafe request comes from."""
    if request.method in SAFE_METHODS:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        abort(403)
    origin = request.headers.get("Origin")
    if origin is not None and origin.lower() != f"{request.scheme}://{request.host}".lower():
        abort(403)


def keep_a_day(response: Response) -> Response:
    """Let this one browser keep the answer, whose address changes when it does."""
    g.kept_a_day = True
    response.cache_control.private, response.cache_control.max_age = True, 86_400
    response.cache_control.no_cache = None
    return response


def harden(response: Response) -> Response:
    for name, text in HEADERS.items():
        response.headers.setdefault(name, text)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", HSTS)
    if request.endpoint != "static" and not g.get("kept_a_day"):
        response.headers["Cache-Control"] = "no-store"  # files too: they are sent with a weaker one of their own
        response.headers.add("Vary", "Cookie")
    response.headers["X-Request-Id"] = request_id()
    return response
