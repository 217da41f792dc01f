"""Reading charges with where each stands."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from app.access import Actor, scope
from app.billing.models import Charge, ChargeMark
from app.billing.permissions import ChargePermission
from app.billing.rules import MarkKind, PaymentState
from app.booking.models import Booking
from app.infra.db import session
from app.infra.types import Fen
from app.kernel.money import ZERO
from app.organisations.models import Organisation


def _sum(kind: MarkKind) -> Any:
    return func.coalesce(func.sum(case((ChargeMark.kind == kind, ChargeMark.amount), else_=0)), 0, type_=Fen())


_MARKS = (
    select(
        ChargeMark.charge_id,
        _sum(MarkKind.INVOICED).label("invoiced"),
        _sum(MarkKind.RECEIVED).label("received"),
    )
    .group_by(ChargeMark.charge_id)
    .subquery()
)
INVOICED = func.coalesce(_MARKS.c.invoiced, 0, type_=Fen())
RECEIVED = func.coalesce(_MARKS.c.received, 0, type_=Fen())


def stands_at(state: PaymentState) -> ColumnElement[bool]:
    """The condition that says of `charges_visible` what `Standing.state` says of one charge."""
    settled, begun, invoiced = Charge.amount <= RECEIVED, RECEIVED > ZERO, Charge.amount <= INVOICED
    match state:
        case PaymentState.SETTLED:
            return settled
        case PaymentState.PARTLY_RECEIVED:
            return ~settled & begun
        case PaymentState.INVOICED:
            return ~settled & ~begun & invoiced
        case PaymentState.OPEN:
            return ~settled & ~begun & ~invoiced


def charges_visible(actor: Actor) -> Select[Any, Any, Any, Any, Any]:
    """(Charge, Booking, client, invoiced, received) the actor may see."""
    return (
        select(Charge, Booking, Organisation, INVOICED.label("invoiced"), RECEIVED.label("received"))
        .join(Booking, Charge.booking_id == Booking.id)
        .join(Organisation, Charge.client_id == Organisation.id)
        .outerjoin(_MARKS, _MARKS.c.charge_id == Charge.id)
        .where(scope(actor, ChargePermission.VIEW, Charge))
    )


def charges_to_mark(actor: Actor, state: PaymentState) -> Select[Any]:
    """Charges whose money the actor keeps the account of, by where they stand."""
    wanted = scope(actor, ChargePermission.MARK, Charge), stands_at(state)
    return select(Charge.id).outerjoin(_MARKS, _MARKS.c.charge_id == Charge.id).where(*wanted)


def charge_of(booking_id: int) -> Charge | None:
    return session.scalars(select(Charge).where(Charge.booking_id == booking_id)).first()


def marks_with_people(charge: Charge) -> list[ChargeMark]:
    return list(session.scalars(select(ChargeMark).where(ChargeMark.charge_id == charge.id).order_by(ChargeMark.id)))
