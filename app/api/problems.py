"""What went wrong, as RFC 9457 problem details with the pages' refusal codes."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from app.api.schemas import Problem, RefusalOut, Unreadable
from app.kernel.canonical import plain
from app.kernel.errors import DomainError, Refusal, Stale
from app.web.current import request_id
from app.web.errors import WORDS
from app.web.labels import message
from app.web.labels.api import TITLES, fault

MEDIA_TYPE = "application/problem+json"
_CODES = {
    400: "malformed",
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    409: "conflict",
    412: "stale-version",
    413: "too-large",
    415: "not-json",
    428: "version-required",
    429: "too-many-requests",
    500: "defect",
    503: "unavailable",
}


class BadBody(DomainError):
    """The body does not have the operation's shape; each fault names its field."""

    def __init__(self, error: ValidationError) -> None:
        super().__init__("bad body")
        self._refusals = tuple(_fault(one) for one in error.errors(include_url=False))

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        return self._refusals


def _fault(one: Any) -> Refusal:
    field = ".".join(str(part) for part in one["loc"]) or None
    told = one.get("ctx", {})
    kind = str(told["error"]) if isinstance(told.get("error"), Unreadable) else one["type"]
    return Refusal("invalid-field", {"fault": fault(kind, told)}, field)


def present(status: int, refusals: tuple[Refusal, ...], error: Exception) -> Response:
    """The answer for any error under /api/; also for those the framework raises by itself."""
    stale = error.present if isinstance(error, Stale) else None
    status = 412 if stale is not None else status
    code = _code(status, refusals)
    title, advice = WORDS.get(status, WORDS[500 if status >= 500 else 400])
    messages = [message(refusal) for refusal in refusals]
    problem = Problem(
        type=f"/api/docs#{code}",
        title=str(TITLES.get(code, title)),
        status=status,
        detail=" ".join(messages) or str(advice),
        code=code,
        refusals=[_serialize_refusal(r, words) for r, words in zip(refusals, messages, strict=True)],
        request_id=request_id(),
        present_version=stale,
    )
    response = make_response(problem.model_dump_json(), status)
    response.headers["Content-Type"] = MEDIA_TYPE
    for name, value in _protocol_headers(status, error).items():
        response.headers[name] = value
    return response


def _code(status: int, refusals: tuple[Refusal, ...]) -> str:
    """The first refusal's; a time that is taken decides the status and so the code, wherever it stands."""
    if any(refusal.code == "slot-taken" for refusal in refusals):
        return "slot-taken"
    return refusals[0].code if refusals else _CODES.get(status, "defect" if status >= 500 else "malformed")


def _serialize_refusal(refusal: Refusal, words: str) -> RefusalOut:
    return RefusalOut(code=refusal.code, detail=words, field=refusal.field, params=plain(dict(refusal.params)))


def _protocol_headers(status: int, error: Exception) -> dict[str, str]:
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    if isinstance(error, HTTPException):
        headers |= {k: v for k, v in error.get_headers() if k in {"Allow", "Retry-After"}}
    return headers
