"""One instrument: what it does and cannot, what it costs, and when it is free."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.access import PUBLIC
from app.booking import queries as booking
from app.catalogue.models import ServiceMode
from app.catalogue.rules.national import supervised
from app.kernel import civil
from app.portal.views import facets
from app.portal.views.blueprint import blueprint
from app.pricing import queries as pricing
from app.web.current import current_actor, now

SLOTS_SHOWN = 6


@blueprint.get("/instruments/<uuid:instrument>", permission=PUBLIC)
def instrument(instrument: object) -> ResponseReturnValue:
    """With its next free slots as buttons."""
    found = booking.find_context(str(instrument), actor=current_actor())
    row = found.instrument
    return render_template(
        "portal/instrument.html",
        found=found,
        supervised=supervised(
            bound=row.customs_supervised, released_on=row.customs_released_on, today=civil.civil_day(now())
        ),
        prices=pricing.prices_on(row.id, civil.civil_day(now())),
        opening=booking.opening_shown(row),
        unknown_years=booking.unannounced_years(row, now=now()),
        slots=booking.next_slots([row], booking.next_days(now(), SLOTS_SHOWN), now=now()).get(row.id, ()),
        class_name=facets.class_names(),
        modes=[ServiceMode(value) for value in row.modes],
        fields=facets.reference()[1],
    )
