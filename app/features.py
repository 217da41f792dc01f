"""The features of the platform in one literal table: their order here is the only order there is."""

from __future__ import annotations

from flask import Flask

from app import api, web
from app.accounts.feature import FEATURE as ACCOUNTS
from app.billing.feature import FEATURE as BILLING
from app.booking.feature import FEATURE as BOOKING
from app.catalogue.feature import FEATURE as CATALOGUE
from app.demo.feature import FEATURE as DEMO
from app.evaluation.feature import FEATURE as EVALUATION
from app.infra import feature
from app.ledger.feature import FEATURE as LEDGER
from app.operation.feature import FEATURE as OPERATION
from app.organisations.feature import FEATURE as ORGANISATIONS
from app.portal.feature import FEATURE as PORTAL
from app.pricing.feature import FEATURE as PRICING
from app.usage.feature import FEATURE as USAGE

FEATURES: tuple[feature.Feature, ...] = (
    ACCOUNTS,
    ORGANISATIONS,
    CATALOGUE,
    PRICING,
    BOOKING,
    USAGE,
    BILLING,
    LEDGER,
    EVALUATION,
    PORTAL,
    OPERATION,
    DEMO,
)


def init_app(app: Flask) -> None:
    feature.install(FEATURES)
    web.init_app(app)
    api.init_app(app)
    for one in FEATURES:
        if one.prepare is not None:
            one.prepare(app)
        for blueprint in one.blueprints:
            app.register_blueprint(blueprint)
