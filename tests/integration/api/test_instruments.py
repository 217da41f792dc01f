"""Instruments through the API: every national field in and out, and nothing the table of classes does not know."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from app.catalogue.services.instruments import index
from app.infra.db import session
from app.infra.transactions import transaction
from app.organisations.models import EvaluationUnit, Kind
from tests.factories.cast import Cast
from tests.factories.tokens import bearer

TOLD = {
    "name_en": "Microscope", "national_number": "11-0001", "class_code": "0101", "special": True,
    "share_mode": "internal", "origin": "donated", "original_value_fen": 123_456_789, "funds": "Fund", "nation": "日本",
    "maker": "Hitachi", "model": "SU-8010", "began_on": "2020-05-06", "owning_unit": "Physics",
    "modes": ["remote"], "subjects": ["物理学", "化学"], "technical": "1 nm", "functions": "images",
    "service_content": "tests", "achievements": "papers", "requirements": "dry samples", "fee_text": "by the hour",
    "service_url": "https://example.org/", "town": "沙河", "address": "Room 1", "postcode": "102206",
    "contact": "Crew", "phone": "010-1234", "email": "crew@example.org", "places": 2, "customs_supervised": True,
}  # fmt: skip
CUSTOMS = {
    "customs_declaration": "0" * 18,
    "customs_item": "1",
    "customs_name": "Tube",
    "customs_released_on": "2027-01-02",
}


def test_every_field_that_is_sent_is_shown_again(app: Flask, cast: Cast, now: datetime) -> None:
    client, auth = app.test_client(), bearer(cast.administrator, now=now)
    draft = {"provider": cast.university.public_id, "inner_id": "A-1", "name": "电镜"}
    made = client.post("/api/v1/instruments", json={**draft, **TOLD, **CUSTOMS}, headers=auth)
    assert made.status_code == 201, made.text
    assert made.get_json() | draft | TOLD == made.get_json()
    path = f"/api/v1/instruments/{made.get_json()['id']}"
    with transaction():
        unit = EvaluationUnit(organisation_id=cast.university.id, name="East", kind=Kind.UNIVERSITY)
        session.add(unit)
    for sent in ({"evaluation_unit": unit.public_id}, {"town": "南口"}, {"evaluation_unit": None}):
        tag = client.get(path, headers=auth).headers["ETag"]
        answer = client.patch(path, json=sent, headers={**auth, "If-Match": tag})
        assert answer.status_code == 200, answer.text
        assert answer.get_json() | sent == answer.get_json()
        if "town" in sent:
            assert answer.get_json()["evaluation_unit"] == unit.public_id


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"class_code": "9999"}, "no-such-class"),
        ({"fields": ["no-such"]}, "no-such-priority-field"),
        ({"customs_supervised": True, "customs_declaration": "17"}, "customs-declaration"),
        ({"subjects": ["a", "b", "c", "d", "e"]}, "invalid-field"),
        ({"state": "listed"}, "invalid-field"),
        ({"began_on": 0}, "invalid-field"),
        ({"began_on": "2026-02-30"}, "invalid-field"),
        ({"began_on": "1899-12-31"}, "invalid-field"),
        ({"customs_released_on": "2026-11-21T10:00:00Z"}, "invalid-field"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(
    app: Flask, cast: Cast, now: datetime, sent: dict[str, Any], code: str
) -> None:
    client, auth = app.test_client(), bearer(cast.administrator, now=now)
    path = f"/api/v1/instruments/{cast.microscope.public_id}"
    before = client.get(path, headers=auth)
    answer = client.patch(path, json=sent, headers={**auth, "If-Match": before.headers["ETag"]})
    assert (answer.status_code, [one["code"] for one in answer.get_json()["refusals"]]) == (422, [code])
    assert client.get(path, headers=auth).get_json() == before.get_json()


@pytest.mark.parametrize("tag", [{}, {"If-Match": "*"}, {"If-Match": " "}])
def test_who_does_not_say_which_version_they_looked_at_changes_nothing(
    app: Flask, cast: Cast, now: datetime, tag: dict[str, str]
) -> None:
    client, auth = app.test_client(), bearer(cast.administrator, now=now)
    path = f"/api/v1/instruments/{cast.microscope.public_id}"
    answer = client.patch(path, json={"town": "南口"}, headers={**auth, **tag})
    assert (answer.status_code, answer.get_json()["code"]) == (428, "version-required")
    assert client.get(path, headers=auth).get_json()["town"] != "南口"


def test_words_find_instruments_and_no_words_find_all(app: Flask, cast: Cast) -> None:
    def found(words: str) -> list[str]:
        answer = app.test_client().get("/api/v1/instruments", query_string={"q": words})
        return [one["name"] for one in answer.get_json()["items"]]

    with transaction():
        for row in (cast.microscope, cast.other_microscope):
            index(row, {})
    assert found("spectro") == ["Mass spectrometer"]
    assert found("nowhere") == []
    assert len(found(" ")) == len(found("")) == 2


def test_names_are_one_line_and_lists_name_each_thing_once(app: Flask, cast: Cast, now: datetime) -> None:
    """A name with lines of its own would write into everybody's mail; a list of 30,000 would fill the page."""
    client, auth = app.test_client(), bearer(cast.administrator, now=now)
    odd = {
        "name": "电镜\n\nPay at\r\nhttps://example.org",
        "modes": ["remote"] * 30_000,
        "subjects": ["物理学", "物理学"],
    }
    draft = {"provider": cast.university.public_id, "inner_id": "A-1", **odd}
    made = client.post("/api/v1/instruments", json=draft, headers=auth)
    assert made.status_code == 201, made.text
    kept = {"name": "电镜 Pay at https://example.org", "modes": ["remote"], "subjects": ["物理学"]}
    assert made.get_json() | kept == made.get_json()
