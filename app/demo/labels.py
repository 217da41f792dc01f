"""Labels of demo."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

LABELS: Mapping[str, Mapping[str, LazyString]] = {
    "DemoAction": {
        "demo.loaded": _l("Loaded the demo story"),
    },
}

REFUSALS: Mapping[str, LazyString] = {}
