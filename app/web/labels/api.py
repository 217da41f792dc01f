"""Words for what only programs meet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

LABELS: Mapping[str, Mapping[str, LazyString]] = {}

# What pydantic calls a fault: what the field wants instead.
FAULTS: Mapping[str, LazyString] = {
    "missing": _l("it is required."),
    "extra_forbidden": _l("the operation knows no such field; leave it out."),
    "instant": _l(
        "a time is written like 2026-11-21T14:00:00+08:00, in whole seconds between 1990 and 2100, and its offset "
        "is required."
    ),
    "day": _l("a day is written like 2026-11-21."),
    "public_id": _l("an id is written like 01890000-0000-7000-8000-000000000000."),
    "string_unicode": _l("it contains characters that cannot be stored."),
    "string_type": _l("text is expected."),
    "int_type": _l("a whole number is expected."),
    "list_type": _l("a list is expected."),
    "model_type": _l("an object is expected."),
    "blank": _l("something that is seen is expected."),
    "bool_type": _l("true or false is expected."),
    "too_long": _l("at most %(max_length)s entries."),
    "string_too_long": _l("at most %(max_length)s characters."),
    "string_too_short": _l("at least %(min_length)s characters."),
    "string_pattern_mismatch": _l("it follows the pattern %(pattern)s."),
    "greater_than_equal": _l("a number from %(ge)s."),
    "less_than_equal": _l("a number up to %(le)s."),
    "enum": _l("one of %(expected)s is expected."),
}

# A problem that is known by its code rather than by its status.
TITLES: Mapping[str, LazyString] = {
    "slot-taken": _l("This time is taken"),
    "scope-missing": _l("The token lacks a scope"),
}

REFUSALS: Mapping[str, LazyString] = {
    "invalid-field": _l("This field is not as the operation wants it: %(fault)s"),
    "scope-missing": _l("This token lacks the scope %(scope)s; make one that has it on your account page."),
    "bad-etag": _l("If-Match carries the ETag of an earlier answer, such as “3”."),
    "idempotency-key-reused": _l("This key was used for another body; use a new key for a new request."),
    "idempotency-key-too-long": _l("An idempotency key has at most %(limit)s characters."),
}


def fault(kind: str, params: Mapping[str, Any]) -> str:
    """What the field wants, in the language of the request."""
    return str(FAULTS.get(kind, _l("see the description of the operation."))) % defaultdict(str, params)
