"""Prices are dated: a new one ends the one before it, never backwards, and only that of its class and instrument."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.audit.models import AuditEntry
from app.catalogue.models import Instrument
from app.infra import guards
from app.infra.db import session
from app.infra.transactions import transaction
from app.kernel.civil import civil_day
from app.kernel.errors import Forbidden, NotFound, Refused
from app.kernel.money import Money
from app.pricing.models import PriceList
from app.pricing.queries import prices_on
from app.pricing.rules import ClientClass
from app.pricing.services import NewPrice, list_price, withdraw_price
from tests.factories.actors import acting
from tests.factories.cast import Cast
from tests.factories.instruments import instrument, price
from tests.factories.pages import send
from tests.factories.signing_in import signed_in
from tests.integration.booking.test_request import book

FIRM, OTHER = ClientClass.FIRM, ClientClass.OTHER


@pytest.fixture
def today(now: datetime) -> date:
    return civil_day(now)


@pytest.fixture
def bench(cast: Cast) -> Instrument:
    """With one price of another class; the microscope's prices are noise."""
    with transaction():
        row = instrument(cast.university, "Bench", cast.manager)
        price(row, 70, OTHER)
    return row


def listed(cast: Cast, now: datetime, on: Instrument, yuan: int, day: date) -> PriceList:
    with transaction():
        return list_price(on, NewPrice(FIRM, Money.yuan(yuan), day), actor=acting(cast.administrator), now=now)


def paid(on: Instrument, day: date) -> dict[ClientClass, int]:
    return {found: row.hourly.fen // 100 for found, row in prices_on(on.id, day).items()}


def test_a_new_price_ends_the_one_before_it_on_its_first_day(
    cast: Cast, now: datetime, bench: Instrument, today: date
) -> None:
    listed(cast, now, bench, 100, today)
    change = today + timedelta(days=10)
    listed(cast, now, bench, 120, change)
    assert [paid(bench, day)[FIRM] for day in (today, change - timedelta(days=1), change)] == [100, 100, 120]
    assert paid(bench, change)[OTHER] == 70
    assert FIRM not in paid(bench, today - timedelta(days=1))
    untouched = select(PriceList.valid_until).where(PriceList.instrument_id != bench.id)
    assert set(session.scalars(untouched)) == {None}
    assert session.scalars(select(AuditEntry.action)).all() == ["price.listed"] * 2


@pytest.mark.parametrize(("days", "code"), [(-1, "price-in-the-past"), (0, "price-not-last"), (4, "price-not-last")])
def test_prices_never_change_backwards(cast: Cast, now: datetime, bench: Instrument, days: int, code: str) -> None:
    today = civil_day(now)
    listed(cast, now, bench, 100, today)
    listed(cast, now, bench, 120, today + timedelta(days=5))
    with pytest.raises(Refused, match=code):
        listed(cast, now, bench, 90, today + timedelta(days=days))


def test_the_first_price_of_an_instrument_may_have_begun_before(cast: Cast, now: datetime, today: date) -> None:
    with transaction():
        fresh = instrument(cast.university, "Fresh")
    listed(cast, now, fresh, 100, today - timedelta(days=400))
    assert paid(fresh, today) == {FIRM: 100}


def test_only_the_providers_administrators_list_prices(
    cast: Cast, now: datetime, bench: Instrument, today: date
) -> None:
    new = NewPrice(FIRM, Money.yuan(1), today)
    for who in (cast.manager, cast.finance, cast.researcher, cast.stranger):
        with pytest.raises(Forbidden), transaction():
            list_price(bench, new, actor=acting(who), now=now)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("UPDATE price_lists SET hourly = 1", guards.FIXED),
        ("UPDATE price_lists SET valid_from = '2020-01-01'", guards.FIXED),
        ("UPDATE price_lists SET valid_until = NULL WHERE valid_until IS NOT NULL", guards.OVERLAP),
    ],
)
def test_the_database_keeps_what_was_listed(
    cast: Cast, now: datetime, bench: Instrument, change: str, kind: str
) -> None:
    today = civil_day(now)
    listed(cast, now, bench, 100, today)
    listed(cast, now, bench, 120, today + timedelta(days=10))
    with pytest.raises(IntegrityError) as error, transaction():
        session.execute(text(change))
    assert guards.broken(error.value, kind)


def test_a_slip_is_taken_back_and_the_price_before_it_runs_on(
    cast: Cast, now: datetime, bench: Instrument, today: date
) -> None:
    listed(cast, now, bench, 100, today)
    later = today + timedelta(days=30)
    slip, last = listed(cast, now, bench, 1200, later), listed(cast, now, bench, 130, later + timedelta(days=30))
    eve = now + timedelta(days=29)
    with transaction():
        withdraw_price(bench, slip.public_id, actor=acting(cast.administrator), now=eve)
    assert [paid(bench, day)[FIRM] for day in (today, later, last.valid_from)] == [100, 100, 130]
    with transaction():
        withdraw_price(bench, last.public_id, actor=acting(cast.administrator), now=now)
    assert paid(bench, last.valid_from)[FIRM] == 100
    assert session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()[-1] == "price.withdrawn"


@pytest.mark.parametrize(("begins", "after"), [(0, 1), (3, 3)])
def test_what_has_begun_on_another_day_stays(
    cast: Cast, now: datetime, bench: Instrument, begins: int, after: int
) -> None:
    first, then = civil_day(now) + timedelta(days=begins), now + timedelta(days=after)
    row = listed(cast, now, bench, 100, first)
    with pytest.raises(Refused, match="price-begun"), transaction():
        withdraw_price(bench, row.public_id, actor=acting(cast.administrator), now=then)
    assert paid(bench, first)[FIRM] == 100


def test_a_price_of_another_instrument_is_not_taken_back(app: Flask, cast: Cast, now: datetime) -> None:
    """Not on the page of an instrument that is one's own either."""
    other = session.scalars(select(PriceList).where(PriceList.instrument_id == cast.other_microscope.id)).first()
    assert other
    with pytest.raises(NotFound), transaction():
        withdraw_price(cast.microscope, other.public_id, actor=acting(cast.administrator), now=now)
    path = f"/manage/instruments/{cast.microscope.public_id}/prices/{other.public_id}/withdraw"
    assert send(signed_in(app, cast.administrator), path).status_code == 404
    assert session.get(PriceList, other.id) is not None


def test_a_price_somebody_booked_at_stays(cast: Cast, now: datetime) -> None:
    booking = book(cast, now)
    row = session.get_one(PriceList, booking.price_list_id)
    with pytest.raises(Refused, match="price-booked"), transaction():
        withdraw_price(cast.microscope, row.public_id, actor=acting(cast.administrator), now=row.created_at)
    assert session.get_one(PriceList, booking.price_list_id).public_id == row.public_id
