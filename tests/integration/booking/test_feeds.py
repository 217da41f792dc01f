"""What calendars draw: closed and taken time for everybody, whose it is only for those who may know."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.booking.models import OccupationKind
from app.booking.services import blocks
from app.infra.transactions import transaction
from app.kernel.civil import local
from tests.factories.actors import acting
from tests.factories.cast import Cast
from tests.factories.signing_in import signed_in
from tests.integration.booking.test_request import HOUR, book

WALL = "%Y-%m-%dT%H:%M:%S"


def drawn(client: FlaskClient, path: str, start: datetime, end: datetime) -> list[dict[str, Any]]:
    answer = client.get(path, query_string={"start": start.isoformat(), "end": end.isoformat()})
    assert answer.status_code == 200
    items: list[dict[str, Any]] = json.loads(answer.text)["items"]
    return items


def seen_by(app: Flask, client: FlaskClient, cast: Cast, now: datetime) -> dict[str, Any]:
    client.set_cookie("language", "en")
    path = f"/instruments/{cast.microscope.public_id}/calendar"
    (shown,) = [i for i in drawn(client, path, now, now + timedelta(days=2)) if i["kind"] != "closed"]
    return shown


def test_a_stranger_sees_that_time_is_taken_and_nothing_else(app: Flask, cast: Cast, now: datetime) -> None:
    booking = book(cast, now)
    times = {"start": f"{local(booking.starts_at):{WALL}}", "end": f"{local(booking.ends_at):{WALL}}"}
    for visitor in (app.test_client(), signed_in(app, cast.rival)):
        assert seen_by(app, visitor, cast, now) == {**times, "kind": "taken", "title": "Taken"}
    address = f"/bookings/{booking.public_id}"
    own = seen_by(app, signed_in(app, cast.researcher), cast, now)
    assert own == {**times, "kind": "mine", "title": "My booking", "url": address}
    crews = seen_by(app, signed_in(app, cast.manager), cast, now)
    assert crews == {**times, "kind": "taken", "title": booking.number, "url": address}


def test_time_taken_off_says_why(app: Flask, cast: Cast, now: datetime) -> None:
    with transaction():
        start = now + 24 * HOUR
        repair = (cast.microscope.public_id, start, start + HOUR, OccupationKind.MAINTENANCE)
        blocks.block(*repair, note="Laser", actor=acting(cast.manager), now=now)
    shown = seen_by(app, app.test_client(), cast, now)
    assert (shown["kind"], shown["title"]) == ("blocked", "Maintenance")


def test_what_has_passed_is_as_closed_as_the_night(app: Flask, cast: Cast, now: datetime) -> None:
    path, client = f"/instruments/{cast.microscope.public_id}/calendar", app.test_client()
    yesterday = drawn(client, path, now - 24 * HOUR, now - 12 * HOUR)
    assert [(item["kind"], item["start"], item["end"]) for item in yesterday] == [
        ("closed", f"{local(now - 24 * HOUR):{WALL}}", f"{local(now - 12 * HOUR):{WALL}}")
    ]
    around = drawn(client, path, now - HOUR, now + HOUR)
    assert [(item["kind"], item["end"]) for item in around] == [("closed", f"{local(now):{WALL}}")]


def test_the_crew_sees_requests_that_wait_and_for_whom(app: Flask, cast: Cast, now: datetime) -> None:
    with transaction():
        cast.microscope.needs_approval = True
    book(cast, now)
    public = f"/instruments/{cast.microscope.public_id}/calendar"
    assert {i["kind"] for i in drawn(app.test_client(), public, now, now + 48 * HOUR)} <= {"closed"}
    crew_view = drawn(signed_in(app, cast.manager), "/schedule/feed", now, now + 48 * HOUR)
    assert [(i["kind"], i["title"], i["instrument"]) for i in crew_view] == [
        ("pending", "Firm One", cast.microscope.public_id)
    ]
    assert drawn(signed_in(app, cast.stranger), "/schedule/feed", now, now + 48 * HOUR) == []


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("", ""),
        ("2026-11-18", "soon"),
        ("2026-11-18T10:00:00", "2026-11-18T09:00:00"),
        ("2026-11-18T10:00:00", "2027-01-19T10:00:01"),
        ("0001-01-01T00:00:00", "0001-01-02T00:00:00"),
    ],
)
def test_a_feed_of_no_period_is_refused(app: Flask, cast: Cast, start: str, end: str) -> None:
    asked = {"start": start, "end": end}
    public = app.test_client().get(f"/instruments/{cast.microscope.public_id}/calendar", query_string=asked)
    crew_view = signed_in(app, cast.manager).get("/schedule/feed", query_string=asked)
    assert [public.status_code, crew_view.status_code] == [400, 400]
