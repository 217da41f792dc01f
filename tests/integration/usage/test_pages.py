"""What a use leaves is found from its booking's page, and says there what the score reads."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from app.access import Role
from app.billing.models import Charge
from app.booking.models import Booking
from app.infra.db import session
from app.infra.transactions import transaction
from app.ledger.models import ServiceRecord
from app.usage import services
from app.usage.models import UsageSession
from app.web.formats import wall
from tests.conftest import Clock
from tests.factories.actors import acting
from tests.factories.cast import Cast
from tests.factories.organisations import member, user
from tests.factories.pages import blamed, send
from tests.factories.signing_in import signed_in
from tests.integration.booking.test_request import book
from tests.integration.usage.test_service import use


def test_the_booking_and_its_record_lead_to_each_other(app: Flask, cast: Cast, now: datetime) -> None:
    booking = book(cast, now)
    use(cast, booking)
    record = session.scalars(select(ServiceRecord)).one()
    client = signed_in(app, cast.researcher)
    assert f"/records/{record.public_id}" in client.get(f"/bookings/{booking.public_id}").text
    assert f"/bookings/{booking.public_id}" in client.get(f"/records/{record.public_id}").text


def test_what_ran_over_is_marked_for_whoever_looks(app: Flask, cast: Cast, now: datetime) -> None:
    on_time, late = book(cast, now), book(cast, now, hours=48)
    use(cast, on_time, overtime=timedelta(minutes=10))
    use(cast, late, overtime=timedelta(minutes=40))
    client = signed_in(app, cast.manager)
    client.set_cookie("language", "en")
    assert "Ran over" not in client.get(f"/bookings/{on_time.public_id}").text
    assert "Ran over" in client.get(f"/bookings/{late.public_id}").text


def test_a_start_or_an_end_that_cannot_be_is_refused_on_the_bookings_page(
    app: Flask, cast: Cast, now: datetime, clock: Clock
) -> None:
    booking, client = book(cast, now), signed_in(app, cast.manager)
    client.set_cookie("language", "en")
    page = f"/bookings/{booking.public_id}"
    early = send(client, f"{page}/start", version=booking.version)
    assert (early.status_code, "It is too early to start" in early.text) == (422, True)
    clock.instant = booking.starts_at
    client = signed_in(app, cast.manager)
    assert send(client, f"{page}/start", version=booking.version).location == page
    session.rollback()
    for minutes in (0, 60):
        ended_at = wall(booking.starts_at + timedelta(minutes=minutes))
        refused = send(client, f"{page}/stop", version=booking.version, ended_at=ended_at)
        assert (refused.status_code, blamed(refused)) == (422, ["ended_at"])
        assert f'value="{ended_at}"' in refused.text
        session.rollback()
        assert session.scalars(select(UsageSession.ended_at)).one() is None


def test_a_rating_outside_of_the_five_is_refused_and_the_comment_stays(app: Flask, cast: Cast, now: datetime) -> None:
    booking = book(cast, now)
    use(cast, booking)
    client = signed_in(app, cast.researcher)
    for rating in ("", "0", "6", "five"):
        said = {"version": booking.version, "rating": rating, "comment": "Very sharp"}
        refused = send(client, f"/bookings/{booking.public_id}/confirm", **said)
        assert (refused.status_code, blamed(refused), "Very sharp" in refused.text) == (422, ["rating"], True), rating
    session.rollback()
    assert session.scalars(select(Booking.rating)).one() is None


def test_a_confirmed_use_stands_with_the_word_of_both_parties(app: Flask, cast: Cast, now: datetime) -> None:
    booking = book(cast, now)
    ended = use(cast, booking)
    client = signed_in(app, cast.administrator)
    both = "/records?evidence=both-parties&format=csv"
    assert booking.number not in client.get(both).text
    with transaction():
        services.confirm(booking.public_id, 5, "", actor=acting(cast.researcher), now=ended)
    assert booking.number in client.get(both).text


def test_finance_is_offered_what_it_marks_next(app: Flask, cast: Cast, now: datetime) -> None:
    use(cast, book(cast, now))
    charge = session.scalars(select(Charge)).one()
    text = signed_in(app, cast.finance).get(f"/charges/{charge.public_id}").text
    assert '<option selected value="invoiced">' in text
    assert 'value="800.00"' in text


def test_a_firms_administrator_keeps_no_instruments(app: Flask, cast: Cast) -> None:
    assert "/schedule" in signed_in(app, cast.manager).get("/desk").text
    with transaction():
        boss = member(user("boss"), cast.firm, Role.ADMINISTRATOR)
    assert "/schedule" not in signed_in(app, boss).get("/desk").text
