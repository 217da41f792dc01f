"""Charges: the client's bills, and what the provider's finance does with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.access.authority import may
from app.billing import queries, services
from app.billing.forms import MarkForm
from app.billing.models import Charge, ChargedFor
from app.billing.permissions import ChargePermission
from app.billing.rules import MarkKind, PaymentState, PaymentStatus, payment_status
from app.booking import queries as booking_queries
from app.booking.models import Booking
from app.kernel.civil import civil_day
from app.kernel.money import Money
from app.kernel.period import Period
from app.organisations.models import Organisation
from app.pricing.rules import LineCode
from app.web.blueprint import GuardedBlueprint
from app.web.current import current_actor, now
from app.web.forms import Form
from app.web.i18n import named
from app.web.labels import choices
from app.web.listing import ByName, Column, Empty, Filter, Listing, both_names, contains

blueprint = GuardedBlueprint("billing", __name__)

LIST = Listing(
    columns=(
        Column("number", _l("Booking"), lambda r: r[1].number, Booking.number, lambda r: _address(r[0]), "code"),
        Column("client", _l("Client"), lambda r: named(r[2]), ByName(Organisation)),
        Column("kind", _l("For"), lambda r: r[0].kind, Charge.kind),
        Column("posted", _l("Charged on"), lambda r: r[0].posted_at, Charge.posted_at),
        Column("amount", _l("Amount (yuan)"), lambda r: r[0].amount, Charge.amount, figure="yuan"),
        Column("invoiced", _l("Invoiced (yuan)"), lambda r: r[3], queries.INVOICED, figure="yuan"),
        Column("received", _l("Received (yuan)"), lambda r: r[4], queries.RECEIVED, figure="yuan"),
        Column("state", _l("State"), lambda r: PaymentStatus(r[0].amount, r[3], r[4]).state),
    ),
    search=lambda words: contains(words, Booking.number, *both_names(Organisation)),
    filters=(
        Filter("state", _l("State"), lambda: choices(PaymentState), lambda v: queries.stands_at(PaymentState(v))),
        Filter("kind", _l("For"), lambda: choices(ChargedFor), lambda v: Charge.kind == ChargedFor(v)),
    ),
    order=(Charge.posted_at.desc(), Charge.id.desc()),
    empty=Empty(_l("There are no charges yet."), _l("A charge is posted when a use has ended.")),
    file_name="charges",
)


def _address(charge: Charge) -> str:
    return url_for("billing.show", charge=charge.public_id)


@blueprint.get("/charges", permission=ChargePermission.VIEW)
def charges() -> ResponseReturnValue:
    return LIST.answer(queries.charges_visible(current_actor()), "billing/list.html")


@blueprint.route("/charges/<uuid:charge>", methods=["GET", "POST"], permission=ChargePermission.VIEW)
def show(charge: object) -> ResponseReturnValue:
    """One charge with its lines and marks; finance marks it here."""
    row = services.find_charge(str(charge), actor=current_actor())
    form = MarkForm(data=None if request.method == "POST" else _next_mark(row))
    if form.validate_on_submit():
        with form.taking_refusals():
            wanted = (form.kind.data, form.amount.data, form.on.data, form.document.data or "")
            services.mark(str(charge), *wanted, reason=form.reason.data or "", actor=current_actor(), now=now())
            flash(_("Marked."), "success")
            return redirect(_address(row))
    marks = queries.marks_with_people(row)
    booking, instrument, client = booking_queries.with_parties(booking_queries.booking_of(row.booking_id))
    page = {
        "booking": booking,
        "instrument": instrument,
        "client": client,
        "period": Period(booking.starts_at, booking.ends_at),
        "charge": row,
        "lines": [_line(line) for line in row.lines],
        "marks": marks,
        "payment_status": payment_status(row.amount, services.marks_of(row)),
        "form": form,
        "may_mark": may(current_actor(), ChargePermission.MARK, row),
    }
    return render_template("billing/show.html", **page), form.status


def _line(told: Mapping[str, Any]) -> dict[str, Any]:
    amounts = {"amount": Money(told["amount_fen"]), "unit_price": Money(told["unit_price_fen"])}
    return {**told, **amounts, "code": LineCode(told["code"])}


def _next_mark(row: Charge) -> dict[str, object]:
    """What finance most likely marks next: the rest to be invoiced, then the rest to be received, today."""
    stands = payment_status(row.amount, services.marks_of(row))
    kind, rest = (
        (MarkKind.INVOICED, stands.to_invoice) if stands.to_invoice else (MarkKind.RECEIVED, stands.outstanding)
    )
    return {"kind": kind, "amount": rest, "on": civil_day(now())} if rest else {}


def panel(booking: Booking, _refused: Form | None) -> str:
    """What the booking cost, where there is a charge and the reader may see it."""
    charge = queries.charge_of(booking.id)
    if charge is None or not may(current_actor(), ChargePermission.VIEW, charge):
        return ""
    stands = payment_status(charge.amount, services.marks_of(charge))
    return render_template("billing/panel.html", charge=charge, payment_status=stands)
