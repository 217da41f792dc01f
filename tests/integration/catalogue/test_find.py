"""Finding: two-character Chinese terms, synonyms, Latin, mixed; facets; a bounded number of statements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, event, select

from app.catalogue import queries
from app.catalogue.models import Instrument, InstrumentState, OpeningSpan
from app.catalogue.services.instruments import index
from app.infra.db import db, session
from app.infra.transactions import transaction
from app.kernel.civil import at, civil_day
from app.kernel.money import Money
from app.organisations.models import Organisation
from app.portal.views.facets import FACETS
from app.pricing.rules import ClientClass
from tests.factories.cast import Cast
from tests.factories.instruments import instrument, price
from tests.integration.booking.test_request import book

NAMES = ("扫描电子显微镜", "液相色谱质谱联用仪", "核磁共振波谱仪", "X射线衍射仪", "离心机", "Confocal microscope")


@pytest.fixture
def found(cast: Cast) -> None:
    with transaction():
        for name in NAMES:
            index(instrument(cast.university, name, modes=["self-operated"], town="沙河镇"), {})
        for state in (InstrumentState.DRAFT, InstrumentState.HIDDEN):
            index(instrument(cast.university, f"{NAMES[0]}样机", state=state), {})


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("质谱", {NAMES[1]}),
        ("电镜", {NAMES[0]}),
        ("SEM", {NAMES[0]}),
        ("XRD", {NAMES[3]}),
        ("confoc", {NAMES[5]}),
        ("核磁 波谱", {NAMES[2]}),
        ("x射线", {NAMES[3]}),
        ("%", set()),
        ("'; DROP TABLE instruments", set()),
    ],
)
def test_words_find_what_they_mean(found: None, words: str, names: set[str]) -> None:
    hits = session.scalars(
        select(Instrument.name).where(queries.matching(words), Instrument.state == InstrumentState.LISTED)
    )
    assert set(hits) == names


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("燕北理工 质谱", {NAMES[1]}),
        ("质谱 yanbei", {NAMES[1]}),
        ("燕北", {"Electron microscope", *NAMES}),
        ("马池口研究院 质谱", set()),
        ("University One", set()),
    ],
)
def test_words_name_the_provider_by_its_present_name(cast: Cast, found: None, words: str, names: set[str]) -> None:
    with transaction():
        provider = session.get_one(Organisation, cast.university.id)
        provider.name, provider.name_en = "燕北理工大学", "Yanbei Institute of Technology"
    hits = select(Instrument.name).where(queries.matching(words), Instrument.state == InstrumentState.LISTED)
    assert set(session.scalars(hits)) == names


def test_visitors_see_what_is_on_show_and_nothing_else(found: None, client: FlaskClient) -> None:
    page = client.get("/").text
    assert NAMES[0] in page
    assert "样机" not in page


def test_facets_narrow(found: None, cast: Cast, client: FlaskClient) -> None:
    assert NAMES[4] in client.get("/?town=沙河镇&mode=self-operated").text
    assert NAMES[4] not in client.get("/?mode=remote").text
    with transaction():
        instrument(cast.university, "Magnet", original_value=Money.yuan(300_000), fields=["medicine"])
        instrument(cast.university, "Laser", original_value=Money.yuan(299_999), fields=["materials"])
    for query in ("worth=300k", "field=medicine"):
        page = client.get(f"/?{query}").text
        assert ("Magnet" in page, "Laser" in page) == (True, False), query
    assert "Magnet" not in client.get("/?worth=500k").text


@pytest.mark.parametrize(("price", "priced"), [("hourly", True), ("asked", False)])
def test_instruments_are_told_apart_by_whether_a_price_is_listed(
    found: None, client: FlaskClient, price: str, priced: bool
) -> None:
    page = client.get(f"/?price={price}").text
    assert ("Electron microscope" in page, NAMES[0] in page) == (priced, not priced)


@pytest.mark.parametrize("value", ["a%00b", "%ED%A0%80", "%27", "9" * 5000])
@pytest.mark.parametrize("facet", FACETS)
def test_a_facet_bears_any_value(found: None, client: FlaskClient, facet: str, value: str) -> None:
    assert client.get(f"/?{facet}={value}").status_code == 200


@contextmanager
def counted() -> Iterator[list[str]]:
    said: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("PRAGMA"):
            said.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_the_list_asks_the_same_few_questions_whatever_its_length(app: Flask, cast: Cast, client: FlaskClient) -> None:
    client.get("/")
    with counted() as few:
        client.get("/")
    with transaction():
        for number in range(60):
            instrument(cast.university, f"仪器{number}")
    with counted() as many:
        client.get("/")
    assert len(few) == len(many) <= 12


def choices(page: str, name: str) -> list[str]:
    """The words offered by one facet."""
    offered = re.search(rf'<select[^>]*name="{name}">(.*?)</select>', page, re.S)
    assert offered
    return re.findall(r'<option value="[^"]+"[^>]*>([^<]+)</option>', offered[1])


def test_each_facet_counts_what_the_other_choices_leave(found: None, cast: Cast, client: FlaskClient) -> None:
    with transaction():
        instrument(cast.other_university, "Remote telescope", modes=["remote"], town="回龙观", fields=["medicine"])
    client.set_cookie("language", "en")
    everything = client.get("/").text
    assert choices(everything, "town") == ["回龙观 (1)", "沙河镇 (6)"]
    assert choices(everything, "price") == ["Hourly price listed (2)", "Price on request (7)"]
    remote = client.get("/?mode=remote").text
    assert choices(remote, "town") == ["回龙观 (1)"]
    assert "Remote (1)" in choices(remote, "mode")
    assert choices(client.get("/?q=质谱").text, "town") == ["沙河镇 (1)"]
    impossible = client.get("/?mode=remote&town=沙河镇").text
    assert "沙河镇 (0)" in choices(impossible, "town")
    assert "Remote telescope" not in impossible


def test_dates_first_shows_what_is_really_free_with_its_slots(cast: Cast, client: FlaskClient, now: datetime) -> None:
    day = civil_day(now) + timedelta(days=1)
    asked = f"/?for=480&day={day}&days=1"
    free = client.get(asked).text
    assert "Electron microscope" in free
    assert f"starts_at={day}T00:00&amp;ends_at={day}T08:00" in free
    early, late = (at(day) + timedelta(hours=h) - now for h in (7, 15))
    for start in (early, late):
        book(cast, now, hours=start / timedelta(hours=1), length=2)
    taken = client.get(asked).text
    assert "Electron microscope" not in taken
    assert "Mass spectrometer" in taken
    assert f"starts_at={day}T00:00&amp;ends_at={day}T04:00" in client.get(f"/?for=240&day={day}&days=1").text


def test_what_is_found_can_be_taken_away_with_dates_and_without(cast: Cast, client: FlaskClient, now: datetime) -> None:
    day = civil_day(now) + timedelta(days=1)
    book(cast, now, hours=(at(day) - now) / timedelta(hours=1), length=24)
    with transaction():
        never = instrument(cast.university, "Never open")
        session.execute(delete(OpeningSpan).where(OpeningSpan.instrument_id == never.id))
    everything = client.get("/?format=csv").text
    free = client.get(f"/?for=480&day={day}&days=1&format=csv").text
    names = ("Electron microscope", "Mass spectrometer", "Never open")
    assert [name in everything for name in names] == [True, True, True]
    assert [name in free for name in names] == [False, True, False]


@pytest.mark.parametrize(
    "query", ["day=yesterday", "for=7", "day=9999-12-31", "day=0001-01-01", "days=-1&day=1990-01-01"]
)
def test_odd_dates_find_something_or_nothing_but_never_fail(cast: Cast, client: FlaskClient, query: str) -> None:
    assert client.get(f"/?{query}").status_code == 200


def test_the_lowest_price_on_a_card_is_one_that_others_pay(cast: Cast, client: FlaskClient) -> None:
    with transaction():
        new = instrument(cast.university, "Own and firm")
        price(new, 7, ClientClass.OWN_UNIT)
        price(new, 91, ClientClass.FIRM)
    page = client.get("/").text
    assert "¥7.00" not in page
    assert "¥91.00" in page


def test_the_town_is_found_by_words(cast: Cast, client: FlaskClient) -> None:
    with transaction():
        cast.microscope.town = "小汤山镇"
        index(cast.microscope, {})
    assert "Electron microscope" in client.get("/?q=小汤山").text
