"""What was booked for a body stays with the body: whoever left it neither sees nor acts on it, their successors do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

import pytest
from flask import Flask
from sqlalchemy import select

from app.access import Role
from app.accounts.models import User
from app.billing.models import Charge
from app.booking.models import Booking, BookingGuest
from app.booking.rules.states import BookingState
from app.booking.services import cancellation, guests
from app.infra.db import session
from app.infra.outbox import OutboxMessage
from app.infra.transactions import transaction
from app.kernel.civil import civil_day
from app.ledger.models import ServiceRecord
from app.organisations.models import Membership, Organisation
from app.usage import services as usage
from tests.conftest import Clock
from tests.factories.actors import acting
from tests.factories.cast import Cast
from tests.factories.organisations import member
from tests.factories.pages import send
from tests.factories.signing_in import signed_in
from tests.factories.tokens import bearer
from tests.integration.booking.test_request import book

HOUR = timedelta(hours=1)


class Addresses(NamedTuple):
    """Where what the researcher did for the firm is shown."""

    due: str
    running: str
    charge: str
    record: str

    @property
    def pages(self) -> tuple[str, ...]:
        return (self.due, self.running, self.charge, self.record)


def leaves(who: User, on: datetime, *, joins: Organisation) -> None:
    """Their roles end with that day's beginning, and another body takes them on."""
    with transaction():
        for held in session.scalars(select(Membership).where(Membership.user_id == who.id)):
            held.ends_on = civil_day(on)
        member(who, joins, Role.MEMBER)


@pytest.fixture
def booked(cast: Cast, now: datetime, clock: Clock) -> Addresses:
    """One use over and charged, one running, one about to begin."""
    over, running, due = (book(cast, now, hours=hours, length=1) for hours in (1, 2, 3))
    her = acting(cast.researcher)
    for row, stops in ((over, True), (running, False)):
        with transaction():
            usage.start(row.public_id, actor=her, now=row.starts_at)
        if stops:
            with transaction():
                usage.stop(row.public_id, actor=her, now=row.ends_at)
    clock.instant = due.starts_at
    charge = session.scalars(select(Charge.public_id)).one()
    record = session.scalars(select(ServiceRecord.public_id)).one()
    return Addresses(
        f"/bookings/{due.public_id}", f"/bookings/{running.public_id}", f"/charges/{charge}", f"/records/{record}"
    )


def test_whoever_left_finds_nothing_of_it_and_a_successor_all(
    app: Flask, cast: Cast, booked: Addresses, clock: Clock
) -> None:
    her, successor = signed_in(app, cast.researcher), signed_in(app, cast.approver)
    assert [her.get(page).status_code for page in booked.pages] == [200] * 4
    leaves(cast.researcher, clock(), joins=cast.other_firm)
    assert [her.get(page).status_code for page in booked.pages] == [404] * 4
    assert [successor.get(page).status_code for page in booked.pages] == [200] * 4
    number = session.scalars(select(Booking.number).order_by(Booking.starts_at.desc())).first()
    assert number
    for path in ("/desk", "/bookings", "/charges", "/records"):
        assert number not in her.get(path).text
    assert number in successor.get("/bookings").text


def test_whoever_left_neither_starts_nor_stops_nor_cancels_and_a_successor_does(
    app: Flask, cast: Cast, booked: Addresses, clock: Clock
) -> None:
    her, successor = signed_in(app, cast.researcher), signed_in(app, cast.approver)
    leaves(cast.researcher, clock(), joins=cast.other_firm)
    for path in (f"{booked.running}/stop", f"{booked.due}/start", f"{booked.due}/cancel"):
        assert send(her, path, reason="x").status_code == 404
    assert send(successor, f"{booked.running}/stop").status_code == 302
    assert send(successor, f"{booked.due}/start").status_code == 302


def test_a_token_of_whoever_left_lists_nothing(app: Flask, cast: Cast, booked: Addresses, clock: Clock) -> None:
    with transaction():
        header = bearer(cast.researcher, now=clock())
    client = app.test_client()
    for path in ("/api/v1/bookings", "/api/v1/records"):
        assert client.get(path, headers=header).get_json()["items"]
    leaves(cast.researcher, clock(), joins=cast.other_firm)
    for path in ("/api/v1/bookings", "/api/v1/records"):
        assert client.get(path, headers=header).get_json()["items"] == []


def test_of_what_becomes_of_it_the_successors_are_told(cast: Cast, now: datetime) -> None:
    booking = book(cast, now, hours=48)
    with transaction():
        guests.invite(booking.public_id, cast.colleague.id, actor=acting(cast.researcher), now=now)
    for one in (cast.researcher, cast.colleague):
        leaves(one, now, joins=cast.other_firm)
    with transaction():
        for sent in session.scalars(select(OutboxMessage)):
            session.delete(sent)
        cancellation.cancel(booking.public_id, "Repair", actor=acting(cast.manager), now=now)
    assert session.scalars(select(OutboxMessage.address)).all() == [cast.approver.email]
    assert booking.state is BookingState.CANCELLED
    assert session.scalars(select(BookingGuest)).all(), "who was to come along stays known"
