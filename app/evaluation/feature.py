"""The yearly evaluation: what this feature declares."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.billing.permissions import ChargePermission
from app.evaluation import api, labels, permissions, views
from app.evaluation.actions import RoundAction, SchemeAction
from app.evaluation.services import acts, rounds
from app.evaluation.views import record
from app.infra.feature import Feature
from app.web.menu import OPERATOR, ORGANISATION, Entry

FEATURE = Feature(
    name="evaluation",
    blueprints=(
        views.blueprint,
        api.api,
    ),
    policy=permissions.POLICY,
    actions=(
        SchemeAction,
        RoundAction,
    ),
    labels=labels,
    menu=(
        Entry(
            ORGANISATION,
            _l("Yearly evaluation (provisional)"),
            "evaluation.own",
            "report-analytics",
            140,
            ChargePermission.MARK,
            of_providers=True,
        ),
        Entry(OPERATOR, _l("Scoreboard"), "evaluation.rounds", "trophy", 150),
    ),
    record_panels=(record.panel,),
    tasks={**rounds.TASKS, **acts.TASKS},
)
