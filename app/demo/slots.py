"""Who wants which instrument when: eighteen months of requests with what becomes of each.

Proportions after domain.md §5: external hours near a sixth, a peak in the fourth quarter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count, islice
from random import Random

from app.accounts.models import User
from app.booking.queries import openings_of
from app.booking.rules.opening import Opening, hours_on
from app.booking.rules.states import BookingState
from app.catalogue.models import Instrument
from app.demo.people import EXTERNAL, PROVIDERS
from app.kernel.civil import at, days
from app.kernel.money import Money
from app.kernel.period import Period
from app.organisations.models import Organisation

WEEKS_BACK, WEEKS_AHEAD = 78, 3
EXTERNAL_SHARE = 0.17
S = BookingState
FATES = ((S.COMPLETED, 0.88), (S.ENDED, 0.03), (S.CANCELLED, 0.06), (S.NO_SHOW, 0.02), (S.DECLINED, 0.01))
MOST_YUAN = 180  # one-yuan orders of the case that a reviewer should notice


@dataclass(frozen=True)
class Slot:
    """One request of the story with its place on the calendar."""

    instrument: Instrument
    client: Organisation
    user: User
    during: Period
    place: int
    fate: BookingState
    fixed: Money | None = None


def wished(
    bodies: Mapping[str, Organisation],
    people: Mapping[str, User],
    instruments: Sequence[Instrument],
    random: Random,
    *,
    monday: date,
    now: datetime,
) -> list[Slot]:
    """Every request of the story, in order of time."""
    openings = openings_of(instruments, _story(monday))
    slots = [
        slot
        for row in instruments
        for slot in _slots(row, openings[row.id], bodies, people, random, monday=monday, now=now)
    ]
    slots += list(_one_yuan(bodies, people, instruments, openings, random, monday=monday))
    slots.sort(key=lambda slot: (slot.during, slot.instrument.id, slot.place))
    return _with_something_to_do(slots, bodies, people, now=now)


def _story(monday: date) -> Period:
    return days(monday - timedelta(weeks=WEEKS_BACK), monday + timedelta(weeks=WEEKS_AHEAD))


def _slots(
    row: Instrument,
    opening: Opening,
    bodies: Mapping[str, Organisation],
    people: Mapping[str, User],
    random: Random,
    *,
    monday: date,
    now: datetime,
) -> Iterator[Slot]:
    """One or two bookings on some open days; busier in the fourth quarter."""
    owner = next(key for key, body in bodies.items() if body.id == row.provider_id)
    popular = random.uniform(0.09, 0.26)
    for offset in range(-7 * WEEKS_BACK, 7 * WEEKS_AHEAD):
        day = monday + timedelta(days=offset)
        spans = hours_on(opening, day)
        busy = popular * (1.5 if day.month >= 10 else 1)
        if not spans or random.random() > busy:
            continue
        span = spans[0]
        start = span.start + 30 * random.randint(0, 6)
        length = min(row.max_minutes, max(row.min_minutes, 60 * random.randint(2, 6)), span.end - start)
        begin = at(day) + timedelta(minutes=start)
        during = Period(begin, begin + timedelta(minutes=length))
        client, user = _who(owner, bodies, people, random, day)
        yield Slot(row, client, user, during, random.randint(1, row.places), _fate(row, during, random, now=now))


def _who(
    owner: str, bodies: Mapping[str, Organisation], people: Mapping[str, User], random: Random, day: date
) -> tuple[Organisation, User]:
    """Mostly the house itself; outsiders come more often towards the end of the year."""
    if random.random() < EXTERNAL_SHARE * (1.4 if day.month >= 10 else 0.9) * 0.95:
        key = random.choice(EXTERNAL) if random.random() < 0.8 else random.choice([p for p in PROVIDERS if p != owner])
        named = people["researcher"] if key == "qlan" else people[f"user-{key}"]
        return bodies[key], named
    named = people["student"] if owner == "ybu" and random.random() < 0.4 else people[f"user-{owner}"]
    return bodies[owner], named


def _fate(row: Instrument, during: Period, random: Random, *, now: datetime) -> BookingState:
    if during.start <= now < during.end:
        return S.STARTED
    if during.start > now:
        return S.REQUESTED if row.needs_approval and random.random() < 0.5 else S.CONFIRMED
    roll = random.random()
    for state, share in FATES:
        roll -= share
        if roll < 0:
            return state
    return S.COMPLETED


def _with_something_to_do(
    slots: Sequence[Slot], bodies: Mapping[str, Organisation], people: Mapping[str, User], *, now: datetime
) -> list[Slot]:
    """The firm's researcher finds services to confirm and bookings to come at the first university."""
    house, client, user = bodies["ybu"].id, bodies["qlan"], people["researcher"]
    own = [n for n, slot in enumerate(slots) if slot.instrument.provider_id == house]
    past = [n for n in own if slots[n].during.end < now and slots[n].fate is S.COMPLETED][-3:]
    coming = [n for n in own if slots[n].during.start > now][:6:2]
    changed = list(slots)
    for n in past:
        changed[n] = replace(slots[n], fate=S.ENDED, client=client, user=user)
    for n in coming:
        changed[n] = replace(slots[n], client=client, user=user)
    return changed


def _one_yuan(
    bodies: Mapping[str, Organisation],
    people: Mapping[str, User],
    instruments: Sequence[Instrument],
    openings: Mapping[int, Opening],
    random: Random,
    *,
    monday: date,
) -> Iterator[Slot]:
    """180 orders of one yuan from 44 new firms at one hospital within its idle evenings."""
    row = next(i for i in instruments if i.provider_id == bodies["hosp"].id)
    firms = [body for key, body in bodies.items() if key.startswith("new")]
    evenings = (monday - timedelta(days=n) for n in count(7))
    worked = islice((day for day in evenings if hours_on(openings[row.id], day)), MOST_YUAN // 6)
    for number, day in enumerate(day for day in worked for _ in range(6)):
        begin = at(day) + timedelta(hours=22, minutes=10 * (number % 6))
        during = Period(begin, begin + timedelta(minutes=10))
        yield Slot(row, random.choice(firms), people["user-hosp"], during, 1, S.COMPLETED, Money.yuan(1))
