"""A pilot line and its stations: whole and parts on one calendar, whichever is booked first."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta
from typing import NamedTuple

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.access import Actor
from app.booking import queries
from app.booking.models import Booking, Occupation, OccupationKind
from app.booking.services import approval, blocks, cancellation, components
from app.booking.services.check import BookingRequest
from app.booking.services.request import request_booking
from app.catalogue.models import Calendar, Instrument
from app.catalogue.services import instruments
from app.infra.db import session
from app.infra.transactions import transaction
from app.kernel.errors import Forbidden, NotFound, Refused
from app.kernel.period import Period
from tests.factories.actors import acting
from tests.factories.cast import Cast
from tests.factories.instruments import instrument, price
from tests.factories.pages import send
from tests.factories.signing_in import signed_in

HOUR = timedelta(hours=1)


class Line(NamedTuple):
    whole: Instrument
    first: Instrument
    second: Instrument


@pytest.fixture
def line(cast: Cast, now: datetime) -> Line:
    """Three places; the first two are parts with names of their own."""
    with transaction():
        made = Line(
            *(instrument(cast.university, name, cast.manager, class_code="0102", **more) for name, more in (
                ("Pilot line", {"places": 3}), ("Reactor", {}), ("Dryer", {"needs_approval": True})
            ))
        )  # fmt: skip
        for one in made:
            price(one, 100)
    for place, one in enumerate(made[1:], start=1):
        with transaction():
            components.join(one.public_id, made.whole.public_id, place, actor=acting(cast.manager), now=now)
    return made


def book(cast: Cast, now: datetime, of: Instrument, hours: float, length: float = 1) -> Booking:
    start = now + hours * HOUR
    wish = BookingRequest(of.public_id, cast.firm.public_id, start, start + length * HOUR, "Trial run")
    with transaction():
        return request_booking(wish, actor=acting(cast.researcher), now=now)


def refused(act: object, *given: object, **more: object) -> list[str]:
    with pytest.raises(Refused) as error, transaction():
        act(*given, **more)  # type: ignore[operator]
    return [refusal.code for refusal in error.value.refusals]


def held(booking: Booking) -> list[tuple[int | None, bool]]:
    rows = select(Occupation).where(Occupation.booking_id == booking.id).order_by(Occupation.place)
    return [(row.place, row.active) for row in session.scalars(rows)]


def test_the_whole_takes_every_place_and_a_part_its_own(cast: Cast, now: datetime, line: Line) -> None:
    assert held(book(cast, now, line.whole, 24)) == [(1, True), (2, True), (3, True)]
    assert held(book(cast, now, line.first, 26)) == [(1, True)]
    assert refused(book, cast, now, line.first, 24) == ["slot-taken"]
    assert refused(book, cast, now, line.whole, 26) == ["slot-taken"]
    asked = book(cast, now, line.second, 26)
    assert held(asked) == [(None, False)]
    with transaction():
        approval.approve(asked.public_id, actor=acting(cast.manager), now=now)
    assert held(asked) == [(2, True)]


def test_a_request_for_the_whole_takes_every_place_when_it_is_granted(cast: Cast, now: datetime, line: Line) -> None:
    with transaction():
        session.get_one(Instrument, line.whole.id).needs_approval = True
    asked, late = book(cast, now, line.whole, 30), book(cast, now, line.whole, 31)
    second = book(cast, now, line.first, 31)
    with transaction():
        approval.approve(asked.public_id, actor=acting(cast.manager), now=now)
    assert held(asked) == [(1, True), (2, True), (3, True)]
    assert refused(approval.approve, late.public_id, actor=acting(cast.manager), now=now) == ["slot-taken"]
    with transaction():
        cancellation.cancel(second.public_id, actor=acting(cast.researcher), now=now)
        approval.approve(late.public_id, actor=acting(cast.manager), now=now)
        cancellation.cancel(asked.public_id, "Broken", actor=acting(cast.manager), now=now)
    assert held(asked) == [(1, False), (2, False), (3, False)]


def test_calendars_show_each_what_concerns_it_once(cast: Cast, now: datetime, line: Line) -> None:
    whole, first = book(cast, now, line.whole, 24), book(cast, now, line.first, 26)
    day = Period(now, now + 48 * HOUR)

    def shown(one: Instrument) -> list[int]:
        return [booking.id for _held, booking in queries.feed(one, day)]

    assert [shown(one) for one in line] == [[whole.id, first.id], [whole.id, first.id], [whole.id]]
    free = [sum(gap.seconds for gap in queries.free_time(one, day)) // 3600 for one in line]
    assert free == [46, 46, 47]


def test_maintenance_of_a_part_leaves_the_rest(cast: Cast, now: datetime, line: Line) -> None:
    manager, kind, start = acting(cast.manager), OccupationKind.MAINTENANCE, now + 24 * HOUR
    with transaction():
        blocks.block(line.first.public_id, start, start + HOUR, kind, actor=manager, now=now)
    assert refused(book, cast, now, line.whole, 24) == ["instrument-in-maintenance", "slot-taken"]
    book(cast, now, line.second, 24)
    with transaction():
        row = blocks.block(line.whole.public_id, start + HOUR, start + 2 * HOUR, kind, actor=manager, now=now)
        blocks.unblock(line.whole.public_id, row.id, actor=manager, now=now)
    assert len(held(book(cast, now, line.whole, 25))) == 3


def test_crew_use_of_the_whole_is_taken_and_given_back_whole(cast: Cast, now: datetime, line: Line) -> None:
    manager, start = acting(cast.manager), now + 24 * HOUR
    with transaction():
        row = blocks.block(line.whole.public_id, start, start + HOUR, OccupationKind.STAFF, actor=manager, now=now)
    assert refused(book, cast, now, line.second, 24) == ["slot-taken"]
    with transaction():
        blocks.unblock(line.whole.public_id, row.id, actor=manager, now=now)
    assert len(held(book(cast, now, line.whole, 24))) == 3


def test_a_part_leaves_when_what_it_held_is_over(cast: Cast, now: datetime, line: Line) -> None:
    ends = book(cast, now, line.first, 24).ends_at
    manager = acting(cast.manager)
    before = ends - timedelta(seconds=1)
    assert refused(components.leave, line.first.public_id, actor=manager, now=before) == ["time-still-held"]
    with transaction():
        components.leave(line.first.public_id, actor=manager, now=ends)
    assert line.first.component_place is None


def test_time_is_given_back_once_and_only_by_whom_it_concerns(cast: Cast, now: datetime, line: Line) -> None:
    manager, kind, start = acting(cast.manager), OccupationKind.MAINTENANCE, now + 24 * HOUR
    with transaction():
        row = blocks.block(line.first.public_id, start, start + HOUR, kind, actor=manager, now=now)
    key = row.id
    for one in (line.second, cast.microscope):
        with pytest.raises(NotFound), transaction():
            blocks.unblock(one.public_id, key, actor=manager, now=now)
    with transaction():
        blocks.unblock(line.first.public_id, key, actor=manager, now=now)
    with pytest.raises(NotFound), transaction():
        blocks.unblock(line.first.public_id, key, actor=manager, now=now)


def test_the_database_refuses_what_the_rules_would_miss(cast: Cast, now: datetime, line: Line) -> None:
    book(cast, now, line.whole, 24)
    start = now + 24 * HOUR
    with pytest.raises(IntegrityError), transaction():
        session.add(
            Occupation(calendar_id=line.whole.calendar_id, place=2, starts_at=start, ends_at=start + HOUR,
                       kind=OccupationKind.HOLD, active=True)
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction():
        session.get_one(Instrument, line.second.id).component_place = 1


def test_what_cannot_become_a_part_is_told(cast: Cast, now: datetime, line: Line) -> None:
    manager, administrator = acting(cast.manager), acting(cast.administrator)

    def join(one: Instrument, whole: Instrument, place: int, who: Actor = administrator) -> list[str]:
        return refused(components.join, one.public_id, whole.public_id, place, actor=who, now=now)

    with transaction():
        third = instrument(cast.university, "Filter")
    assert join(third, line.first, 1) == ["no-such-composite"]
    assert join(line.whole, third, 1) == ["no-such-composite"]
    assert join(third, line.whole, 4) == ["no-such-place"]
    assert join(third, line.whole, 1) == ["place-is-a-component"]
    assert join(third, cast.microscope, 1) == ["no-such-composite"]
    with pytest.raises(Forbidden), transaction():
        components.join(third.public_id, line.whole.public_id, 3, actor=manager, now=now)
    book(cast, now, line.first, 24)
    assert refused(components.leave, line.first.public_id, actor=manager, now=now) == ["time-still-held"]


def test_the_last_part_to_leave_makes_the_whole_ordinary(cast: Cast, now: datetime, line: Line) -> None:
    manager = acting(cast.manager)
    for one in line[1:]:
        with transaction():
            components.leave(one.public_id, actor=manager, now=now)
    session.expire_all()
    assert not line.whole.is_composite
    assert len({one.calendar_id for one in line}) == 3
    assert held(book(cast, now, line.whole, 24)) == [(1, True)]


def test_places_change_with_their_calendar_unless_they_are_in_use(cast: Cast, now: datetime, line: Line) -> None:
    manager = acting(cast.manager)

    def give(one: Instrument, places: int) -> None:
        version = session.get_one(Instrument, one.id).version
        instruments.change(one.public_id, {"places": places}, version=version, actor=manager, now=now)

    with transaction():
        give(line.whole, 5)
    assert session.get_one(Calendar, line.whole.calendar_id).places == 5
    assert refused(give, line.whole, 1) == ["places-in-use"]
    assert refused(give, line.first, 2) == ["places-of-a-component"]
    book(cast, now, line.whole, 24)
    assert refused(give, line.whole, 6) == ["places-in-use"]


def test_the_page_makes_a_part_and_takes_it_back(app: Flask, cast: Cast, line: Line) -> None:
    with transaction():
        third = instrument(cast.university, "Filter", cast.manager, class_code="0102").public_id
    client, here = signed_in(app, cast.administrator), f"/manage/instruments/{third}"
    client.set_cookie("language", "en")

    def page() -> str:
        return client.get(f"{here}/opening").text

    assert "Pilot line (3)" in page()
    wrong = send(client, f"{here}/component", composite=line.whole.public_id, place="9")
    assert (wrong.status_code, "There is no place 9" in wrong.text, 'value="9"' in wrong.text) == (422, True, True)
    assert send(client, f"{here}/component", composite=line.whole.public_id, place="3").status_code == 302
    assert "Place 3" in page()
    assert send(client, f"{here}/component/leave").status_code == 302
    assert "Place 3" not in page()


def test_after_a_refused_day_the_opening_hours_are_still_saved_where_they_belong(app: Flask, cast: Cast) -> None:
    here = f"/manage/instruments/{cast.microscope.public_id}"
    refused = send(signed_in(app, cast.administrator), f"{here}/exceptions", day="nonsense")
    assert refused.status_code == 422
    assert f'action="{here}/opening"' in refused.text


def test_joining_waits_for_a_booking_under_way_and_then_sees_it(app: Flask, cast: Cast, now: datetime) -> None:
    """Else the booking would stay behind on a calendar that no longer is the instrument's."""
    with transaction():
        whole, station = (instrument(cast.university, name, cast.manager, places=2) for name in ("Line", "Station"))
        price(station, 100)
    wish = BookingRequest(station.public_id, cast.firm.public_id, now + 24 * HOUR, now + 25 * HOUR, "Trial run")
    researcher, written = acting(cast.researcher), threading.Event()

    def book_slowly() -> None:
        with app.app_context():
            with transaction():
                request_booking(wish, actor=researcher, now=now)
                written.set()
                time.sleep(0.5)
            session.remove()

    names, manager = (station.public_id, whole.public_id), acting(cast.manager)
    session.rollback()
    booking = threading.Thread(target=book_slowly)
    booking.start()
    assert written.wait(30)
    told = refused(components.join, *names, 1, actor=manager, now=now)
    booking.join()
    assert told == ["time-still-held"]
