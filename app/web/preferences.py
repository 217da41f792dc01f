"""What a browser keeps for its visitor: language and colours, in cookies of a year."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

ONE_YEAR = 365 * 24 * 3600


def keep(response: Response, cookie: str, value: str) -> Response:
    """The answer, with the choice in a cookie that no script can read."""
    response.set_cookie(cookie, value, max_age=ONE_YEAR, secure=request.is_secure, httponly=True, samesite="Lax")
    return response
