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

REFUSALS: dict[str, LazyString] = {}
