"""Words for roles."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

LABELS = {
    "Role": {
        "member": _l("Member"),
        "approver": _l("Group head or approver"),
        "instrument-manager": _l("Instrument manager"),
        "finance": _l("Finance"),
        "administrator": _l("Administrator"),
        "agent": _l("Intermediary agent"),
        "operator": _l("Operator staff"),
        "scheme-manager": _l("Scheme manager"),
        "reviewer": _l("Reviewer"),
        "fund-clerk": _l("Fund clerk"),
        "system-administrator": _l("System administrator"),
        "security-administrator": _l("Security administrator"),
        "audit-administrator": _l("Audit administrator"),
    },
}

# What an API token may read or change.
RESOURCES = {
    "audit": _l("Audit"),
    "booking": _l("Bookings"),
    "charge": _l("Charges"),
    "demand": _l("Demand not met"),
    "history": _l("Imported history"),
    "holiday": _l("Public holidays"),
    "instrument": _l("Instruments"),
    "member": _l("Members"),
    "operation": _l("Operation"),
    "organisation": _l("Organisations"),
    "person": _l("People"),
    "outbox": _l("Outbox"),
    "platform": _l("Platform"),
    "price": _l("Prices"),
    "record": _l("Service records"),
    "result": _l("Evaluation results"),
    "round": _l("Rounds"),
    "schedule": _l("Schedules"),
    "scoreboard": _l("Scoreboard"),
    "task": _l("Long tasks"),
}

REFUSALS: dict[str, LazyString] = {}
