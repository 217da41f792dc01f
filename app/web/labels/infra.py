"""Words for messages, files and repeated requests."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.web.labels.badge import GOOD, REFUSED, RUNNING, WAITING

LABELS = {
    "TaskState": {
        "waiting": _l("Waiting"),
        "running": _l("Running"),
        "done": _l("Done"),
        "failed": _l("Failed"),
    },
    "Channel": {"mail": _l("E-mail"), "sms": _l("Text message"), "in-app": _l("On this site")},
}

BADGES = {"TaskState": {"waiting": WAITING, "running": RUNNING, "done": GOOD, "failed": REFUSED}}

REFUSALS = {
    "file-too-large": _l("The file is larger than %(limit_mib)s MiB."),
    "idempotency-key-reused": _l("This form was already sent with other content; open it anew."),
}
