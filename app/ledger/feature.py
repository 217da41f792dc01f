"""The append-only service ledger: what this feature declares."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.billing.listeners import ServiceCharged
from app.billing.services import ChargeMarked
from app.infra.feature import Feature
from app.ledger import api, labels, listeners, permissions, views
from app.ledger.actions import HistoryAction, RecordAction
from app.ledger.services import history, judging
from app.ledger.views import records
from app.usage.services import ServiceConfirmed
from app.web.menu import MINE, OPERATOR, ORGANISATION, Entry

FEATURE = Feature(
    name="ledger",
    blueprints=(
        views.blueprint,
        api.api,
    ),
    policy=permissions.POLICY,
    actions=(
        RecordAction,
        HistoryAction,
    ),
    labels=labels,
    menu=(
        Entry(MINE, _l("Service records"), "ledger.records", "clipboard-list", 80),
        Entry(ORGANISATION, _l("Bring past use in"), "ledger.history_runs", "history", 120, of_providers=True),
        Entry(OPERATOR, _l("Imported history to verify"), "ledger.history_checks", "history", 170),
    ),
    panels=(records.panel,),
    listeners=(
        (ServiceCharged, listeners.post_record),
        (ServiceConfirmed, listeners.note_confirmation),
        (ChargeMarked, listeners.note_money),
    ),
    tasks={**judging.TASKS, **history.TASKS},
)
