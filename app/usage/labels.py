"""Words of use: what happened at the instrument."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

LABELS: Mapping[str, Mapping[str, LazyString]] = {
    "UsageFlag": {"late": _l("Started late"), "overtime": _l("Ran over"), "left-early": _l("Left early")},
    "Basis": {"used": _l("Time used"), "booked-or-longer": _l("Time booked, or used where that is longer")},
}

REFUSALS: Mapping[str, LazyString] = {
    "too-early-to-start": _l("It is too early to start; from %(earliest)s you can."),
    "too-late-to-start": _l(
        "It is too late to start: the booking was given up at %(latest)s. Ask the staff or book again."
    ),
    "in-the-future": _l("This lies in the future; please correct it."),
    "confirms-for-both-sides": _l(
        "Somebody with a role at the provider does not confirm for the client; please ask a colleague of the client."
    ),
    "rating-out-of-range": _l("A rating lies between 1 and 5."),
}
