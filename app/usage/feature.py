"""What really happened on an instrument: what this feature declares."""

from __future__ import annotations

from app.infra.feature import Feature
from app.usage import api, labels, messages, views
from app.usage.services import UseEnded

FEATURE = Feature(
    name="usage",
    blueprints=(
        views.blueprint,
        api.api,
    ),
    labels=labels,
    panels=(views.panel,),
    listeners=((UseEnded, messages.ask_to_confirm),),
)
