"""A form that could not be taken yet comes back with everything typed and a button to send it again."""

from __future__ import annotations

import re

from flask import render_template, request
from flask.typing import ResponseReturnValue

NOT_KEPT = re.compile(r"csrf_token|.*(password|secret)|code")


def kept_fields() -> list[tuple[str, str]]:
    """What was typed, without passwords, one-time codes and files."""
    return [(name, text) for name, text in request.form.items(multi=True) if not NOT_KEPT.match(name)]


def something_left_out() -> bool:
    """Whether a password, a code or a file must be given once more."""
    return bool(request.files) or any(NOT_KEPT.match(name) for name in request.form if name != "csrf_token")


def offer_resend(status: int) -> ResponseReturnValue:
    """400: the form's token has expired. 401: the person was signed out meanwhile."""
    page = render_template(
        "web/resend.html", fields=kept_fields(), left_out=something_left_out(), signed_out=status == 401
    )
    return page, status
