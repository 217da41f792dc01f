"""Words of the yearly evaluation."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.web.labels.badge import GOOD, REFUSED, RUNNING, WAITING, Badge

# What an indicator is called: one line for each of `evaluation.rules.indicators`.
INDICATORS: Mapping[str, LazyString] = {
    "service-count": _l("Service count"),
    "service-income": _l("Service income"),
    "client-count": _l("Client count"),
    "satisfaction": _l("Satisfaction"),
    "completeness": _l("Completeness of evidence"),
}

# What a scheme may set for an indicator, by the name of the field.
SETTINGS: Mapping[str, LazyString] = {
    "per_client_ceiling": _l("at most %(value)s of one client"),
    "floor_fen": _l("clients who paid at least %(value)s in the year"),
    "least_ratings": _l("from %(value)s ratings"),
    "required": _l("required: %(value)s"),
}

LABELS: Mapping[str, Mapping[str, LazyString]] = {
    "SchemeAction": {
        "scheme.published": _l("Published a scheme"),
    },
    "RoundAction": {
        "round.opened": _l("Opened a round"),
        "round.computed": _l("Computed a round"),
        "round.closed": _l("Closed a round opened by mistake"),
        "round.finalised": _l("Made a round final"),
    },
    "RoundState": {
        "open": _l("Running"),
        "provisional": _l("Provisional"),
        "final": _l("Final"),
        "closed": _l("Closed (opened by mistake)"),
    },
    "Method": {"target": _l("Against a target"), "share": _l("As a share")},
    "Grade": {"excellent": _l("Excellent"), "good": _l("Good"), "pass": _l("Pass"), "fail": _l("Fail")},
    "RowColumn": {
        "paid-on": _l("Paid on"),
        "invoices": _l("Invoice"),
        "evidence": _l("Evidence"),
        "counts": _l("Counts"),
        "adds": _l("Adds"),
        "rating": _l("Rating"),
        "papers": _l("Evidence present"),
        "reasons": _l("Why not"),
        "counted-with": _l("Counted with"),
        "missing": _l("Still missing"),
    },
    "Wanted": {
        "object": _l("an object: {…}"),
        "list": _l("a list: […]"),
        "text": _l("text that is not empty"),
        "number": _l('a number written as text, such as "0.3"'),
        "whole": _l("a whole number without quotes, such as 30"),
        "flag": _l("true or false"),
        "day": _l('a day such as "2026-04-21"'),
    },
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
    "RoundState": {
        "open": RUNNING,
        "provisional": WAITING,
        "final": Badge("green", "lock"),
        "closed": Badge("grey", "ban"),
    },
    "Grade": {"excellent": Badge("green", "trophy"), "good": GOOD, "pass": Badge("blue", "check"), "fail": REFUSED},
}

REFUSALS: Mapping[str, LazyString] = {
    "cut-off-too-early": _l("The cut-off comes on %(earliest)s at the earliest, when the year is over."),
    "round-open-already": _l("The round is open already, with %(cut_off)s as its cut-off."),
    "round-open": _l("The year is not over; the round is still running."),
    "round-provisional": _l("The round is provisional already."),
    "round-final": _l("The round is final; it is not computed again."),
    "round-closed": _l("The round is closed; open the year anew if it is needed."),
    "round-trial": _l("The scheme does not cover the year: a trial round never becomes final."),
    "round-before-cut-off": _l("The round can become final when it has been computed after its cut-off, %(cut_off)s."),
    "round-computed-since": _l("The round has been computed again since you looked; please look at the new figures."),
    "round-of-before-a-final": _l(
        "Another year has been made final since this one was computed; please have it computed again."
    ),
    "round-differs": _l(
        "What is stored differs from what its inputs come to in %(number)s places; flask evaluation verify names them."
    ),
    "round-unknown": _l("No round of the scheme %(scheme)s is open for %(year)s."),
    "scheme-unknown": _l("There is no scheme with the code %(scheme)s."),
    "scheme-shape": _l("The file is no JSON document that can be read: %(about)s."),
    "scheme-weights": _l("%(place)s: the weights add up to %(sum)s; make it 100."),
    "scheme-target": _l('%(place)s has no target for the group %(group)s; name it, or "*" for all others.'),
    "scheme-no-target": _l("%(place)s is measured as a share; take its targets out."),
    "scheme-grades": _l(
        "%(place)s: name excellent, good, pass and fail once each, in this order, with falling lines that end at 0."
    ),
    "scheme-quota": _l("%(place)s: a quota is more than 0 and at most 1, and the last grade has none."),
    "scheme-evidence": _l("%(place)s: the tiers of evidence begin at from_fen 0 and rise."),
    "scheme-validity": _l("%(place)s comes before %(first)s, the first day of the validity."),
    "document-missing": _l("%(place)s is missing; add it."),
    "document-unknown-key": _l("%(place)s is not known here; known are %(known)s. Correct it or take it out."),
    "document-other-type": _l("%(place)s must be %(wanted)s."),
    "document-too-small": _l("%(place)s is %(value)s; the least is %(least)s."),
    "document-too-large": _l("%(place)s is %(value)s; the most is %(most)s."),
    "document-not-positive": _l("%(place)s must be more than 0."),
    "document-unknown-value": _l("%(place)s: %(value)s is not known; choose among %(known)s."),
    "document-twice": _l("%(place)s: %(value)s is named twice; take one out."),
}
