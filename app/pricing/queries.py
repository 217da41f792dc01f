"""Which price is in force for whom."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select

from app.infra.db import session
from app.organisations.models import Kind, Organisation
from app.organisations.queries import legal_person
from app.pricing.models import PriceList
from app.pricing.rules import ClientClass, HourlyPrice

_ACADEMIC = {Kind.UNIVERSITY, Kind.RESEARCH_INSTITUTE, Kind.MEDICAL}
_BY_KIND = {
    Kind.ENTERPRISE: ClientClass.FIRM,
    Kind.CENTRAL_ENTERPRISE: ClientClass.FIRM,
    Kind.SMALL_ENTERPRISE: ClientClass.SMALL_FIRM,
    Kind.INDIVIDUAL_BUSINESS: ClientClass.SMALL_FIRM,
    Kind.START_UP_TEAM: ClientClass.TEAM,
}


def client_class(client: Organisation, provider: Organisation, *, on: date) -> ClientClass:
    """Whose price a client pays at a provider on a civil day; within one legal person it is the own unit's."""
    if legal_person(client, on=on) == legal_person(provider, on=on):
        return ClientClass.OWN_UNIT
    if client.kind in _ACADEMIC:
        return ClientClass.ACADEMIC
    return _BY_KIND.get(client.kind, ClientClass.OTHER)


def prices_on(instrument_id: int, day: date) -> dict[ClientClass, PriceList]:
    """The price of each class in force on a civil day; the database allows at most one."""
    in_force = select(PriceList).where(
        PriceList.instrument_id == instrument_id,
        PriceList.valid_from <= day,
        or_(PriceList.valid_until.is_(None), PriceList.valid_until > day),
    )
    return {row.client_class: row for row in session.scalars(in_force)}


def hourly(row: PriceList) -> HourlyPrice:
    return HourlyPrice(
        hourly_fen=row.hourly.fen,
        start_up_fen=row.start_up.fen,
        free_minutes=row.free_minutes,
        billing_unit_minutes=row.unit_minutes,
        minimum_fen=row.minimum.fen,
    )
