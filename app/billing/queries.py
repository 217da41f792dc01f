"""Reading charges with where each stands."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, case, func, select

from app.access import Actor, Permission, scope
from app.billing.models import Charge, ChargeMark
from app.billing.rules import MarkKind
from app.booking.models import Booking
from app.infra.db import session
from app.infra.types import Fen
from app.organisations.models import Organisation


def _sum(kind: MarkKind) -> Any:
    return func.coalesce(func.sum(case((ChargeMark.kind == kind, ChargeMark.amount), else_=0)), 0, type_=Fen())


def charges_visible(actor: Actor) -> Select[Any, Any, Any, Any, Any]:
    """(Charge, Booking, client, invoiced, received) the actor may see."""
    marks = (
        select(
            ChargeMark.charge_id,
            _sum(MarkKind.INVOICED).label("invoiced"),
            _sum(MarkKind.RECEIVED).label("received"),
        )
        .group_by(ChargeMark.charge_id)
        .subquery()
    )
    columns = (func.coalesce(marks.c.invoiced, 0, type_=Fen()), func.coalesce(marks.c.received, 0, type_=Fen()))
    return (
        select(Charge, Booking, Organisation, columns[0].label("invoiced"), columns[1].label("received"))
        .join(Booking, Charge.booking_id == Booking.id)
        .join(Organisation, Charge.client_id == Organisation.id)
        .outerjoin(marks, marks.c.charge_id == Charge.id)
        .where(scope(actor, Permission.CHARGE_VIEW, Charge))
    )


def charge_of(booking_id: int) -> Charge | None:
    return session.scalars(select(Charge).where(Charge.booking_id == booking_id)).first()


def marks_with_people(charge: Charge) -> list[ChargeMark]:
    return list(session.scalars(select(ChargeMark).where(ChargeMark.charge_id == charge.id).order_by(ChargeMark.id)))
