"""Dated price lists and quotes: what this feature declares."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.catalogue.events import HourlyPriceFound
from app.infra.feature import Feature
from app.pricing import labels, listeners, permissions, views
from app.pricing.actions import PriceAction

FEATURE = Feature(
    name="pricing",
    blueprints=(views.blueprint,),
    policy=permissions.POLICY,
    view=permissions.VIEW,
    actions=(PriceAction,),
    labels=labels,
    tabs=((_l("Prices"), "pricing.prices"),),
    listeners=((HourlyPriceFound, listeners.list_found_price),),
)
