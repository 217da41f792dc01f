"""Words of prices."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

LABELS: Mapping[str, Mapping[str, LazyString]] = {
    "PriceAction": {
        "price.listed": _l("Listed a price"),
        "price.withdrawn": _l("Took a price back"),
    },
    "ClientClass": {
        "own_unit": _l("Own unit"),
        "academic": _l("Universities, institutes and hospitals"),
        "firm": _l("Firms"),
        "small_firm": _l("Small and micro firms"),
        "team": _l("Start-up teams"),
        "other": _l("Others"),
    },
    "LineCode": {
        "start-up": _l("Start-up fee"),
        "machine-time": _l("Machine time"),
        "minimum": _l("Up to the minimum charge"),
    },
}

REFUSALS: Mapping[str, LazyString] = {
    "price-in-the-past": _l("Prices never change backwards; the earliest day is %(earliest)s."),
    "price-not-last": _l("A price that begins on %(listed)s is already listed; the new one must begin later."),
    "price-begun": _l("This price has been in force since %(begun)s. List a new one; it ends this one."),
    "price-booked": _l("Bookings were made at this price and keep it. List a new one; it ends this one."),
}
