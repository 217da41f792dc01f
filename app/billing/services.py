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
from app.billing.rules import (
    PROMPT_DAYS,
    BillingCode,
    DocumentUse,
    Mark,
    MarkKind,
    calls_for_reason,
    refusals_of_document,
    refusals_to_mark,
)
from app.booking.models import Booking, BookingStep
from app.booking.rules.states import BookingState
from app.booking.services.request import lines_of
from app.infra import events
from app.infra.db import session
from app.infra.locks import locked
from app.kernel.civil import civil_day
from app.kernel.errors import NotFound, Refusal, refuse_all
from app.kernel.money import Money
from app.pricing import queries as pricing
from app.pricing.models import PriceList
from app.pricing.rules import quote
from app.usage.queries import session_of


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
    public_id: str,
    kind: MarkKind,
    amount: Money,
    on: date,
    document: str,
    *,
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> ChargeMark:
    """The provider's finance says that so much was invoiced or received on a day; negative takes back."""
    charge = find_charge(public_id, actor=actor)
    authorize(actor, ChargePermission.MARK, charge)
    session.scalars(locked(select(Booking.id).where(Booking.id == charge.booking_id))).one()
    wanted = Mark(kind, amount, on)
    why = calls_for_reason(wanted, service_over=civil_day(_over(charge)), today=civil_day(now))
    refuse_all(_refusals(charge, wanted, document, reason if why else None, actor=actor, now=now))
    row = ChargeMark(
        charge_id=charge.id,
        kind=kind,
        amount=amount,
        on=on,
        document=document,
        why=why,
        reason=reason,
        user_id=actor.user_id,
        marked_at=now,
    )
    session.add(row)
    session.flush()
    action = ChargeAction.INVOICED if kind is MarkKind.INVOICED else ChargeAction.RECEIVED
    audit.record(action, charge, actor=actor, now=now, after={"amount": amount, "on": on})
    events.publish(ChargeMarked(charge, row, actor, now))
    return row


def _over(charge: Charge) -> datetime:
    """When the service was over; a missed booking is over with its time."""
    used = session_of(charge.booking_id)
    return used.ended_at if used and used.ended_at else session.get_one(Booking, charge.booking_id).ends_at


def _refusals(
    charge: Charge, wanted: Mark, document: str, reason: str | None, *, actor: Actor, now: datetime
) -> list[Refusal]:
    """`reason` is None where the day calls for none."""
    found = list(refusals_to_mark(charge.amount, marks_of(charge), wanted, today=civil_day(now)))
    if document:
        found += refusals_of_document(_uses(charge, wanted.kind, document), wanted, charge.client_id)
    if reason is not None and not reason.strip():
        found.append(Refusal(BillingCode.REASON_MISSING, {"days": PROMPT_DAYS}, "reason"))
    if charge.client_id != charge.provider_id and _is_of_client(charge, actor):
        found.append(Refusal(BillingCode.BOTH_SIDES))
    return found


def _uses(charge: Charge, kind: MarkKind, document: str) -> list[DocumentUse]:
    rows = session.execute(
        select(Charge.id, Charge.client_id, ChargeMark.amount)
        .join(Charge, ChargeMark.charge_id == Charge.id)
        .where(Charge.provider_id == charge.provider_id, ChargeMark.kind == kind, ChargeMark.document == document)
    )
    return [DocumentUse(row.client_id, row.id == charge.id, row.amount) for row in rows]


def _is_of_client(charge: Charge, actor: Actor) -> bool:
    """Whoever booked, confirmed or has a role at the client does not keep the provider's account of it."""
    confirmed = select(BookingStep.user_id).where(
        BookingStep.booking_id == charge.booking_id, BookingStep.state == BookingState.COMPLETED
    )
    return actor.user_id in {charge.user_id, *session.scalars(confirmed)} or charge.client_id in actor.organisations()


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
