"""How many statements the busiest doors send: asserted, not timed, and the same for few rows and many."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.kernel.civil import iso, local
from tests.factories.cast import Cast
from tests.factories.pages import send
from tests.factories.signing_in import signed_in
from tests.factories.statements import counted
from tests.factories.tokens import bearer
from tests.integration.booking.test_request import book

MOST_TO_CREATE = 15

LISTS = ("/", "/bookings", "/charges", "/records", "/organisations", "/institutions", "/approvals", "/schedule")


def test_creating_a_booking_takes_at_most_fifteen(app: Flask, cast: Cast, now: datetime) -> None:
    start = now + timedelta(hours=24)
    wish = {
        "instrument": cast.microscope.public_id,
        "client": cast.firm.public_id,
        "starts_at": iso(start),
        "ends_at": iso(start + timedelta(hours=2)),
        "description": "Fracture surface",
    }
    headers, client = bearer(cast.researcher, now=now), app.test_client()
    warm = {**wish, "starts_at": iso(start + timedelta(hours=9)), "ends_at": iso(start + timedelta(hours=11))}
    assert client.post("/api/v1/bookings", json=warm, headers=headers).status_code == 201
    with counted() as sent:
        assert client.post("/api/v1/bookings", json=wish, headers=headers).status_code == 201
    assert len(sent) <= MOST_TO_CREATE, "\n".join(sent)


def test_the_form_of_the_page_takes_no_more(app: Flask, cast: Cast, now: datetime) -> None:
    client, firm = signed_in(app, cast.researcher), cast.firm.public_id
    address = f"/instruments/{cast.microscope.public_id}/book"
    for hours in (24, 33):
        start, end = (f"{local(now + timedelta(hours=n)):%Y-%m-%dT%H:%M}" for n in (hours, hours + 2))
        wish = {"client": firm, "starts_at": start, "ends_at": end, "purpose": "research", "description": "Fracture"}
        with counted() as sent:
            assert send(client, address, **wish).status_code == 302
    assert len(sent) <= MOST_TO_CREATE, "\n".join(sent)


@pytest.mark.parametrize("bookings", [1, 43])
def test_a_month_of_one_instrument_takes_three(app: Flask, cast: Cast, now: datetime, bookings: int) -> None:
    for day in range(bookings):
        book(cast, now, hours=24 + 3 * day)
    address = f"/instruments/{cast.microscope.public_id}/calendar"
    month = {"start": iso(now), "end": iso(now + timedelta(days=31))}
    with counted() as sent:
        shown = app.test_client().get(address, query_string=month)
    assert len([one for one in shown.get_json()["items"] if one["kind"] != "closed"]) == bookings
    assert len(sent) <= 3, "\n".join(sent)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_takes_at_most_twelve_however_long(app: Flask, cast: Cast, now: datetime, path: str) -> None:
    client = signed_in(app, cast.manager if path in {"/approvals", "/schedule"} else cast.approver)
    counts: list[int] = []
    for fresh in (1, 12):
        for turn in range(fresh):
            book(cast, now, hours=24 + 3 * len(counts) + 3 * turn + 6 * fresh)
        with counted() as sent:
            assert client.get(path).status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 12
