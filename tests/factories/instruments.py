"""Instruments that are open round the clock, and prices for them."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from app.accounts.models import User
from app.catalogue.models import Calendar, Instrument, InstrumentManager, InstrumentState, OpeningSpan, ServiceMode
from app.infra.db import session
from app.kernel.money import Money
from app.organisations.models import Organisation
from app.pricing.models import PriceList
from app.pricing.rules import ClientClass
from tests.factories.organisations import BORN

_numbers = count(1)


def instrument(provider: Organisation, name: str = "Electron microscope", *managers: User, **more: Any) -> Instrument:
    """Listed, shared with everybody, open at any hour, one place, half-hour grid, no approval."""
    calendar = Calendar(places=more.get("places", 1))
    session.add(calendar)
    session.flush()
    values: dict[str, Any] = {
        "inner_id": f"I-{next(_numbers)}",
        "sort_key": name,
        "search_text": name.casefold(),
        "state": InstrumentState.LISTED,
        "modes": [ServiceMode.SELF_OPERATED.value],
        "closed_on_holidays": False,
        "created_at": BORN,
        **more,
    }
    row = Instrument(provider_id=provider.id, calendar_id=calendar.id, name=name, **values)
    session.add(row)
    session.flush()
    for weekday in range(7):
        session.add(OpeningSpan(instrument_id=row.id, weekday=weekday, opens=0, closes=1440))
    for manager in managers:
        session.add(InstrumentManager(instrument_id=row.id, user_id=manager.id))
    session.flush()
    return row


def price(of: Instrument, hourly_yuan: int, client_class: ClientClass = ClientClass.FIRM, **more: Any) -> PriceList:
    values: dict[str, Any] = {
        "start_up": Money(0),
        "minimum": Money(0),
        "valid_from": date(2026, 1, 1),
        "valid_until": None,
        "created_at": BORN,
        **more,
    }
    row = PriceList(
        instrument_id=of.id,
        provider_id=of.provider_id,
        client_class=client_class,
        hourly=Money.yuan(hourly_yuan),
        **values,
    )
    session.add(row)
    session.flush()
    return row
