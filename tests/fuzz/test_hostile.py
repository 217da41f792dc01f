"""What somebody tries who means harm: bodies that do not end, patterns that do not end, sessions that should have."""

from __future__ import annotations

import time
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.rules import limits
from app.booking.rules.opening import parse_hours
from app.catalogue.rules.amounts import read_amount
from app.catalogue.rules.makers import split_maker_and_model
from app.catalogue.rules.mapping import suggest
from app.catalogue.rules.search import bigrams
from app.catalogue.seeds.words import WORDS
from tests.access.conftest import Scene
from tests.factories.cast import Cast
from tests.factories.pages import csrf_token, send
from tests.factories.signing_in import signed_in
from tests.factories.tokens import bearer
from tests.fuzz.knocks import FORM, Knock, encoded, forms, knock
from tests.fuzz.traces import counts

MIB = 1 << 20
NASTY = ["1" + " " * 60_000 + "1", "(" * 60_000, "1" + "-" * 60_000, "x" * 60_000, "电" * 60_000, "电 " * 30_000]


@pytest.mark.parametrize("rig", ["sqlite"], indirect=True, scope="module")
def test_no_form_is_taken_without_its_token(scene: Scene) -> None:
    """Every form of every page, whoever sends it."""
    before, taken = counts(), []
    for door, (role, path, fields) in forms(scene).items():
        for token in ({}, {"csrf_token": "IjAi.x.y"}):
            data = encoded({**{n: v for n, v in fields.items() if n != "csrf_token"}, **token})
            answer = knock(scene, Knock(door, role, "no token", path, {"data": data, "content_type": FORM}))
            if answer.status_code != 400:
                taken.append(f"{answer.status_code} {door}")
    assert (taken, counts()) == ([], before)


@pytest.mark.parametrize("origin", ["http://[::1", "null", "http://localhost@evil.example", "http://localhost.evil"])
def test_an_origin_that_is_not_ours_is_refused_whatever_it_looks_like(client: FlaskClient, origin: str) -> None:
    body = {"csrf_token": csrf_token(client), "theme": "dark"}
    assert client.post("/theme", data=body, headers={"Origin": origin}).status_code == 403


def test_only_an_upload_may_be_long(app: Flask, cast: Cast, now: datetime) -> None:
    """A form or JSON is taken apart in memory: thirty megabytes of `a&a&a` would be gigabytes there."""
    client = signed_in(app, cast.administrator)
    long = b"csrf_token=" + csrf_token(client).encode() + b"&" + b"a&" * MIB
    assert client.post("/theme", data=long, content_type=FORM).status_code == 413
    token = bearer(cast.researcher, now=now)
    body = b'{"description": "' + b"x" * 2 * MIB + b'"}'
    answer = client.post("/api/v1/bookings", data=body, content_type="application/json", headers=token)
    assert (answer.status_code, answer.get_json()["code"]) == (413, "too-large")
    many = {"csrf_token": csrf_token(client), **{f"f{n}": "1" for n in range(2000)}}
    assert client.post("/theme", data=many, content_type="multipart/form-data").status_code == 413


def test_what_is_short_to_send_is_short_to_read() -> None:
    began = time.monotonic()
    for text in NASTY:
        read_amount(text, WORDS)
        split_maker_and_model(text, WORDS)
        suggest([text[:200]] * 3, [[text] * 3] * 20, WORDS)
        bigrams(text[:10_000])
    assert time.monotonic() - began < 3


def test_opening_hours_are_no_place_for_long_texts(app: Flask, cast: Cast) -> None:
    client, began = signed_in(app, cast.manager), time.monotonic()
    page = f"/manage/instruments/{cast.microscope.public_id}/exceptions"
    assert send(client, page, day="2026-12-24", hours=f"8{' ' * 300_000}9").status_code == 422
    assert time.monotonic() - began < 3
    with pytest.raises(ValueError, match="hours are written"):
        parse_hours("8 9")


@pytest.mark.parametrize("text", ["9" * 400 + "元", "9" * 27, "0." + "1" * 90 + "元", "²" * 99 + "元"])
def test_amounts_of_any_length_are_read_or_refused(text: str) -> None:
    reading = read_amount(text, WORDS)
    assert (reading.value is None) == (reading.problem is not None)


def test_a_cookie_from_before_signing_in_or_after_signing_out_opens_nothing(app: Flask, cast: Cast) -> None:
    name = app.config["SESSION_COOKIE_NAME"]
    client = app.test_client()
    send(client, "/sign-in", address="nobody@example.org", password="wrong")
    before = client.get_cookie(name)
    signed = signed_in(app, cast.researcher)
    during = signed.get_cookie(name)
    send(signed, "/sign-out")
    assert before
    assert during
    for old in (before, during):
        thief = app.test_client()
        thief.set_cookie(name, old.value)
        assert thief.get("/account").location == "/sign-in?next=/account"


def test_the_old_password_is_not_guessed_from_an_open_session(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.researcher)
    wanted = {"old_password": "wrong", "password": "a wholly new secret"}
    answers = [send(client, "/account/password", **wanted).status_code for _ in range(limits.OLD_PASSWORD.most + 1)]
    assert answers == [422] * limits.OLD_PASSWORD.most + [429]


def test_nothing_a_person_may_see_stays_in_a_cache(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.auditor)
    for path in ("/account", "/operation/audit?format=csv", "/operation/audit?format=xlsx", "/api/v1/openapi.json"):
        assert client.get(path).headers["Cache-Control"] == "no-store"
