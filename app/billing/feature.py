"""What services cost, and what was invoiced and received: what this feature declares."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.billing import labels, listeners, permissions, views
from app.billing.actions import ChargeAction
from app.booking.events import BookingMissed
from app.infra.feature import Feature
from app.usage.services import UseEnded
from app.web.menu import MINE, Entry

FEATURE = Feature(
    name="billing",
    blueprints=(views.blueprint,),
    policy=permissions.POLICY,
    view=permissions.VIEW,
    actions=(ChargeAction,),
    labels=labels,
    menu=(Entry(MINE, _l("Charges"), "billing.charges", "receipt-yuan", 70),),
    panels=(views.panel,),
    listeners=(
        (UseEnded, listeners.charge_use),
        (BookingMissed, listeners.charge_absence),
    ),
)
