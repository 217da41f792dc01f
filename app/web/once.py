"""A form sent twice (a double click, a reload) takes effect once and leads to the same page."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, make_response, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from app.infra import idempotency
from app.infra.db import session
from app.infra.transactions import discard_deferred
from app.kernel.errors import DomainError
from app.web.current import current_actor, now
from app.web.resend import kept_fields

View = Callable[..., ResponseReturnValue]
KEY = re.compile(r"[ -~]{1,64}")


def once(view: View) -> View:
    """Wrap a view so that a form's key is answered once; other requests pass as they are."""

    @wraps(view)
    def endpoint(*args: Any, **values: Any) -> ResponseReturnValue:
        asked = _asked()
        if asked is None:
            return view(*args, **values)
        return _earlier(asked) or _answer(asked, lambda: view(*args, **values))

    return endpoint


def _asked() -> dict[str, Any] | None:
    """Who sent which key with what; secrets stay out, because a plain digest of them could be guessed."""
    key = request.form.get("idempotency_key", "") if request.method == "POST" else ""
    if not KEY.fullmatch(key) or current_actor().user_id is None:
        return None
    return {"actor_key": current_actor().key, "route": request.path, "key": key, "body": kept_fields()}


def _earlier(asked: dict[str, Any]) -> Response | None:
    earlier = idempotency.earlier_answer(**asked)
    return redirect(earlier[1], earlier[0]) if earlier else None  # type: ignore[return-value]


def _answer(asked: dict[str, Any], view: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    try:
        response = make_response(view())
        if 300 <= response.status_code < 400:
            idempotency.remember(**asked, status=response.status_code, answer=response.location, now=now())
            session.flush()
    except (DomainError, IntegrityError):
        if earlier := _of_the_quicker(asked):
            return earlier
        raise
    if response.status_code >= 400 and (earlier := _of_the_quicker(asked)):
        return earlier
    return response


def _of_the_quicker(asked: dict[str, Any]) -> Response | None:
    """The answer to the other of two at the same moment: its effect stands, and is what refused this one."""
    session.rollback()
    earlier = _earlier(asked)
    if earlier:
        discard_deferred()
    return earlier
