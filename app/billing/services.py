"""Charging once, and marking what was invoiced and received."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app import audit
from app.access import Actor, authorize
from app.billing.actions import ChargeAction
from app.billing.models import Charge, ChargedFor, ChargeMark
from app.billing.permissions import ChargePermission
from app.billing.rules import Mark, MarkKind, refusals_to_mark
from app.booking.models import Booking
from app.booking.services.request import lines_of
from app.infra import events
from app.infra.db import session
from app.infra.locks import locked
from app.kernel.civil import civil_day
from app.kernel.errors import NotFound, refuse_all
from app.kernel.money import Money
from app.pricing import queries as pricing
from app.pricing.models import PriceList
from app.pricing.rules import quote


@dataclass(frozen=True)
class ChargeMarked:
    """Money was invoiced or has arrived; the ledger keeps it as a later fact."""

    charge: Charge
    mark: ChargeMark
    actor: Actor
    now: datetime


def post_charge(booking: Booking, minutes: int, kind: ChargedFor, *, actor: Actor, now: datetime) -> Charge:
    """Charge a booking by the price it was quoted with; the unique booking holds it to once."""
    price = session.get_one(PriceList, booking.price_list_id)
    priced = quote(pricing.hourly(price), minutes)
    charge = Charge(
        booking_id=booking.id,
        provider_id=booking.provider_id,
        client_id=booking.client_id,
        user_id=booking.user_id,
        kind=kind,
        lines=lines_of(priced),
        amount=priced.total,
        posted_at=now,
    )
    session.add(charge)
    session.flush()
    after = {"booking": booking.number, "amount": charge.amount, "kind": kind}
    audit.record(ChargeAction.POSTED, charge, actor=actor, now=now, after=after)
    return charge


def mark(
    public_id: str, kind: MarkKind, amount: Money, on: date, document: str, *, actor: Actor, now: datetime
) -> ChargeMark:
    """The provider's finance says that so much was invoiced or received on a day; negative takes back."""
    charge = find_charge(public_id, actor=actor)
    authorize(actor, ChargePermission.MARK, charge)
    session.scalars(locked(select(Booking.id).where(Booking.id == charge.booking_id))).one()
    wanted = Mark(kind, amount, on)
    refuse_all(refusals_to_mark(charge.amount, marks_of(charge), wanted, today=civil_day(now)))
    row = ChargeMark(
        charge_id=charge.id, kind=kind, amount=amount, on=on, document=document, user_id=actor.user_id, marked_at=now
    )
    session.add(row)
    session.flush()
    action = ChargeAction.INVOICED if kind is MarkKind.INVOICED else ChargeAction.RECEIVED
    audit.record(action, charge, actor=actor, now=now, after={"amount": amount, "on": on})
    events.publish(ChargeMarked(charge, row, actor, now))
    return row


def find_charge(public_id: str, *, actor: Actor) -> Charge:
    charge: Any = session.scalars(select(Charge).where(Charge.public_id == public_id)).first()
    if charge is None:
        raise NotFound("charge")
    authorize(actor, ChargePermission.VIEW, charge)
    found: Charge = charge
    return found


def marks_of(charge: Charge) -> list[Mark]:
    rows = session.scalars(select(ChargeMark).where(ChargeMark.charge_id == charge.id).order_by(ChargeMark.id))
    return [Mark(row.kind, row.amount, row.on) for row in rows]
