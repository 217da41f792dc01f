"""Prices that arrive with imported instruments."""

from __future__ import annotations

from app.catalogue.events import HourlyPriceFound
from app.infra.db import session
from app.kernel.civil import civil_day
from app.kernel.money import ZERO
from app.pricing.models import PriceList
from app.pricing.rules import ClientClass


def list_found_price(found: HourlyPriceFound) -> None:
    """A list that names one price means it for everybody: the general class, from today."""
    session.add(
        PriceList(
            instrument_id=found.instrument.id,
            provider_id=found.instrument.provider_id,
            client_class=ClientClass.OTHER,
            hourly=found.amount,
            start_up=ZERO,
            minimum=ZERO,
            valid_from=civil_day(found.now),
            valid_until=None,
            created_at=found.now,
        )
    )
