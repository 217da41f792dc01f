"""Wishes of the story that were refused: mostly for time already taken, more of them in the busy quarter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import count
from random import Random

from app.booking.models import Source, UnmetDemand
from app.booking.rules.refusals import RefusalCode as Why
from app.catalogue.models import Instrument
from app.catalogue.seeds.holidays import notices
from app.demo.people import EXTERNAL, PROVIDERS
from app.infra.db import session
from app.kernel.civil import at
from app.organisations.models import Organisation

WISHES = 240
WEEKS_BACK = 52
DAYS_OFF = frozenset(notice.day for year in notices().values() for notice in year if notice.off)
REASONS = (
    ([Why.SLOT_TAKEN], 60),
    ([Why.OUTSIDE_OPENING_HOURS], 16),
    ([Why.TOO_LONG], 8),
    ([Why.TOO_LONG, Why.OUTSIDE_OPENING_HOURS], 4),
    ([Why.TOO_FAR], 5),
    ([Why.OUT_OF_SERVICE], 4),
    ([Why.DECLINED], 2),
    ([Why.UNDECIDED], 1),
)


def write(
    bodies: Mapping[str, Organisation], instruments: Sequence[Instrument], random: Random, *, now: datetime
) -> None:
    sought = random.choices(instruments, weights=[random.uniform(0.2, 3) for _ in instruments], k=WISHES)
    session.add_all(_wish(row, bodies, random, now=now) for row in sought)


def _wish(row: Instrument, bodies: Mapping[str, Organisation], random: Random, *, now: datetime) -> UnmetDemand:
    asked = now - timedelta(minutes=random.triangular(60, WEEKS_BACK * 7 * 24 * 60, 60))
    start = at(_workday(asked.date(), random)) + timedelta(minutes=30 * random.randint(16, 34))
    codes, _weight = random.choices(REASONS, weights=[weight for _codes, weight in REASONS])[0]
    hours = random.randint(9, 14) if Why.TOO_LONG in codes else random.randint(1, 5)
    return UnmetDemand(
        instrument_id=row.id,
        provider_id=row.provider_id,
        client_id=bodies[random.choice(EXTERNAL if random.random() < 0.7 else PROVIDERS)].id,
        starts_at=start,
        ends_at=start + timedelta(hours=hours),
        codes=[code.value for code in codes],
        source=Source.API if random.random() < 0.05 else Source.WEB,
        at=asked.replace(microsecond=0),
    )


def _workday(asked: date, random: Random) -> date:
    day = asked + timedelta(days=random.randint(1, 20))
    return next(on for n in count() if _works(on := day - timedelta(days=n)))


def _works(day: date) -> bool:
    return day.weekday() < 5 and day not in DAYS_OFF
