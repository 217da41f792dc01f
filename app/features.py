"""The features of the house in one literal table; a new capability is a folder and a line here."""

from __future__ import annotations

from flask import Flask

from app import api, web

# Models are imported for their tables even where a feature has no endpoint yet.
from app.accounts import models as _accounts  # noqa: F401
from app.accounts import views as accounts
from app.audit import models as _audit  # noqa: F401
from app.billing import views as billing
from app.booking import api as booking_api
from app.booking import views as booking
from app.catalogue import api as catalogue_api
from app.catalogue import views as catalogue
from app.evaluation import api as evaluation_api
from app.evaluation import views as evaluation
from app.infra import files, idempotency, jobs, outbox, tasks  # noqa: F401
from app.ledger import api as ledger_api
from app.ledger import views as ledger
from app.operation import views as operation
from app.organisations import models as _organisations  # noqa: F401
from app.organisations import views as organisations
from app.portal import views as portal
from app.pricing import views as pricing
from app.usage import api as usage_api
from app.usage import views as usage
from app.web.blueprint import GuardedBlueprint

BLUEPRINTS: tuple[GuardedBlueprint, ...] = (
    portal.blueprint,
    operation.blueprint,
    catalogue.blueprint,
    catalogue_api.api,
    pricing.blueprint,
    booking.blueprint,
    booking_api.api,
    usage.blueprint,
    usage_api.api,
    billing.blueprint,
    ledger.blueprint,
    ledger_api.api,
    evaluation.blueprint,
    evaluation_api.api,
)


def init_app(app: Flask) -> None:
    web.init_app(app)
    api.init_app(app)
    accounts.init_app(app)
    organisations.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
