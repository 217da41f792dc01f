"""The booking page after a refusal: what it offers instead, near the wish and as this instrument allows."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.infra.transactions import transaction
from app.web.formats import wall
from tests.factories.cast import Cast
from tests.factories.pages import send
from tests.factories.signing_in import signed_in
from tests.integration.booking.test_request import book, refused


def refused_page(app: Flask, cast: Cast, now: datetime) -> tuple[datetime, str]:
    with transaction():
        cast.microscope.modes = ["self-operated", "assisted"]
    taken = book(cast, now, hours=72)
    client = signed_in(app, cast.researcher)
    times = {"starts_at": wall(taken.starts_at), "ends_at": wall(taken.ends_at)}
    path = f"/instruments/{cast.microscope.public_id}/book"
    answer = send(client, path, **times, client=cast.firm.public_id, purpose="research", description="Fractures")
    assert answer.status_code == 409
    return taken.ends_at, answer.text


def test_a_refused_wish_is_offered_free_times_near_it(app: Flask, cast: Cast, now: datetime) -> None:
    free_from, page = refused_page(app, cast, now)
    offered = re.findall(r'data-slot-start="([^"]+)" data-slot-end="([^"]+)"', page)
    assert offered[0] == (wall(free_from), wall(free_from + timedelta(hours=2)))


def test_a_refused_page_offers_only_the_ways_of_working_of_the_instrument(
    app: Flask, cast: Cast, now: datetime
) -> None:
    _free, page = refused_page(app, cast, now)
    select = re.search(r'<select[^>]*name="mode".*?</select>', page, re.DOTALL)
    assert select is not None
    assert re.findall(r'value="([^"]+)"', select[0]) == ["self-operated", "assisted"]


def test_who_books_is_told_whom_to_ask(app: Flask, cast: Cast, now: datetime) -> None:
    client = signed_in(app, cast.researcher)
    pages = f"/instruments/{cast.microscope.public_id}/book", f"/bookings/{book(cast, now).public_id}"
    client.set_cookie("language", "en")
    assert ["has not said yet whom to ask" in client.get(page).text for page in pages] == [True, True]
    with transaction():
        cast.microscope.phone, cast.microscope.email = "+86 10-6970 1234", "crew@example.org"
    for page in pages:
        told = client.get(page).text
        assert 'href="tel:+861069701234">+86 10-6970 1234<' in told
        assert 'href="mailto:crew@example.org"' in told


def test_a_way_of_working_not_offered_is_refused_along_with_everything_else(cast: Cast, now: datetime) -> None:
    with transaction():
        cast.microscope.modes = ["self-operated"]
    assert refused(cast, now, length=0.2, mode="remote") == ["too-short", "off-grid", "mode-not-offered"]


@pytest.mark.parametrize("step", ["cancel", "start"])
def test_a_step_sent_twice_takes_effect_once_and_leads_to_the_same_page(
    app: Flask, cast: Cast, now: datetime, step: str
) -> None:
    booking = book(cast, now, hours=0 if step == "start" else 48)
    client = signed_in(app, cast.researcher)
    address = f"/bookings/{booking.public_id}"
    form = re.search(rf'<form[^>]*action="{address}/{step}".*?</form>', client.get(address).text, re.DOTALL)
    assert form is not None
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))
    answers = [client.post(f"{address}/{step}", data=fields) for _ in range(2)]
    assert [(answer.status_code, answer.location) for answer in answers] == [(302, address)] * 2
