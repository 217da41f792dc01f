"""Find and instrument pages: what an instrument does, costs, and when it is free."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.access import PUBLIC, Permission, scope
from app.booking import queries as booking
from app.catalogue.models import Instrument
from app.kernel.civil import civil_day
from app.organisations.models import Organisation
from app.pricing import queries as pricing
from app.web.blueprint import Room
from app.web.current import current_actor, now
from app.web.listing import Column, Empty, Listing, contains

room = Room("portal", __name__)

LIST = Listing(
    columns=(
        Column("name", _l("Name"), lambda r: r[0].name, Instrument.sort_key, lambda r: _address(r[0])),
        Column("provider", _l("Provider"), lambda r: r[1].name, Organisation.sort_key),
    ),
    search=lambda words: contains(words, Instrument.name),
    order=(Instrument.sort_key, Instrument.id),
    empty=Empty(_l("No instruments are shared yet.")),
)


def _address(row: Instrument) -> str:
    return url_for("portal.instrument", instrument=row.public_id)


@room.get("/", permission=PUBLIC)
def find() -> ResponseReturnValue:
    visible = select(Instrument, Organisation).join(Organisation, Instrument.provider_id == Organisation.id)
    return LIST.answer(
        visible.where(scope(current_actor(), Permission.INSTRUMENT_VIEW, Instrument)), "portal/find.html"
    )


@room.get("/instruments/<uuid:instrument>", permission=PUBLIC)
def instrument(instrument: object) -> ResponseReturnValue:
    found = booking.find_bench(str(instrument), actor=current_actor())
    prices = pricing.prices_on(found.instrument.id, civil_day(now()))
    return render_template("portal/instrument.html", found=found, prices=prices)
