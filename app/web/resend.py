"""A form that could not be taken yet comes back with everything typed and a button to send it again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from sys import modules
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, SelectField, SelectMultipleField
from wtforms.fields.core import UnboundField

from app.kernel.money import Money
from app.web import cells
from app.web.forms import Form

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
        "web/resend.html",
        fields=kept_fields(),
        typed=typed(),
        left_out=something_left_out(),
        signed_out=status == 401,
    )
    return page, status


def typed() -> list[tuple[str, str]]:
    """(label, words) of what was typed or chosen; ids and keys that nobody reads go along unseen."""
    fields = (field for field in _form_sent().shown_fields() if field.name in request.form)
    written_out = ((field.label.text, _written_out(field)) for field in fields)
    return [(label, words) for label, words in written_out if words]


def _form_sent() -> Form:
    """The form that knows most of the fields that came, this feature's own first, then the one with the fewest others.

    When a token expires nothing has been looked at yet: no view can say which form it was.
    """
    sent = set(request.form)
    known = {kind: _names(kind) for kind in _kinds(Form)}
    best = min(known, key=lambda kind: (-len(sent & known[kind]), _foreign(kind), len(known[kind])))
    return best(formdata=MultiDict(kept_fields()), meta={"csrf": False})


def _kinds(base: type[Form]) -> Iterator[type[Form]]:
    """Forms as modules define them: those built for one request are gone with it."""
    for kind in base.__subclasses__():
        if getattr(modules[kind.__module__], kind.__name__, None) is kind:
            yield kind
        yield from _kinds(kind)


def _names(kind: type[Form]) -> set[str]:
    return {name for name in dir(kind) if isinstance(getattr(kind, name), UnboundField)}


def _foreign(kind: type[Form]) -> bool:
    return not kind.__module__.startswith(f"app.{request.blueprint}.")


def _written_out(field: Field) -> str:
    """A choice by its words, where they do not depend on who asks; a time as pages write it; else as typed."""
    if NOT_KEPT.match(field.name):
        return ""
    if isinstance(field, SelectField | SelectMultipleField):
        choices: Any = field.choices or ()
        named = {str(value): str(words) for value, words in choices}
        return cells.display([named[text] for text in field.raw_data or () if text and text in named])
    if isinstance(field, BooleanField):
        return cells.display(True)  # an empty box is not sent
    own: Any = field
    return cells.display(own.data) if isinstance(own.data, datetime | Money) else str(own._value())
