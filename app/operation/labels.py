"""Labels of operation."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

LABELS: Mapping[str, Mapping[str, LazyString]] = {
    "BackupAction": {
        "backup.restored": _l("Restored a backup"),
        "backup.made": _l("Made a backup"),
    },
}

REFUSALS: Mapping[str, LazyString] = {}
