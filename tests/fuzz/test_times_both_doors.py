"""Odd times for a booking, by the page and by the API: the same verdict, the field named, nothing written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.booking.models import Booking, UnmetDemand
from app.infra.db import session
from app.infra.transactions import transaction
from tests.factories.cast import Cast
from tests.factories.pages import send
from tests.factories.signing_in import signed_in
from tests.factories.tokens import bearer
from tests.fuzz.forms import forms_of
from tests.fuzz.traces import contents

HELD = "2026-11-20T10:00:00", "2026-11-20T11:00:00"


@dataclass
class Doors:
    """One researcher in a browser and with a token; times are Shanghai's without offset."""

    browser: FlaskClient
    program: FlaskClient
    token: dict[str, str]
    cast: Cast

    @property
    def page(self) -> str:
        return f"/instruments/{self.cast.microscope.public_id}/book"

    def typed(self, starts: str, ends: str, language: str = "en") -> TestResponse:
        self.browser.set_cookie("language", language)
        fields = {"client": self.cast.firm.public_id, "description": "断口分析 & <b>", "purpose": "research"}
        return send(self.browser, self.page, starts_at=starts, ends_at=ends, **fields)

    def sent(self, starts: str, ends: str, language: str = "en") -> TestResponse:
        body = {"instrument": self.cast.microscope.public_id, "client": self.cast.firm.public_id, "description": "x"}
        headers = {**self.token, "Accept-Language": language}
        body |= {"starts_at": f"{starts}+08:00", "ends_at": f"{ends}+08:00"}
        return self.program.post("/api/v1/bookings", json=body, headers=headers)


@pytest.fixture
def doors(app: Flask, cast: Cast, now: datetime) -> Doors:
    with transaction():
        cast.microscope.grid_minutes, cast.microscope.min_minutes = 1, 1
    browser = signed_in(app, cast.researcher)
    return Doors(browser, app.test_client(), bearer(cast.researcher, now=now), cast)


def bookings() -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Booking)) or 0


@pytest.mark.parametrize(
    ("starts", "ends"),
    [("2026-11-20T10:59:59", "2026-11-20T12:00:00"), ("2026-11-20T09:00:00", "2026-11-20T10:00:01")],
    ids=["at its end", "at its beginning"],
)
def test_one_second_of_overlap_is_taken_time(doors: Doors, starts: str, ends: str) -> None:
    assert doors.sent(*HELD).status_code == 201
    before = contents()
    typed, sent = doors.typed(starts, ends), doors.sent(starts, ends)
    assert (typed.status_code, sent.status_code) == (409, 409)
    assert "This time is taken." in typed.text
    assert "slot-taken" in {refusal["code"] for refusal in sent.get_json()["refusals"]}
    assert contents() == before


def test_neighbours_to_the_second_are_no_overlap(doors: Doors) -> None:
    assert doors.sent(*HELD).status_code == 201
    assert doors.typed("2026-11-20T11:00", "2026-11-20T12:00").status_code == 302
    assert doors.sent("2026-11-20T09:00:00", "2026-11-20T10:00:00").status_code == 201
    assert bookings() == 3


@pytest.mark.parametrize(
    ("starts", "ends"), [(HELD[0], HELD[0]), HELD[::-1]], ids=["zero length", "the end before the start"]
)
@pytest.mark.parametrize(("language", "words"), [("en", "choose a later end"), ("zh_CN", "请选择更晚的结束时间")])
def test_a_period_that_does_not_last_is_refused_at_its_end(
    doors: Doors, starts: str, ends: str, language: str, words: str
) -> None:
    before = contents()
    typed, sent = doors.typed(starts, ends, language), doors.sent(starts, ends, language.partition("_")[0])
    assert (typed.status_code, sent.status_code) == (422, 422)
    assert words in typed.text
    assert [(r["code"], r["field"]) for r in sent.get_json()["refusals"]] == [("ends-before-start", "ends_at")]
    assert words in sent.get_json()["detail"]
    assert kept(typed) == (starts, ends, "断口分析 & <b>")
    assert contents() == before
    assert session.scalar(select(func.count()).select_from(UnmetDemand)) == 2


@pytest.mark.parametrize(
    "odd", ["0001-01-01T00:00:00", "9999-12-31T23:59:59", "2026-11-20T23:59:60", "2026-02-30T10:00:00", "2026-W47-5"]
)
@pytest.mark.parametrize(
    ("language", "words"), [("en", "Enter a day and a time between 1990 and 2100"), ("zh_CN", "请输入 1990")]
)
def test_no_time_of_this_world(doors: Doors, odd: str, language: str, words: str) -> None:
    before = contents()
    typed, sent = doors.typed(odd, HELD[1], language), doors.sent(odd, HELD[1])
    assert (typed.status_code, sent.status_code) == (422, 422)
    assert words in typed.text
    assert [r["field"] for r in sent.get_json()["refusals"]] == ["starts_at"]
    assert kept(typed) == (odd, HELD[1], "断口分析 & <b>")
    assert contents() == before


def test_the_ends_of_the_calendar_are_too_far_not_broken(doors: Doors) -> None:
    for starts, ends in (("2099-12-31T10:00:00", "2099-12-31T11:00:00"), (HELD[0], "2100-01-01T07:59:59")):
        assert "too-far" in {r["code"] for r in doors.sent(starts, ends).get_json()["refusals"]}
        assert doors.typed(starts, ends).status_code == 422
    assert "in-the-past" in {r["code"] for r in doors.sent("1990-01-01T08:00:00", HELD[1]).get_json()["refusals"]}
    assert bookings() == 0


def test_a_period_across_new_years_eve(doors: Doors) -> None:
    typed = doors.typed("2026-12-31T22:00", "2027-01-01T00:00")
    assert typed.status_code == 302
    assert doors.sent("2027-01-01T00:00:00", "2027-01-01T02:00:00").status_code == 201
    across = doors.sent("2026-12-30T23:00:00", "2026-12-31T01:00:00").get_json()
    assert (across["starts_at"], across["ends_at"]) == ("2026-12-30T15:00:00Z", "2026-12-30T17:00:00Z")
    assert doors.typed("2026-12-31T23:59", "2027-01-01T00:01").status_code == 409


def kept(page: TestResponse) -> tuple[str, str, str]:
    """What stands in the form that came back."""
    fields = next(fields for _path, fields in forms_of("/", page.text) if "starts_at" in fields)
    return fields["starts_at"], fields["ends_at"], fields["description"]
