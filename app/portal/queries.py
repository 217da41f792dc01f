"""What the public pages add to an instrument: its lowest price, its facets, the platform's numbers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, or_, select

from app.catalogue.models import AssetKind, Instrument
from app.catalogue.queries import VALUE_LINES
from app.infra.db import session
from app.infra.types import Fen
from app.kernel.money import Money
from app.kernel.names import Names
from app.ledger.models import ServiceRecord
from app.organisations.models import Organisation
from app.organisations.queries import providers
from app.pricing.models import PriceList
from app.pricing.rules import ClientClass


def priced_on(day: date) -> Any:
    """A subquery of the instruments with an hourly price in force."""
    return (
        select(PriceList.instrument_id)
        .where(PriceList.valid_from <= day, or_(PriceList.valid_until.is_(None), PriceList.valid_until > day))
        .distinct()
        .subquery()
    )


def lowest_prices(instrument_ids: Collection[int], day: date) -> dict[int, Money]:
    """Instrument id → lowest hourly price in force of any class but the own unit, by one statement."""
    lowest = (
        select(PriceList.instrument_id, func.min(PriceList.hourly, type_=Fen()))
        .where(
            PriceList.instrument_id.in_(instrument_ids),
            PriceList.client_class != ClientClass.OWN_UNIT,  # no reader of the public page would ever pay it
            PriceList.valid_from <= day,
            or_(PriceList.valid_until.is_(None), PriceList.valid_until > day),
        )
        .group_by(PriceList.instrument_id)
    )
    return {row[0]: row[1] for row in session.execute(lowest)}


@dataclass(frozen=True, slots=True)
class Alike:
    """Instruments that no facet tells apart, and how many they are."""

    class_code: str
    provider: str
    town: str
    kind: AssetKind
    modes: frozenset[str]
    fields: frozenset[str]
    worth: frozenset[str]
    priced: bool
    provider_names: Names
    number: int


def alike(found: Select[Any], day: date) -> list[Alike]:
    """What was found, counted by everything the facets ask about, in order of providers; one statement."""
    priced = priced_on(day)
    lines = [(Instrument.original_value >= amount).label(line) for line, amount in VALUE_LINES.items()]
    by: list[Any] = [
        func.coalesce(func.substr(Instrument.class_code, 1, 2), ""),
        Organisation.public_id,
        Instrument.town,
        Instrument.asset_kind,
        Instrument.modes,
        Instrument.fields,
        priced.c.instrument_id.is_not(None),
        Organisation.name,
        Organisation.name_en,
        Organisation.sort_key,
        *lines,
    ]
    counted = (
        found.outerjoin(priced, priced.c.instrument_id == Instrument.id)
        .with_only_columns(*by, func.count())
        .group_by(*by)
        .order_by(Organisation.sort_key, Organisation.public_id)
    )
    return [_alike(row) for row in session.execute(counted)]


def _alike(row: Any) -> Alike:
    code, provider, town, kind, modes, fields, priced, name, name_en, _sort_key, *reached, number = row
    worth = frozenset(line for line, there in zip(VALUE_LINES, reached, strict=True) if there)
    names, offered = Names(name, name_en), (frozenset(modes), frozenset(fields))
    return Alike(code, provider, town, kind, *offered, worth, bool(priced), names, number)


def provider_names(public_ids: Collection[str]) -> list[tuple[str, Names]]:
    """(public id, names) of those that are institutions on show."""
    if not public_ids:
        return []
    rows = session.execute(
        providers()
        .with_only_columns(Organisation.public_id, Organisation.name, Organisation.name_en)
        .where(Organisation.public_id.in_(public_ids))
    )
    return [(public_id, Names(name, name_en)) for public_id, name, name_en in rows]


def services_between(first: datetime, last: datetime) -> int:
    ended = select(func.count()).select_from(ServiceRecord).where(ServiceRecord.ends_at.between(first, last))
    return session.scalar(ended) or 0
