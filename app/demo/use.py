"""What comes of the requests of the story: used, charged, confirmed, invoiced, received – or not.

Receivables of three to six months, after domain.md §5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from app.accounts.models import User
from app.billing.models import Charge, ChargedFor, ChargeMark
from app.billing.rules import MarkKind
from app.booking.models import Booking, BookingStep, Occupation, OccupationKind, Source
from app.booking.rules.purposes import Purpose
from app.booking.rules.states import HOLDS_TIME, BookingState
from app.booking.services.request import lines_of
from app.catalogue.models import Instrument, InstrumentManager, ServiceMode
from app.demo.slots import Slot, wished
from app.infra.db import session
from app.kernel import civil
from app.kernel.civil import civil_day
from app.kernel.ids import new_public_id
from app.ledger.models import RecordEntry, ServiceRecord
from app.ledger.rules.entries import EntryKind
from app.ledger.rules.facts import EvidenceGrade
from app.ledger.rules.witnesses import Witness
from app.organisations.models import Organisation
from app.pricing import queries as pricing
from app.pricing.models import PriceList
from app.pricing.rules import Quote, quote
from app.usage.models import UsageSession

S = BookingState
DESCRIPTIONS = (
    "断口形貌分析",
    "样品成分测定",
    "批次一致性检测",
    "课题数据采集",
    "工艺参数摸索",
    "论文补充实验",
    "新产品研发测试",
)


def write(
    bodies: Mapping[str, Organisation],
    people: Mapping[str, User],
    instruments: Sequence[Instrument],
    random: Random,
    *,
    monday: date,
    now: datetime,
) -> dict[str, int]:
    """Write bookings and everything that hangs on them, a few thousand rows at a time."""
    slots = wished(bodies, people, instruments, random, monday=monday, now=now)
    prices, keepers = _prices(), _keepers()
    parties = {body.id: body for body in bodies.values()}
    records = 0
    for start in range(0, len(slots), 1000):
        records += _write_chunk(slots[start : start + 1000], parties, prices, keepers, random, now=now)
    return {"bookings": len(slots), "records": records}


def _prices() -> dict[tuple[int, Any], PriceList]:
    return {(row.instrument_id, row.client_class): row for row in session.query(PriceList)}


def _keepers() -> dict[int, int]:
    """Instrument id → one who keeps it."""
    return {row.instrument_id: row.user_id for row in session.query(InstrumentManager)}


def _write_chunk(
    slots: Sequence[Slot],
    parties: Mapping[int, Organisation],
    prices: Mapping[tuple[int, Any], PriceList],
    keepers: Mapping[int, int],
    random: Random,
    *,
    now: datetime,
) -> int:
    bookings = [_booking(slot, parties, prices, number, now=now) for number, slot in enumerate(slots)]
    session.add_all(booking for booking, _quote in bookings)
    session.flush()
    used = []
    for slot, (booking, priced) in zip(slots, bookings, strict=True):
        session.add(_occupation(slot, booking))
        session.add_all(_steps(slot, booking))
        session.add_all(_uses(slot, booking, keepers[slot.instrument.id]))
        if booking.state in {S.ENDED, S.COMPLETED}:
            charge = _charge(booking, priced, ChargedFor.SERVICE)
            record = _record(slot, booking)
            session.add_all([charge, record])
            used.append((booking, charge, record))
        elif booking.state is S.NO_SHOW:
            session.add(_charge(booking, priced, ChargedFor.NO_SHOW))
    session.flush()
    for booking, charge, record in used:
        session.add_all(_later(booking, charge, record, keepers[booking.instrument_id], random, now=now))
    session.flush()
    session.expunge_all()
    return len(used)


def _declared(slot: Slot, number: int) -> Purpose:
    """Some tests are prescribed by law; the scheme does not count them."""
    if slot.client.id == slot.instrument.provider_id:
        return Purpose.RESEARCH
    return Purpose.STATUTORY_TEST if number % 60 == 0 else Purpose.DEVELOPMENT


def _booking(
    slot: Slot,
    parties: Mapping[int, Organisation],
    prices: Mapping[tuple[int, Any], PriceList],
    number: int,
    *,
    now: datetime,
) -> tuple[Booking, Quote]:
    row = slot.instrument
    client_class = pricing.client_class(slot.client, parties[row.provider_id], on=civil_day(slot.during.start))
    price = prices[row.id, client_class]
    priced = quote(pricing.hourly(price), slot.during.seconds // 60)
    booking = Booking(
        public_id=new_public_id(),
        number=f"{civil_day(slot.during.start):%y%m%d}-D{row.id:03d}{slot.place}{number:03d}",
        instrument_id=row.id,
        provider_id=row.provider_id,
        client_id=slot.client.id,
        user_id=slot.user.id,
        state=slot.fate,
        mode=ServiceMode.SELF_OPERATED,
        purpose=_declared(slot, number),
        description=DESCRIPTIONS[number % len(DESCRIPTIONS)],
        starts_at=slot.during.start,
        ends_at=slot.during.end,
        client_class=client_class,
        price_list_id=price.id,
        quote=lines_of(priced),
        quoted=slot.fixed or priced.total,
        source=Source.WEB,
        rating=5 if slot.fate is S.COMPLETED else None,
        created_at=min(slot.during.start - timedelta(days=5), now),
    )
    return booking, priced


def _occupation(slot: Slot, booking: Booking) -> Occupation:
    held = slot.fate in HOLDS_TIME
    return Occupation(
        calendar_id=slot.instrument.calendar_id,
        place=slot.place if held else None,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        kind=OccupationKind.BOOKING,
        active=held,
        booking_id=booking.id,
    )


def _steps(slot: Slot, booking: Booking) -> Iterator[BookingStep]:
    if slot.fate in {S.STARTED, S.ENDED, S.COMPLETED}:
        yield BookingStep(booking_id=booking.id, state=S.STARTED, at=booking.starts_at, user_id=booking.user_id)
    if slot.fate in {S.ENDED, S.COMPLETED}:
        yield BookingStep(booking_id=booking.id, state=S.ENDED, at=booking.ends_at, user_id=booking.user_id)
    if slot.fate not in {S.REQUESTED, S.CONFIRMED, S.STARTED, S.ENDED}:
        when = booking.ends_at if slot.fate in {S.COMPLETED, S.NO_SHOW} else booking.created_at
        yield BookingStep(booking_id=booking.id, state=slot.fate, at=when, user_id=booking.user_id)


def _uses(slot: Slot, booking: Booking, keeper: int) -> Iterator[UsageSession]:
    """What really happened: many uses end a little early, and whoever keeps the instrument records the end."""
    if slot.fate in {S.STARTED, S.ENDED, S.COMPLETED}:
        over = slot.fate is not S.STARTED
        yield UsageSession(
            booking_id=booking.id,
            instrument_id=booking.instrument_id,
            started_at=booking.starts_at,
            ended_at=booking.starts_at + timedelta(minutes=_used_minutes(slot)) if over else None,
            started_by_id=booking.user_id,
            ended_by_id=keeper if over else None,
        )


def _used_minutes(slot: Slot) -> int:
    booked = slot.during.seconds // 60
    return booked - 5 * (slot.during.start.day % 3) if booked > 60 else booked


def _charge(booking: Booking, priced: Quote, charged_for: ChargedFor) -> Charge:
    return Charge(
        booking_id=booking.id,
        provider_id=booking.provider_id,
        client_id=booking.client_id,
        user_id=booking.user_id,
        kind=charged_for,
        lines=lines_of(priced),
        amount=booking.quoted,
        posted_at=booking.ends_at,
    )


def _record(slot: Slot, booking: Booking) -> ServiceRecord:
    used = _used_minutes(slot)
    return ServiceRecord(
        source_key=booking.number,
        booking_id=booking.id,
        provider_id=booking.provider_id,
        evaluation_unit_id=slot.instrument.evaluation_unit_id,
        instrument_id=booking.instrument_id,
        client_id=booking.client_id,
        user_id=booking.user_id,
        mode=booking.mode,
        purpose=booking.purpose.value,
        internal=booking.client_id == booking.provider_id,
        starts_at=booking.starts_at,
        ends_at=booking.starts_at + timedelta(minutes=used),
        booked_from=booking.starts_at,
        booked_until=booking.ends_at,
        linked_until=civil.at(civil_day(booking.starts_at) + timedelta(days=2)),
        effective_minutes=used,
        posted=booking.quoted,
        charged=booking.quoted,
        evidence=EvidenceGrade.MANUAL,
        entered_at=booking.ends_at,
    )


def _later(
    booking: Booking, charge: Charge, record: ServiceRecord, keeper: int, random: Random, *, now: datetime
) -> Iterator[Any]:
    """Confirmation within days, an invoice after weeks, money after months; some of it never came."""
    if booking.state is S.COMPLETED:
        rating = None if record.internal else random.choice([5, 5, 5, 4, 4, 3])
        witness = {"witness": Witness.PROVIDER_ALONE if record.internal else Witness.BOTH}
        when = min(record.ends_at + timedelta(days=1), now)
        yield _entry(record, EntryKind.CONFIRMED, when, rating=rating, details=witness)
    if record.internal or not charge.amount or random.random() < 0.05:
        return
    invoiced = record.ends_at + timedelta(days=random.randint(5, 30))
    received = invoiced + timedelta(days=random.randint(30, 150))
    for kind, when in ((MarkKind.INVOICED, invoiced), (MarkKind.RECEIVED, received)):
        if when < now:
            document = f"{kind.value[:3].upper()}{record.id:06d}"
            yield ChargeMark(
                charge_id=charge.id,
                kind=kind,
                amount=charge.amount,
                on=civil_day(when),
                document=document,
                user_id=keeper,
                marked_at=when,
            )
            entry = EntryKind.INVOICED if kind is MarkKind.INVOICED else EntryKind.RECEIVED
            yield _entry(record, entry, when, amount=charge.amount, document=document)


def _entry(record: ServiceRecord, kind: EntryKind, when: datetime, **more: Any) -> RecordEntry:
    return RecordEntry(record_id=record.id, kind=kind, on=civil_day(when), entered_at=when, **more)
