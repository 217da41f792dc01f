"""Instruments and facilities: what this feature declares."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.audit.search import SubjectSearch
from app.catalogue import api, labels, listeners, permissions, views
from app.catalogue.actions import HolidayAction, ImportAction, InstrumentAction, ReferenceAction
from app.catalogue.services import imports
from app.infra.feature import Feature
from app.organisations.services.actors import ActorBuilding
from app.web.menu import OPERATOR, ORGANISATION, Entry

FEATURE = Feature(
    name="catalogue",
    blueprints=(
        views.blueprint,
        api.api,
    ),
    policy=permissions.POLICY,
    view=permissions.VIEW,
    actions=(
        InstrumentAction,
        ImportAction,
        HolidayAction,
        ReferenceAction,
    ),
    labels=labels,
    menu=(
        Entry(ORGANISATION, _l("Our instruments"), "catalogue.manage", "microscope", 100, of_providers=True),
        Entry(ORGANISATION, _l("Bring a list in"), "catalogue.import_runs", "file-import", 110, of_providers=True),
        Entry(OPERATOR, _l("Public holidays"), "catalogue.holidays", "calendar-off", 205),
    ),
    excused={
        "catalogue.create": "a button of the institution's list of instruments",
    },
    listeners=(
        (ActorBuilding, listeners.add_managed_instruments),
        (SubjectSearch, listeners.find_instruments_of_audit),
    ),
    tasks=imports.TASKS,
)
