"""Words for what only programs meet."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

LABELS: Mapping[str, Mapping[str, LazyString]] = {}

REFUSALS: Mapping[str, LazyString] = {
    "invalid-field": _l("This field is not as the operation wants it: %(fault)s"),
    "bad-etag": _l("If-Match carries the ETag of an earlier answer, such as “3”."),
    "idempotency-key-reused": _l("This key was used for another body; use a new key for a new request."),
    "idempotency-key-too-long": _l("An idempotency key has at most %(limit)s characters."),
}
