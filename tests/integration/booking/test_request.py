"""Booking time: what is written, what is refused, and that the database itself refuses overlaps."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from app import audit
from app.audit.models import AuditEntry
from app.booking import queries
from app.booking.models import Booking, Occupation, OccupationKind, UnmetDemand
from app.booking.rules.states import BookingState
from app.booking.services import blocks, cancellation, guests
from app.booking.services.check import BookingRequest
from app.booking.services.preview import preview
from app.booking.services.request import request_booking
from app.catalogue.models import OpeningException
from app.infra import guards
from app.infra.db import session
from app.infra.outbox import OutboxMessage
from app.infra.transactions import transaction
from app.kernel.civil import civil_day, day
from app.kernel.errors import NotFound, Refusal, Refused
from app.kernel.money import Money
from app.pricing.rules import ClientClass
from app.usage import services as usage
from tests.factories.actors import acting
from tests.factories.cast import Cast
from tests.factories.instruments import instrument, price
from tests.factories.pages import send
from tests.factories.signing_in import signed_in

HOUR = timedelta(hours=1)
OWN_UNIT = ClientClass.OWN_UNIT


def wish(cast: Cast, now: datetime, *, hours: float = 24, length: float = 2, **more: Any) -> BookingRequest:
    start = now + timedelta(hours=hours)
    values = {
        "instrument": cast.microscope.public_id,
        "client": cast.firm.public_id,
        "starts_at": start,
        "ends_at": start + timedelta(hours=length),
        "description": "Fracture surface",
        **more,
    }
    return BookingRequest(**values)


def book(cast: Cast, now: datetime, **more: Any) -> Booking:
    with transaction():
        return request_booking(wish(cast, now, **more), actor=acting(cast.researcher), now=now)


def refused(cast: Cast, now: datetime, **more: Any) -> list[str]:
    with pytest.raises(Refused) as error, transaction():
        request_booking(wish(cast, now, **more), actor=acting(cast.researcher), now=now)
    return [refusal.code for refusal in error.value.refusals]


def test_a_booking_is_confirmed_priced_seated_and_audited(cast: Cast, now: datetime) -> None:
    booking = book(cast, now)
    held = session.scalars(select(Occupation)).one()
    assert (booking.state, booking.quoted) == (BookingState.CONFIRMED, Money.yuan(800))
    assert (held.active, held.place, held.booking_id) == (True, 1, booking.id)
    assert session.scalars(select(AuditEntry.action)).all() == ["booking.confirmed"]
    assert audit.verify() is None


@pytest.mark.parametrize(("shift", "taken"), [(-2, False), (-1.5, True), (0, True), (1.5, True), (2, False)])
def test_neighbours_touch_but_never_overlap(cast: Cast, now: datetime, shift: float, taken: bool) -> None:
    book(cast, now)
    if taken:
        assert refused(cast, now, hours=24 + shift) == ["slot-taken"]
    else:
        book(cast, now, hours=24 + shift)


@pytest.mark.parametrize("edge", ["start", "end"])
def test_the_database_refuses_an_overlap_of_one_second(cast: Cast, now: datetime, edge: str) -> None:
    booking = book(cast, now)
    second = timedelta(seconds=1)
    span = (
        (booking.starts_at - HOUR, booking.starts_at + second)
        if edge == "start"
        else (booking.ends_at - second, booking.ends_at + HOUR)
    )
    with pytest.raises(IntegrityError) as error, transaction():
        session.add(_held(cast, *span))
    assert guards.broken(error.value, guards.OVERLAP)


def _held(cast: Cast, starts_at: datetime, ends_at: datetime) -> Occupation:
    return Occupation(
        calendar_id=cast.microscope.calendar_id,
        place=1,
        starts_at=starts_at,
        ends_at=ends_at,
        kind=OccupationKind.HOLD,
        active=True,
    )


def test_the_database_refuses_to_reactivate_or_stretch_into_taken_time(cast: Cast, now: datetime) -> None:
    booking = book(cast, now)
    with transaction():
        waiting = _held(cast, booking.starts_at, booking.ends_at)
        waiting.active = False
        session.add(waiting)
        after = _held(cast, booking.ends_at, booking.ends_at + HOUR)
        session.add(after)
    for change in (
        f"UPDATE occupations SET active = true WHERE id = {waiting.id}",
        f"UPDATE occupations SET starts_at = '{booking.starts_at:%Y-%m-%d %H:%M:%S}+00' WHERE id = {after.id}",
    ):
        with pytest.raises(IntegrityError), transaction():
            session.execute(text(change))


def test_without_the_guard_the_database_would_take_both(cast: Cast, now: datetime) -> None:
    """The negative control of the three tests above."""
    booking = book(cast, now)
    guard = next(g for g in Booking.metadata.info["guards"] if g.table == "occupations")
    with transaction():
        for statement in guard.drop(session.get_bind().dialect.name):
            session.execute(text(statement))
        session.add(_held(cast, booking.starts_at, booking.ends_at))
    assert session.scalar(select(func.count()).select_from(Occupation)) == 2


def test_every_refusal_comes_at_once_and_is_kept_as_demand(cast: Cast, now: datetime) -> None:
    codes = refused(cast, now, hours=-1, length=0.25)
    assert codes == ["in-the-past", "too-short", "off-grid"]
    kept = session.scalars(select(UnmetDemand)).one()
    assert (kept.codes, kept.user_id, kept.client_id) == (codes, cast.researcher.id, cast.firm.id)
    assert session.scalar(select(func.count()).select_from(Booking)) == 0


@pytest.mark.parametrize("length", [0, -1])
def test_a_period_that_does_not_last_is_refused_and_kept_without_times(cast: Cast, now: datetime, length: int) -> None:
    assert refused(cast, now, length=length) == ["ends-before-start"]
    assert session.scalars(select(UnmetDemand)).one().starts_at is None


def test_a_class_without_a_price_is_refused(cast: Cast, now: datetime) -> None:
    with transaction():
        bare = instrument(cast.university, "Unpriced")
    assert refused(cast, now, instrument=bare.public_id) == ["no-price"]


def test_nobody_books_for_an_organisation_of_others(cast: Cast, now: datetime) -> None:
    with pytest.raises(NotFound), transaction():
        request_booking(wish(cast, now, client=cast.other_firm.public_id), actor=acting(cast.researcher), now=now)


class TestPlaces:
    @pytest.fixture
    def bench(self, cast: Cast) -> str:
        with transaction():
            row = instrument(cast.university, "Bench", cast.manager, places=2)
            price(row, 50)
            return row.public_id

    def test_two_places_take_two_and_no_more(self, cast: Cast, now: datetime, bench: str) -> None:
        for _ in range(2):
            book(cast, now, instrument=bench)
        assert refused(cast, now, instrument=bench) == ["slot-taken"]

    def test_a_wish_that_fits_by_count_is_seated_by_moving_others(self, cast: Cast, now: datetime, bench: str) -> None:
        passing = book(cast, now, hours=27, length=2, instrument=bench)
        later = book(cast, now, hours=27, length=2, instrument=bench)
        with transaction():
            cancellation.cancel(passing.public_id, "Not needed", actor=acting(cast.manager), now=now)
        book(cast, now, hours=24, length=2, instrument=bench)
        assert place_of(later) == 2
        wanted = book(cast, now, hours=25, length=3, instrument=bench)
        assert (place_of(later), place_of(wanted)) == (1, 2)

    def test_crew_use_takes_one_place_and_stops_at_bookings(self, cast: Cast, now: datetime, bench: str) -> None:
        start, actor = now + 24 * HOUR, acting(cast.manager)
        for _ in range(2):
            with transaction():
                blocks.block(bench, start, start + HOUR, OccupationKind.STAFF, actor=actor, now=now)
        with pytest.raises(Refused, match="slot-taken"), transaction():
            blocks.block(bench, start, start + HOUR, OccupationKind.STAFF, actor=actor, now=now)
        with transaction():
            first = session.scalars(select(Occupation.id).order_by(Occupation.id)).first()
            assert first
            blocks.unblock(bench, first, actor=actor, now=now)
        book(cast, now, instrument=bench, length=1)
        assert refused(cast, now, instrument=bench, length=1) == ["slot-taken"]

    def test_maintenance_takes_every_place_and_bookings_stop_it(self, cast: Cast, now: datetime, bench: str) -> None:
        start, actor = now + 24 * HOUR, acting(cast.manager)
        with transaction():
            blocks.block(bench, start, start + HOUR, OccupationKind.MAINTENANCE, actor=actor, now=now)
        assert refused(cast, now, instrument=bench, length=1) == ["instrument-in-maintenance", "slot-taken"]
        book(cast, now, hours=25, length=1, instrument=bench)
        with pytest.raises(Refused), transaction():
            blocks.block(bench, start, start + 2 * HOUR, OccupationKind.MAINTENANCE, actor=actor, now=now)
        with transaction():
            first = session.scalars(select(Occupation).where(Occupation.kind == "maintenance")).first()
            assert first
            blocks.unblock(bench, first.id, actor=actor, now=now)
        book(cast, now, instrument=bench, length=1)


def test_instead_of_what_has_long_passed_open_and_free_time_is_offered(cast: Cast, now: datetime) -> None:
    """Neither the day it is closed nor what is booked lies near the wish."""
    today = civil_day(now)
    closed = {"instrument_id": cast.microscope.id, "opens": None, "closes": None, "reason": "Inventory"}
    with transaction():
        session.add_all(OpeningException(day=today + timedelta(days=n), **closed) for n in (0, 1))
    opens = day(today + timedelta(days=2)).start
    book(cast, now, hours=(opens - now) / HOUR)
    seen = preview(wish(cast, now, hours=-60 * 24), actor=acting(cast.researcher), now=now)
    passed = next(refusal for refusal in seen.refusals if refusal.code == "in-the-past")
    assert passed.params["earliest"] == opens + 2 * HOUR
    assert passed.params["next_free"][0] == (opens + 2 * HOUR, opens + 4 * HOUR)


def place_of(booking: Booking) -> int | None:
    session.expire_all()
    return session.scalars(select(Occupation.place).where(Occupation.booking_id == booking.id)).one()


def test_a_preview_tells_what_booking_would(cast: Cast, now: datetime) -> None:
    with transaction():
        unpriced = instrument(cast.university, "Unpriced").public_id
    seen = preview(wish(cast, now, instrument=unpriced), actor=acting(cast.researcher), now=now)
    assert (seen.offer, seen.refusals) == (None, (Refusal("no-price", {"client_class": ClientClass.FIRM}),))
    assert refused(cast, now, instrument=unpriced) == ["no-price"]
    fine = preview(wish(cast, now), actor=acting(cast.researcher), now=now)
    assert (fine.offer and fine.offer.quote.total, fine.refusals) == (Money.yuan(800), ())


def test_a_colleague_is_invited_a_stranger_is_not(cast: Cast, now: datetime) -> None:
    booking = book(cast, now)
    with transaction():
        guests.invite(booking.public_id, cast.colleague.id, actor=acting(cast.researcher), now=now)
    with pytest.raises(Refused, match="not-a-colleague"), transaction():
        guests.invite(booking.public_id, cast.rival.id, actor=acting(cast.researcher), now=now)


def test_an_invitation_is_taken_back_until_the_use_begins(app: Flask, cast: Cast, now: datetime) -> None:
    booking, mine = book(cast, now), acting(cast.researcher)
    with transaction():
        guests.invite(booking.public_id, cast.colleague.id, actor=mine, now=now)
    page = f"/bookings/{booking.public_id}"
    browser = signed_in(app, cast.researcher)
    assert f"{page}/guests/{cast.colleague.id}/remove" in browser.get(page).text
    assert send(browser, f"{page}/guests/{cast.colleague.id}/remove").location == page
    assert queries.guests_of(booking) == []
    told = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    assert [message.address.partition("@")[0] for message in told] == ["colleague"] * 2
    assert booking.number in told[-1].body
    with pytest.raises(NotFound), transaction():
        guests.uninvite(booking.public_id, cast.colleague.id, actor=mine, now=now)
    with transaction():
        guests.invite(booking.public_id, cast.colleague.id, actor=mine, now=now)
        usage.start(booking.public_id, actor=mine, now=booking.starts_at)
    with pytest.raises(Refused, match="wrong-state"), transaction():
        guests.uninvite(booking.public_id, cast.colleague.id, actor=mine, now=booking.starts_at)
