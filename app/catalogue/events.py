"""What the catalogue tells the features above it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.catalogue.models import Instrument
from app.kernel.money import Money


@dataclass(frozen=True)
class PlacesChanging:
    """Somebody gives an instrument fewer or more places; a listener refuses what cannot be."""

    instrument: Instrument
    places: int
    now: datetime


@dataclass(frozen=True)
class HourlyPriceFound:
    """An imported list names a price by the hour."""

    instrument: Instrument
    amount: Money
    now: datetime
