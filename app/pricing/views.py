"""The dated prices of one instrument."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.access import authorize
from app.catalogue.queries import find_instrument
from app.infra.db import session
from app.kernel.money import ZERO
from app.pricing.forms import PriceForm
from app.pricing.models import PriceList
from app.pricing.permissions import PricePermission
from app.pricing.services import NewPrice, list_price, may_be_withdrawn, withdraw_price
from app.web.blueprint import GuardedBlueprint
from app.web.current import current_actor, now
from app.web.listing import Column, Empty, Listing

blueprint = GuardedBlueprint("pricing", __name__)
LIST = Listing(
    columns=(
        Column("class", _l("Client class"), lambda r: r.client_class, PriceList.client_class),
        Column("hourly", _l("Price an hour (yuan)"), lambda r: r.hourly, PriceList.hourly, figure="yuan"),
        Column("start_up", _l("Start-up fee (yuan)"), lambda r: r.start_up, figure="yuan"),
        Column("minimum", _l("Minimum charge (yuan)"), lambda r: r.minimum, figure="yuan"),
        Column("free", _l("Free minutes"), lambda r: r.free_minutes, figure="number"),
        Column("unit", _l("Billing unit (minutes)"), lambda r: r.unit_minutes, figure="number"),
        Column("from", _l("In force from"), lambda r: r.valid_from, PriceList.valid_from),
        Column("until", _l("Until (not included)"), lambda r: r.valid_until, PriceList.valid_until),
        Column("basis", _l("Basis of approval"), lambda r: r.basis),
    ),
    order=(PriceList.client_class, PriceList.valid_from.desc(), PriceList.id),
    empty=Empty(_l("No price is listed yet."), _l("Without a price nobody can book.")),
    file_name="prices",
)


@blueprint.route(
    "/manage/instruments/<uuid:instrument>/prices", methods=["GET", "POST"], permission=PricePermission.CHANGE
)
def prices(instrument: object) -> ResponseReturnValue:
    """All prices, past ones included; a new one ends the one before it from its first day."""
    row = find_instrument(str(instrument), actor=current_actor())
    authorize(current_actor(), PricePermission.CHANGE, row)
    form = PriceForm()
    if form.validate_on_submit():
        with form.taking_refusals():
            list_price(row, _new(form), actor=current_actor(), now=now())
            flash(_("The price is listed."), "success")
            return redirect(url_for("pricing.prices", instrument=instrument))
    listed = select(PriceList).where(PriceList.instrument_id == row.id)
    slips = [one for one in session.scalars(listed.order_by(*LIST.order)) if may_be_withdrawn(one, now=now())]
    return LIST.answer(listed, "pricing/prices.html", form.status, instrument=row, form=form, slips=slips)


@blueprint.post("/manage/instruments/<uuid:instrument>/prices/<uuid:price>/withdraw", permission=PricePermission.CHANGE)
def withdraw(instrument: object, price: object) -> ResponseReturnValue:
    row = find_instrument(str(instrument), actor=current_actor())
    withdraw_price(row, str(price), actor=current_actor(), now=now())
    flash(_("The price is taken back; the one before it stays in force."), "success")
    return redirect(url_for("pricing.prices", instrument=instrument))


def _new(form: PriceForm) -> NewPrice:
    return NewPrice(
        client_class=form.client_class.data,
        hourly=form.hourly.data,
        valid_from=form.valid_from.data,
        start_up=form.start_up.data or ZERO,
        minimum=form.minimum.data or ZERO,
        free_minutes=form.free_minutes.data or 0,
        unit_minutes=form.unit_minutes.data,
        basis=form.basis.data or "",
    )
