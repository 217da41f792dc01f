"""Health, jobs, outbox and backups as the operator sees them: what this feature declares."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.infra.feature import Feature
from app.operation import labels, permissions, views
from app.operation.actions import BackupAction
from app.web.menu import ADMINISTRATION, Entry

FEATURE = Feature(
    name="operation",
    blueprints=(views.blueprint,),
    policy=permissions.POLICY,
    actions=(BackupAction,),
    labels=labels,
    menu=(Entry(ADMINISTRATION, _l("Operation"), "operation.overview", "gauge", 220),),
    excused={
        "operation.healthz": "asked by machines",
        "operation.readyz": "asked by machines",
    },
)
