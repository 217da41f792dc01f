"""Booking through the API: typed, refused with codes, once per key, never over a newer version."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select, update

from app.booking.models import Booking
from app.booking.rules.states import BookingState
from app.infra.db import session
from app.infra.transactions import transaction
from app.kernel.civil import iso
from tests.factories.cast import Cast
from tests.factories.instruments import instrument, price
from tests.factories.records import record, settled
from tests.factories.signing_in import signed_in
from tests.factories.tokens import bearer

Post = Callable[..., Any]


@pytest.fixture
def wish(cast: Cast, now: datetime) -> dict[str, Any]:
    start = now + timedelta(hours=24)
    return {
        "instrument": cast.microscope.public_id,
        "client": cast.firm.public_id,
        "starts_at": iso(start),
        "ends_at": iso(start + timedelta(hours=2)),
        "description": "Fracture surface",
    }


@pytest.fixture
def post(client: FlaskClient, cast: Cast, now: datetime) -> Post:
    mine = bearer(cast.researcher, now=now)

    def send(path: str, body: Any = None, *, auth: dict[str, str] | None = None, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.post(f"/api/v1{path}", json=body, headers={**(auth or mine), **named})

    return send


def test_a_wish_becomes_a_booking(post: Post, wish: dict[str, Any], client: FlaskClient) -> None:
    made = post("/bookings", wish)
    assert made.status_code == 201
    assert made.json["quoted_fen"] == 80_000
    assert made.headers["ETag"] == '"1"'
    assert made.headers["Location"].endswith(made.json["id"])


def test_a_record_tells_what_became_of_it(cast: Cast, client: FlaskClient, now: datetime) -> None:
    with transaction():
        paid, bare = settled(cast.microscope, cast.firm, 500, rating=4), record(cast.microscope, cast.firm, 300)
    mine = bearer(cast.finance, now=now)
    told = {one["id"]: one["entries"] for one in (client.get("/api/v1/records", headers=mine).json or {})["items"]}
    assert told[bare.public_id] == []
    assert {(e["kind"], e["amount_fen"], e["rating"]) for e in told[paid.public_id]} >= {
        ("confirmed", None, 4),
        ("received", 50_000, None),
    }
    one = client.get(f"/api/v1/records/{paid.public_id}", headers=mine).json or {}
    assert one["entries"] == told[paid.public_id]


def test_a_taken_slot_answers_409_with_the_code_of_the_page(post: Post, wish: dict[str, Any]) -> None:
    post("/bookings", wish)
    taken = post("/bookings", wish)
    assert (taken.status_code, taken.json["code"]) == (409, "slot-taken")
    assert taken.content_type == "application/problem+json"
    assert taken.json["refusals"][0]["params"]["next_free"]


def test_the_same_key_takes_effect_once(post: Post, wish: dict[str, Any], cast: Cast) -> None:
    first = post("/bookings", wish, Idempotency_Key="k1")
    again = post("/bookings", wish, Idempotency_Key="k1")
    assert (again.status_code, again.json) == (201, first.json)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = post("/bookings", {**wish, "description": "other"}, Idempotency_Key="k1")
    assert (other.status_code, other.json["code"]) == (422, "idempotency-key-reused")
    assert session.scalar(select(func.count()).select_from(Booking)) == 1


def test_a_key_is_at_most_64_characters_long(post: Post, wish: dict[str, Any]) -> None:
    refused = post("/bookings", wish, Idempotency_Key="k" * 65)
    assert (refused.status_code, refused.json["code"]) == (422, "idempotency-key-too-long")
    assert "64" in refused.json["detail"]
    assert session.scalar(select(func.count()).select_from(Booking)) == 0
    assert post("/bookings", wish, Idempotency_Key="k" * 64).status_code == 201


def test_a_key_is_the_senders_own_and_of_one_address(
    post: Post, wish: dict[str, Any], client: FlaskClient, cast: Cast, now: datetime
) -> None:
    """Somebody else's key, or the same one at another address, neither repeats the answer nor is in the way."""
    mine = post("/bookings", wish, Idempotency_Key="k1")
    other = {**wish, "starts_at": iso(now + timedelta(hours=48)), "ends_at": iso(now + timedelta(hours=50))}
    theirs = post("/bookings", other, auth=bearer(cast.colleague, now=now), Idempotency_Key="k1")
    assert (theirs.status_code, theirs.json["id"] == mine.json["id"]) == (201, False)
    for number in (1, 2):
        asked = post("/quotes", wish, Idempotency_Key="k1")
        assert (asked.status_code, "total_fen" in asked.json, number) == (200, True, number)


def test_a_quote_for_no_time_names_the_fault_and_no_price(post: Post, wish: dict[str, Any]) -> None:
    asked = post("/quotes", {**wish, "ends_at": wish["starts_at"]})
    assert (asked.status_code, asked.json["total_fen"], asked.json["lines"]) == (200, None, [])
    assert [refusal["field"] for refusal in asked.json["refusals"]] == ["ends_at"]


def test_bookings_are_listed_by_state(
    post: Post, wish: dict[str, Any], client: FlaskClient, cast: Cast, now: datetime
) -> None:
    made, mine = post("/bookings", wish).json["id"], bearer(cast.researcher, now=now)
    found = {}
    for state in ("confirmed", "cancelled"):
        listed: Any = client.get(f"/api/v1/bookings?state={state}", headers=mine).json
        found[state] = [one["id"] for one in listed["items"]]
    assert found == {"confirmed": [made], "cancelled": []}
    assert client.get("/api/v1/bookings?state=gone", headers=mine).status_code == 422


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"starts_at": "2026-11-20T09:00:00"}, "starts_at"),
        ({"starts_at": "2026-11-20T23:59:60Z"}, "starts_at"),
        ({"starts_at": "0001-01-01T00:00:00Z"}, "starts_at"),
        ({"ends_at": "9999-12-31T23:59:59Z"}, "ends_at"),
        ({"description": "a\x00b"}, "description"),
        ({"description": "\ud800"}, "description"),
        ({"instrument": "7"}, "instrument"),
        ({"quoted_fen": 1}, "quoted_fen"),
        ({"role": "operator"}, "role"),
        ({"purpose": "pleasure"}, "purpose"),
    ],
)
def test_odd_input_names_its_field(post: Post, wish: dict[str, Any], change: dict[str, Any], field: str) -> None:
    refused = post("/bookings", {**wish, **change})
    assert refused.status_code == 422
    assert [r["field"] for r in refused.json["refusals"]] == [field]
    assert session.scalar(select(func.count()).select_from(Booking)) == 0


def test_malformed_bodies_are_told_apart(client: FlaskClient, cast: Cast, now: datetime) -> None:
    auth = bearer(cast.researcher, now=now)
    assert client.post("/api/v1/bookings", data="{", content_type="application/json", headers=auth).status_code == 400
    assert client.post("/api/v1/bookings", data="x", content_type="text/plain", headers=auth).status_code == 415


def test_a_stale_version_is_refused_with_the_present_one(
    post: Post, wish: dict[str, Any], cast: Cast, now: datetime
) -> None:
    with transaction():
        careful = instrument(cast.university, "Careful", cast.manager, needs_approval=True)
        price(careful, 100)
    made = post("/bookings", {**wish, "instrument": careful.public_id})
    path = f"/bookings/{made.json['id']}"
    approved = post(f"{path}/approve", auth=bearer(cast.manager, now=now), If_Match=made.headers["ETag"])
    assert (approved.status_code, approved.json["state"]) == (200, "confirmed")
    stale = post(f"{path}/cancel", {}, If_Match=made.headers["ETag"])
    assert (stale.status_code, stale.json["present_version"]) == (412, approved.json["version"])
    assert stale.json["title"] == "数据已被他人更新"


@pytest.mark.parametrize("tag", ['"one"', '"1", "2"', "-1", '"12345678901"', "\uff11"])
def test_a_version_that_is_none_is_refused(post: Post, wish: dict[str, Any], tag: str) -> None:
    made = post("/bookings", wish).json["id"]
    refused = post(f"/bookings/{made}/cancel", {}, If_Match=tag.encode().decode("latin-1"))
    assert (refused.status_code, refused.json["code"]) == (422, "bad-etag")
    assert session.scalars(select(Booking.state)).one() is BookingState.CONFIRMED


def test_who_is_overtaken_between_look_and_write_is_told_so(post: Post, wish: dict[str, Any]) -> None:
    """Starting locks the booking, cancelling the calendar: where they meet, the version decides."""
    made = post("/bookings", wish).json["id"]

    def overtake(_mapper: Any, connection: Any, row: Booking) -> None:
        connection.execute(update(Booking).where(Booking.id == row.id).values(version=Booking.version + 1))

    event.listen(Booking, "before_update", overtake)
    try:
        slower = post(f"/bookings/{made}/cancel", {})
    finally:
        event.remove(Booking, "before_update", overtake)
    assert (slower.status_code, slower.json["code"]) == (409, "conflict")
    assert session.scalars(select(Booking.state)).one() is BookingState.CONFIRMED


def test_a_token_opens_no_more_than_its_scopes(post: Post, wish: dict[str, Any], cast: Cast, now: datetime) -> None:
    reading = bearer(cast.researcher, "booking:read", now=now)
    assert post("/bookings", wish, auth=reading).status_code == 403


def test_a_cookie_opens_nothing_and_no_token_is_401(app: Flask, cast: Cast, wish: dict[str, Any]) -> None:
    for visitor in (app.test_client(), signed_in(app, cast.researcher)):
        nobody = visitor.post("/api/v1/bookings", json=wish)
        assert (nobody.status_code, nobody.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_pages_of_a_list_neither_repeat_nor_skip(
    client: FlaskClient, post: Post, wish: dict[str, Any], cast: Cast, now: datetime
) -> None:
    for day in range(5):
        start = now + timedelta(days=day + 1)
        assert post("/bookings", {**wish, "starts_at": iso(start), "ends_at": iso(start + timedelta(hours=1))})
    mine, seen, after = bearer(cast.researcher, now=now), [], None
    while True:
        asked = {"limit": 2} | ({"after": after} if after else {})
        answer: Any = client.get("/api/v1/bookings", query_string=asked, headers=mine).json
        seen += [item["id"] for item in answer["items"]]
        after = answer["next"]
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 5


def test_strangers_cannot_tell_a_foreign_booking_from_none(
    client: FlaskClient, post: Post, wish: dict[str, Any], cast: Cast, now: datetime
) -> None:
    made = post("/bookings", wish).json["id"]
    stranger = bearer(cast.rival, now=now)
    answers = [
        client.get(f"/api/v1/bookings/{key}", headers=stranger)
        for key in (made, "01890000-0000-7000-8000-000000000000")
    ]
    bodies: list[Any] = [{**(answer.json or {}), "request_id": ""} for answer in answers]
    assert (answers[0].status_code, bodies[0]) == (404, bodies[1])


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "its offset is required"), ("zh-CN,zh;q=0.9,en;q=0.5", "必须带时区偏移"), ("", "必须带时区偏移")],
)
def test_a_refusal_says_what_is_wanted_in_the_language_asked_for(
    post: Post, wish: dict[str, Any], language: str, words: str
) -> None:
    refused = post("/bookings", {**wish, "starts_at": "2026-11-20T09:00:00"}, Accept_Language=language)
    assert words in refused.json["detail"]


def test_the_same_key_with_a_body_where_none_is_wanted(post: Post, wish: dict[str, Any]) -> None:
    """What the operation does not read cannot make two requests differ, nor break them."""
    made = post("/bookings", wish).json["id"]
    for body in ({"n": 1.5}, {"\ud800": 1}):
        assert post(f"/bookings/{made}/start", body, Idempotency_Key="k").json["code"] == "too-early-to-start"


def test_a_hundred_thousand_brackets_are_malformed(client: FlaskClient, cast: Cast, now: datetime) -> None:
    auth, data = bearer(cast.researcher, now=now), "[" * 100_000
    answer = client.post("/api/v1/bookings", data=data, content_type="application/json", headers=auth)
    assert (answer.status_code, answer.get_json()["code"]) == (400, "malformed")


def test_at_most_two_months_of_free_time_are_asked_for(client: FlaskClient, cast: Cast, now: datetime) -> None:
    auth, path = bearer(cast.researcher, now=now), f"/api/v1/instruments/{cast.microscope.public_id}/availability"
    asked = {"start": "1990-01-02T00:00:00Z", "end": "2099-12-31T00:00:00Z"}
    answer = client.get(path, query_string=asked, headers=auth)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "period-too-long")
