"""What the public pages add to an instrument: its lowest price, its facets, the platform's numbers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select

from app.access import NOBODY
from app.catalogue.models import Instrument, InstrumentClass
from app.catalogue.queries import visible
from app.infra.db import session
from app.infra.types import Fen
from app.kernel.money import Money
from app.ledger.models import ServiceRecord
from app.organisations.models import Organisation
from app.pricing.models import PriceList


def lowest_prices(instrument_ids: Collection[int], day: date) -> dict[int, Money]:
    """Instrument id → lowest hourly price of any class in force, by one statement."""
    if not instrument_ids:
        return {}
    lowest = (
        select(PriceList.instrument_id, func.min(PriceList.hourly, type_=Fen()))
        .where(
            PriceList.instrument_id.in_(instrument_ids),
            PriceList.valid_from <= day,
            or_(PriceList.valid_until.is_(None), PriceList.valid_until > day),
        )
        .group_by(PriceList.instrument_id)
    )
    return {row[0]: row[1] for row in session.execute(lowest)}


def class_facet() -> list[tuple[str, str, str, int]]:
    """(code, name, English name, number on show) of the first level, largest first."""
    first = func.substr(Instrument.class_code, 1, 2)
    counted = _public(first).group_by(first).subquery()
    rows = session.execute(
        select(InstrumentClass.code, InstrumentClass.name, InstrumentClass.name_en, counted.c.number)
        .join(counted, func.substr(InstrumentClass.code, 1, 2) == counted.c.facet)
        .where(or_(func.length(InstrumentClass.code) == 2, InstrumentClass.code == "990000"))
        .order_by(counted.c.number.desc(), InstrumentClass.code)
    )
    return [(code, name, name_en, number) for code, name, name_en, number in rows]


def provider_facet() -> list[tuple[str, str, int]]:
    """(public id, name, number on show), in order of names."""
    counted = _public(Instrument.provider_id).group_by(Instrument.provider_id).subquery()
    rows = session.execute(
        select(Organisation.public_id, Organisation.name, counted.c.number)
        .join(counted, Organisation.id == counted.c.facet)
        .order_by(Organisation.sort_key, Organisation.id)
    )
    return [(public_id, name, number) for public_id, name, number in rows]


def town_facet() -> list[tuple[str, int]]:
    rows = session.execute(_public(Instrument.town).group_by(Instrument.town).order_by(Instrument.town))
    return [(town, number) for town, number in rows if town]


def _public(facet: Any) -> Any:
    return visible(NOBODY).with_only_columns(facet.label("facet"), func.count().label("number")).order_by(None)


def numbers(first: datetime, last: datetime) -> tuple[int, int, int]:
    """(instruments on show, institutions that share them, services ended in between)."""
    services = select(func.count()).select_from(ServiceRecord).where(ServiceRecord.ends_at.between(first, last))
    wanted = (func.count(), func.count(func.distinct(Instrument.provider_id)), services.scalar_subquery())
    row = session.execute(visible(NOBODY).with_only_columns(*wanted).order_by(None)).one()
    return row[0], row[1], row[2]
