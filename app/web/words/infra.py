"""Words for messages, files and repeated requests."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

LABELS = {
    "Channel": {"mail": _l("E-mail"), "sms": _l("Text message"), "in-app": _l("On this site")},
}

REFUSALS = {
    "file-too-large": _l("The file is larger than %(limit_mib)s MiB."),
    "idempotency-key-reused": _l("This form was already sent with other content; open it anew."),
}
