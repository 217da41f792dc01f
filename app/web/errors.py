"""The one place that turns what went wrong into a page, in the reader's language and inside the shell."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from flask import Flask, Response, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, PreconditionFailed, SecurityError

from app.access import NOBODY
from app.infra.engines import is_malformed
from app.kernel.errors import DomainError, Refusal
from app.web.current import request_id, wants_page
from app.web.labels import message
from app.web.resend import offer_resend

log = logging.getLogger(__name__)
PLAIN = "text/plain; charset=utf-8"

# status: what happened, what to do
WORDS: Mapping[int, tuple[LazyString, LazyString]] = {
    400: (_l("The request could not be understood"), _l("Go back, check what was entered and send it again.")),
    401: (_l("Please sign in"), _l("This page is only for people who have signed in.")),
    403: (_l("You may not do this"), _l("Your role does not allow it. Ask the administrator of your organisation.")),
    404: (_l("There is no such page"), _l("The address may be mistyped, or the page is not open to you.")),
    405: (_l("This page cannot be asked in that way"), _l("Go back and use the buttons of the page.")),
    409: (_l("Somebody was quicker"), _l("The data changed while you were working. Look at it again and repeat.")),
    412: (_l("Somebody was quicker"), _l("The data changed while you were working. Look at it again and repeat.")),
    413: (_l("The file is too large"), _l("Choose a smaller file or split it.")),
    422: (_l("This cannot be done"), _l("The rules named below say no. Nothing was changed.")),
    429: (_l("Too many attempts"), _l("Wait a while before trying again.")),
    500: (
        _l("Something went wrong here"),
        _l("Nothing was changed. Please try again; if it stays, report the number."),
    ),
    503: (_l("The platform is busy or under maintenance"), _l("Nothing was changed. Try again in a minute.")),
}

Presenter = Callable[[int, tuple[Refusal, ...], Exception], ResponseReturnValue]


def present_api_errors(app: Flask, presenter: Presenter) -> None:
    """Let the API feature answer for /api/ in its own shape (problem details)."""
    app.extensions["api_error_presenter"] = presenter


def init_app(app: Flask) -> None:
    app.register_error_handler(DomainError, lambda e: answer(e.status, e.refusals, e))
    app.register_error_handler(HTTPException, on_http_exception)
    app.register_error_handler(OperationalError, on_database_absent)
    app.register_error_handler(StaleDataError, lambda e: answer(409, (), e))
    app.register_error_handler(IntegrityError, on_integrity_error)
    app.register_error_handler(Exception, on_defect)
    app.after_request(without_the_file)


def on_http_exception(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if isinstance(error, SecurityError):  # a foreign host name: no address of ours can be written into a page
        return str(_l("This platform does not answer to that host name.")), status, {"Content-Type": PLAIN}
    if isinstance(error, CSRFError) and wants_page():
        return offer_resend(400)
    return answer(status, (), error)


def on_database_absent(error: OperationalError) -> ResponseReturnValue:
    log.error("database error", exc_info=error, extra={"request_id": request_id()})
    return answer(503, (), error)


def on_integrity_error(error: IntegrityError) -> ResponseReturnValue:
    """Two at the same moment, and a constraint decided; but a row that no other row stands against is a defect."""
    return on_defect(error) if is_malformed(error) else answer(409, (), error)


def on_defect(error: Exception) -> ResponseReturnValue:
    shown_raw = current_app.config["PROPAGATE_EXCEPTIONS"]
    if current_app.testing if shown_raw is None else shown_raw:
        raise error
    log.error("unexpected error", exc_info=error, extra={"request_id": request_id()})
    return answer(500, (), error)


def without_the_file(response: Response) -> Response:
    """Werkzeug answers a file that If-Match does not name with 412 and the file as its body; words replace it."""
    if response.status_code != 412 or not response.is_streamed:
        return response
    response.close()
    g.pop("kept_a_day", None)
    return current_app.make_response(answer(412, (), PreconditionFailed()))


def answer(status: int, refusals: tuple[Refusal, ...], error: Exception) -> ResponseReturnValue:
    presenter: Presenter | None = current_app.extensions.get("api_error_presenter")
    if presenter and request.path.startswith("/api/"):
        return presenter(status, refusals, error)
    title, advice = WORDS.get(status, WORDS[500 if status >= 500 else 400])
    sentences = [message(refusal) for refusal in refusals]
    headers = _kept_headers(status, error)
    if not wants_page():
        body = {"title": str(title), "status": status, "detail": " ".join(sentences), "request_id": request_id()}
        return body, status, headers
    if status >= 500:
        g.actor = NOBODY  # the shell must not ask a database that has just failed
    page = render_template(
        "web/error.html", status=status, title=title, advice=advice, sentences=sentences, request_id=request_id()
    )
    return page, status, headers


def _kept_headers(status: int, error: Exception) -> dict[str, str]:
    """Of the exception's own headers only those the protocol asks for."""
    kept: dict[str, str] = {}
    if (wait := getattr(error, "retry_after", None)) is not None and not isinstance(error, HTTPException):
        kept["Retry-After"] = str(wait)
    if isinstance(error, HTTPException):
        kept |= {k: v for k, v in error.get_headers() if k in {"Allow", "Retry-After", "WWW-Authenticate"}}
    if status == 503:
        kept.setdefault("Retry-After", "60")
    return kept
