"""Words of the yearly evaluation."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.web.labels.badge import GOOD, REFUSED, RUNNING, WAITING, Badge

LABELS: Mapping[str, Mapping[str, LazyString]] = {
    "SchemeAction": {
        "scheme.published": _l("Published a scheme"),
    },
    "RoundAction": {
        "round.opened": _l("Opened a round"),
        "round.computed": _l("Computed a round"),
    },
    "RoundState": {"open": _l("Running"), "provisional": _l("Provisional"), "final": _l("Final")},
    "IndicatorCode": {
        "service-count": _l("Service count"),
        "service-income": _l("Service income"),
        "client-count": _l("Client count"),
        "satisfaction": _l("Satisfaction"),
        "completeness": _l("Completeness of evidence"),
    },
    "Method": {"target": _l("Against a target"), "share": _l("As a share")},
    "Grade": {"excellent": _l("Excellent"), "good": _l("Good"), "pass": _l("Pass"), "fail": _l("Fail")},
}

# What a scheme may require as evidence of a service.
PAPERS: Mapping[str, LazyString] = {
    "confirmation": _l("Confirmed by the client"),
    "invoice": _l("Invoiced in full"),
    "receipt": _l("Received in full"),
    "report": _l("Report delivered"),
    "rating": _l("Rated"),
}

# What a reader must know about the value of an indicator.
NOTES: Mapping[str, LazyString] = {
    "client-ceiling-reached": _l("Some clients have more services than count for one client."),
    "clients-below-floor": _l("Some clients stay below the least amount for one client."),
    "too-few-ratings": _l("There are too few ratings."),
    "no-ratings": _l("Nothing that counts has been rated."),
    "no-external-services": _l("There were no external services."),
}

BADGES: Mapping[str, Mapping[str, Badge]] = {
    "RoundState": {"open": RUNNING, "provisional": WAITING, "final": Badge("green", "lock")},
    "Grade": {"excellent": Badge("green", "trophy"), "good": GOOD, "pass": Badge("blue", "check"), "fail": REFUSED},
}

REFUSALS: Mapping[str, LazyString] = {
    "cut-off-too-early": _l("The cut-off comes on %(earliest)s at the earliest, when the year is over."),
    "round-open-already": _l("The round is open already, with %(cut_off)s as its cut-off."),
    "round-final": _l("The round is final; it is not computed again."),
    "scheme-unknown": _l("There is no scheme with the code %(scheme)s."),
    "scheme-shape": _l("The scheme cannot be read: %(about)s."),
    "scheme-weights": _l("The weights add up to %(sum)s, not to 100."),
    "scheme-target": _l("The indicator %(indicator)s has no positive target for the group %(group)s."),
    "scheme-indicator": _l("The indicator %(indicator)s is not known, or is named twice."),
    "scheme-groups": _l("The group %(key)s is named twice."),
    "scheme-grades": _l("The grades must fall from the highest score to zero."),
    "scheme-evidence": _l("The tiers of evidence must begin at zero and rise."),
}
