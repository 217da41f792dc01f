"""Listing prices: a new price begins on a day and ends the one before it; a slip is taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select

from app import audit
from app.access import Actor, authorize
from app.catalogue.models import Instrument
from app.infra.db import session
from app.infra.locks import locked
from app.infra.removal import remove_unused
from app.kernel.civil import civil_day
from app.kernel.errors import NotFound, refuse
from app.kernel.money import ZERO, Money
from app.pricing.actions import PriceAction
from app.pricing.models import PriceList
from app.pricing.permissions import PricePermission
from app.pricing.rules import ClientClass


@dataclass(frozen=True, slots=True)
class NewPrice:
    client_class: ClientClass
    hourly: Money
    valid_from: date
    start_up: Money = ZERO
    minimum: Money = ZERO
    free_minutes: int = 0
    unit_minutes: int = 1
    basis: str = ""


def list_price(instrument: Instrument, new: NewPrice, *, actor: Actor, now: datetime) -> PriceList:
    """Put a price into force from a day that has not begun to be billed.

    Prices never change backwards: a day before today is refused with `price-in-the-past`, one
    at or before an already listed later price with `price-not-last`.
    """
    authorize(actor, PricePermission.CHANGE, instrument)
    first = session.scalar(select(PriceList.id).where(PriceList.instrument_id == instrument.id).limit(1)) is None
    if new.valid_from < civil_day(now) and not first:
        raise refuse("price-in-the-past", "valid_from", earliest=civil_day(now))
    _end_previous(instrument, new)
    row = PriceList(
        instrument_id=instrument.id,
        provider_id=instrument.provider_id,
        client_class=new.client_class,
        hourly=new.hourly,
        start_up=new.start_up,
        minimum=new.minimum,
        free_minutes=new.free_minutes,
        unit_minutes=new.unit_minutes,
        basis=new.basis,
        valid_from=new.valid_from,
        created_by_id=actor.user_id,
        created_at=now,
    )
    session.add(row)
    session.flush()
    after = {"class": row.client_class, "hourly": row.hourly, "from": row.valid_from}
    audit.record(PriceAction.LISTED, instrument, actor=actor, now=now, after=after)
    return row


def _end_previous(instrument: Instrument, new: NewPrice) -> None:
    standing = select(PriceList).where(
        PriceList.instrument_id == instrument.id,
        PriceList.client_class == new.client_class,
        or_(PriceList.valid_until.is_(None), PriceList.valid_until > new.valid_from),
    )
    for row in session.scalars(locked(standing)):
        if row.valid_from >= new.valid_from:
            raise refuse("price-not-last", "valid_from", listed=row.valid_from)
        row.valid_until = new.valid_from
    session.flush()


def withdraw_price(instrument: Instrument, price: str, *, actor: Actor, now: datetime) -> None:
    """Take a price back that has not begun or was listed today; the one before it runs on in its place.

    Refused with `price-begun` where it is too late, `price-booked` where a booking was quoted at it.
    """
    authorize(actor, PricePermission.CHANGE, instrument)
    row = session.scalars(
        locked(select(PriceList).where(PriceList.public_id == price, PriceList.instrument_id == instrument.id))
    ).first()
    if row is None:
        raise NotFound("price")
    if not may_be_withdrawn(row, now=now):
        raise refuse("price-begun", begun=row.valid_from)
    before = {"class": row.client_class, "hourly": row.hourly, "from": row.valid_from}
    _take_out(row)
    audit.record(PriceAction.WITHDRAWN, instrument, actor=actor, now=now, before=before)


def may_be_withdrawn(row: PriceList, *, now: datetime) -> bool:
    today = civil_day(now)
    return row.valid_from > today or civil_day(row.created_at) == today


def _take_out(row: PriceList) -> None:
    previous = select(PriceList).where(
        PriceList.instrument_id == row.instrument_id,
        PriceList.client_class == row.client_class,
        PriceList.valid_until == row.valid_from,
    )
    until, standing = row.valid_until, session.scalars(locked(previous)).first()
    remove_unused(row, "price-booked")  # bookings and charges hold the price they were quoted
    if standing is not None:
        standing.valid_until = until
        session.flush()
