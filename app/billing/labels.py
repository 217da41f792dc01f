"""Words of charges, invoices and receipts."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.web.labels.badge import GOOD, WAITING, Badge

LABELS: Mapping[str, Mapping[str, LazyString]] = {
    "ChargeAction": {
        "charge.posted": _l("Posted a charge"),
        "charge.invoiced": _l("Marked as invoiced"),
        "charge.received": _l("Marked as received"),
    },
    "ChargedFor": {"service": _l("Service"), "no-show": _l("Not shown up")},
    "MarkKind": {"invoiced": _l("Invoiced"), "received": _l("Received")},
    "PaymentState": {
        "open": _l("Not invoiced"),
        "invoiced": _l("Invoiced, not received"),
        "partly-received": _l("Received in part"),
        "settled": _l("Received"),
    },
}

BADGES: Mapping[str, Mapping[str, Badge]] = {
    "PaymentState": {
        "open": WAITING,
        "invoiced": Badge("blue", "file-invoice"),
        "partly-received": Badge("blue", "coins"),
        "settled": GOOD,
    },
}

REFUSALS: Mapping[str, LazyString] = {
    "amount-missing": _l("Enter an amount other than zero."),
    "above-charge": _l(
        "Together with %(marked)s marked before, this is more than the charge of %(charged)s; at most %(most)s is left."
    ),
    "mark-reason-missing": _l(
        "Money that came before the service, or that is marked more than %(days)s days later, needs a reason."
    ),
    "document-used-already": _l("This number has been marked already: here, or for another client."),
    "marks-for-both-sides": _l("Whoever stands on the client's side does not mark its money; please ask a colleague."),
    "reversed-too-much": _l("Only %(marked)s has been marked; no more than that can be taken back."),
}
