"""Another time for a booking: it stays the same booking, keeps its time when refused, and people are told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app import audit
from app.access import Actor
from app.booking.models import Booking, Occupation, UnmetDemand
from app.booking.rules.states import BookingState
from app.booking.services import approval, cancellation, guests
from app.booking.services.move import NewTime, move, preview_move
from app.infra.db import session
from app.infra.outbox import OutboxMessage
from app.infra.transactions import transaction
from app.kernel.errors import Refused, Stale
from app.kernel.money import Money
from tests.factories.actors import acting
from tests.factories.cast import Cast
from tests.factories.instruments import instrument, price
from tests.factories.pages import send
from tests.factories.signing_in import signed_in
from tests.factories.statements import counted
from tests.integration.booking.test_request import book

HOUR = timedelta(hours=1)


def give(booking: Booking, now: datetime, hours: float, *, actor: Actor, length: float = 2, **more: Any) -> Booking:
    start = now + hours * HOUR
    with transaction():
        return move(booking.public_id, NewTime(start, start + length * HOUR), actor=actor, now=now, **more)


def refused(*given: Any, **more: Any) -> list[str]:
    with pytest.raises(Refused) as error:
        give(*given, **more)
    return [refusal.code for refusal in error.value.refusals]


def occupations(booking: Booking) -> list[tuple[datetime, bool]]:
    rows = select(Occupation).where(Occupation.booking_id == booking.id).order_by(Occupation.id)
    return [(row.starts_at, row.active) for row in session.scalars(rows)]


def told() -> list[tuple[str, str]]:
    rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    return [(row.address.partition("@")[0], row.subject.partition(":")[0].partition("：")[0]) for row in rows]


def test_one_occupation_goes_and_another_comes(cast: Cast, now: datetime) -> None:
    booking = book(cast, now)
    number, first = booking.number, booking.starts_at
    give(booking, now, 50, actor=acting(cast.researcher), length=3)
    assert occupations(booking) == [(first, False), (now + 50 * HOUR, True)]
    assert (booking.number, booking.quoted, booking.state) == (number, Money.yuan(1200), BookingState.CONFIRMED)
    book(cast, now)  # the old time is free again
    assert audit.verify() is None


def test_it_may_overlap_its_own_old_time_but_nobody_elses(cast: Cast, now: datetime) -> None:
    booking, other = book(cast, now, hours=48), book(cast, now, hours=50)
    give(booking, now, 47, actor=acting(cast.researcher))
    kept = occupations(booking)
    assert refused(booking, now, 49, actor=acting(cast.researcher)) == ["slot-taken"]
    assert refused(booking, now, 47, actor=acting(cast.researcher)) == ["same-time"]
    assert refused(booking, now, -2, actor=acting(cast.researcher)) == ["in-the-past"]
    session.expire_all()
    assert (occupations(booking), booking.starts_at) == (kept, now + 47 * HOUR)
    assert [row.codes for row in session.scalars(select(UnmetDemand))] == [["slot-taken"], ["in-the-past"]]
    assert other.state is BookingState.CONFIRMED


def test_a_full_calendar_costs_a_move_no_further_statement(cast: Cast, now: datetime) -> None:
    booking, actor = book(cast, now, hours=30), acting(cast.researcher)
    to = NewTime(now + 60 * HOUR, now + 62 * HOUR)

    def asked() -> int:
        session.rollback()
        with counted() as sent:
            preview_move(booking.public_id, to, actor=actor, now=now)
        return len(sent)

    alone = asked()
    for hours in (34, 38, 42):
        book(cast, now, hours=hours)
    assert asked() == alone


def test_late_is_for_the_crew_alone_and_a_stale_page_moves_nothing(cast: Cast, now: datetime) -> None:
    booking = book(cast, now, hours=20)
    assert refused(booking, now, 60, actor=acting(cast.researcher)) == ["too-late-to-move"]
    start = now + 60 * HOUR
    shown = preview_move(booking.public_id, NewTime(start, start + HOUR), actor=acting(cast.researcher), now=now)
    assert [refusal.code for refusal in shown.refusals] == ["too-late-to-move"]
    with pytest.raises(Stale):
        give(booking, now, 60, actor=acting(cast.manager), version=booking.version + 1)
    give(booking, now, 60, actor=acting(cast.manager), reason="Service engineer comes")
    assert told() == [("researcher", "已改期")]
    assert "Service engineer comes" in session.scalars(select(OutboxMessage.body)).one()


def test_what_a_client_moves_is_asked_for_again(cast: Cast, now: datetime) -> None:
    with transaction():
        cast.microscope.needs_approval = True
        session.merge(cast.microscope)
    booking = book(cast, now, hours=48)
    with transaction():
        approval.approve(booking.public_id, actor=acting(cast.manager), now=now)
    give(booking, now, 60, actor=acting(cast.researcher))
    assert (booking.state, [active for _at, active in occupations(booking)]) == (BookingState.REQUESTED, [False, False])
    give(booking, now, 70, actor=acting(cast.researcher))
    with transaction():
        approval.approve(booking.public_id, actor=acting(cast.manager), now=now)
    assert occupations(booking)[-1] == (now + 70 * HOUR, True)


def test_each_side_is_told_what_the_other_did(cast: Cast, now: datetime) -> None:
    with transaction():
        cast.microscope.needs_approval = True
        session.merge(cast.microscope)
    booking, second = book(cast, now, hours=48), book(cast, now, hours=60)
    with transaction():
        approval.approve(booking.public_id, actor=acting(cast.manager), now=now)
        approval.decline(second.public_id, "Broken pump", actor=acting(cast.manager), now=now)
        guests.invite(booking.public_id, cast.colleague.id, actor=acting(cast.researcher), now=now)
        sooner = NewTime(now + 50 * HOUR, now + 52 * HOUR)
        move(booking.public_id, sooner, actor=acting(cast.manager), now=now)
        cancellation.cancel(booking.public_id, actor=acting(cast.researcher), now=now)
    before = ["manager", "manager", "researcher", "researcher", "colleague"]
    assert [who for who, _what in told()] == [*before, "researcher", "colleague", "manager", "colleague"]
    bodies = session.scalars(select(OutboxMessage.body).order_by(OutboxMessage.id)).all()
    assert "Broken pump" in bodies[3]
    assert all(booking.number in body or second.number in body for body in bodies)


def test_the_page_moves_a_booking_and_keeps_what_was_typed(app: Flask, cast: Cast, now: datetime) -> None:
    booking, client = book(cast, now, hours=48), signed_in(app, cast.researcher)
    client.set_cookie("language", "en")
    here = f"/bookings/{booking.public_id}"
    assert f"{here}/move" in client.get(here).text
    assert 'value="2026-11-20T' in client.get(f"{here}/move").text
    times = {"starts_at": "2026-11-23T10:00", "ends_at": "2026-11-23T09:00"}
    wrong = send(client, f"{here}/move", **times, reason="Later", version=booking.version)
    assert (wrong.status_code, 'value="Later"' in wrong.text, "must lie after" in wrong.text) == (422, True, True)
    times["ends_at"] = "2026-11-23T12:00"
    quoted = client.get(f"{here}/move/quote", query_string=times).text
    assert "800.00" in quoted
    assert "keeps every rule" in quoted
    assert send(client, f"{here}/move", **times, version=booking.version).location == here
    assert "2026-11-23" in client.get(here).text


def test_what_is_over_is_not_offered_another_time(app: Flask, cast: Cast, now: datetime) -> None:
    booking, client = book(cast, now, hours=48), signed_in(app, cast.researcher)
    with transaction():
        cancellation.cancel(booking.public_id, actor=acting(cast.researcher), now=now)
    client.set_cookie("language", "en")
    page = client.get(f"/bookings/{booking.public_id}/move")
    assert (page.status_code, "Move to this time" in page.text, "no longer possible" in page.text) == (422, False, True)


def test_others_are_seated_anew_where_the_moved_one_fits_by_count(cast: Cast, now: datetime) -> None:
    with transaction():
        bench = instrument(cast.university, "Bench", cast.manager, places=2)
        price(bench, 50)
    on, crew = {"instrument": bench.public_id}, acting(cast.manager)
    passing, later = (book(cast, now, hours=27, **on) for _ in range(2))
    with transaction():
        cancellation.cancel(passing.public_id, "Not needed", actor=crew, now=now)
    book(cast, now, hours=24, **on)
    moving = book(cast, now, hours=80, **on)
    give(moving, now, 25, actor=acting(cast.researcher), length=3)
    places = select(Occupation.place).where(Occupation.active).order_by(Occupation.place)
    assert session.scalars(places.where(Occupation.booking_id.in_([later.id, moving.id]))).all() == [1, 2]
