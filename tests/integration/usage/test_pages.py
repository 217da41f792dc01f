"""What a use leaves is found from its booking's page, and says there what the score reads."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from app.access import Role
from app.billing.models import Charge
from app.infra.db import session
from app.infra.transactions import transaction
from app.ledger.models import ServiceRecord
from app.usage import services
from tests.factories.actors import acting
from tests.factories.cast import Cast
from tests.factories.organisations import member, user
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
