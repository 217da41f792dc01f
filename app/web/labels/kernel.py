"""Words for what the kernel and the shell themselves refuse."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

LABELS: Mapping[str, Mapping[str, LazyString]] = {}

REFUSALS: Mapping[str, LazyString] = {
    "stale-version": _l(
        "Somebody else has changed this since you opened it. Look at the present state, then make your change again."
    ),
    "uscc-length": _l("A unified social credit code has 18 characters."),
    "uscc-character": _l("A unified social credit code uses digits and capital letters without I, O, S, V and Z."),
    "uscc-check": _l("The last character does not fit the others; please check the code for a typing mistake."),
}
