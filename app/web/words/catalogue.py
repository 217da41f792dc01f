"""Words of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

LABELS: Mapping[str, Mapping[str, LazyString]] = {
    "ServiceMode": {
        "self-operated": _l("Self-operated"),
        "assisted": _l("Assisted by the crew"),
        "commissioned": _l("Commissioned test"),
        "remote": _l("Remote"),
        "other": _l("Other way of working"),
    },
}

REFUSALS: Mapping[str, LazyString] = {}
