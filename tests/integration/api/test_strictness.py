"""The description of the API takes what the server takes and refuses what the server refuses, at every border."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from pydantic import BaseModel, ValidationError

from app.api.blueprint import BASE
from app.api.operations import all_operations
from tests.factories.cast import Cast
from tests.factories.tokens import bearer

ID = "01890000-0000-7000-8000-000000000000"
MOMENT, DAY = "2026-11-21T14:00:00+08:00", "2026-11-21"
UNSEEN = ("", " ", "\t", "\u3000", "\u200b", "\u202e")
OTHERS: tuple[Any, ...] = (
    None, True, 0, -1, 1, 2, 5, 6, 200, 201, 10**15, 10**15 + 1, 2**70, 1.5, "a", "a\x00b", *UNSEEN, "1_000", "1e5",
    "\u0661\u0662", "01", "0102", "010203", "01020304", "1", ID, ID.upper(), ID.replace("-", ""), f"{{{ID}}}",
    f"urn:uuid:{ID}", MOMENT, MOMENT[:-6], MOMENT.replace("T", " "), "2026-11-21T14:00Z", "2026-11-21T24:00:00Z",
    "2026-11-21T14:00:00.5Z", "2026-13-01T00:00:00Z", "1988-12-31T00:00:00Z", "2101-01-01T00:00:00Z", DAY, "20261121",
    "2026-W47-6", "1899-12-31", "1900-01-01", "2099-12-31", "2100-01-01", [], ["a"], ["a"] * 4, ["a"] * 5, [1], {},
    ["x" * 200], ["x" * 201], "no-such-word",
)  # fmt: skip


def schemas(client: FlaskClient) -> dict[str, Any]:
    described: dict[str, Any] = client.get(f"{BASE}/openapi.json").get_json()["components"]["schemas"]
    return described


def bodies() -> list[type[BaseModel]]:
    return list(dict.fromkeys(one.body for one in all_operations() if one.body is not None))


def values(schema: Any, known: dict[str, Any]) -> Iterator[Any]:
    """What stands at the borders that the schema names, and what is odd everywhere."""
    yield from OTHERS
    for part in parts(schema, known):
        for name in ("minimum", "maximum"):
            if name in part:
                yield from (part[name] + more for more in (-1, 0, 1))
        for name in ("minLength", "maxLength"):
            if name in part:
                yield from ("x" * max(0, part[name] + more) for more in (-1, 0, 1))
        yield from part.get("enum", ())


def parts(schema: Any, known: dict[str, Any]) -> Iterator[Any]:
    if "$ref" in schema:
        yield from parts(known[schema["$ref"].rpartition("/")[2]], known)
    yield schema
    for one in schema.get("anyOf", ()):
        yield from parts(one, known)
    if "items" in schema:
        yield from parts(schema["items"], known)


def usual(model: type[BaseModel]) -> dict[str, Any]:
    """The smallest body the model takes."""
    made = {"provider": ID, "instrument": ID, "client": ID, "starts_at": MOMENT, "ends_at": MOMENT, "rating": 5}
    texts = {"inner_id": "A", "name": "B"}
    return {name: v for name, v in {**made, **texts}.items() if name in model.model_fields}


def accepted(model: type[BaseModel], body: Any) -> bool:
    try:
        model.model_validate(body)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("rig", ["sqlite"], indirect=True)
def test_schema_and_server_agree_on_every_field(app: Flask) -> None:
    known = schemas(app.test_client())
    different, asked, verdicts = [], 0, set()
    for model in bodies():
        whole = {"$ref": f"#/components/schemas/{model.__name__}", "components": {"schemas": known}}
        judge = Draft202012Validator(whole)
        assert accepted(model, usual(model)), model
        for name, field in known[model.__name__]["properties"].items():
            for value in values(field, known):
                body = {**usual(model), name: value}
                described, done = judge.is_valid(body), accepted(model, body)
                verdicts.add(done)
                asked += 1
                if described != done:
                    different.append(f"{model.__name__}.{name} = {value!r:.60}: schema {described}, server {done}")
    assert (different, verdicts) == ([], {True, False})
    assert asked > 3000


@pytest.mark.parametrize("unseen", UNSEEN)
def test_a_name_that_shows_nothing_is_refused_in_words(app: Flask, cast: Cast, now: datetime, unseen: str) -> None:
    body = {"provider": cast.university.public_id, "inner_id": unseen, "name": unseen}
    headers = {**bearer(cast.administrator, now=now), "Accept-Language": "en"}
    refused = app.test_client().post(f"{BASE}/instruments", json=body, headers=headers)
    assert refused.status_code == 422
    assert {one["field"] for one in refused.get_json()["refusals"]} == {"inner_id", "name"}
    assert "see the description" not in refused.get_json()["detail"]


def test_a_token_is_told_which_scope_it_lacks(app: Flask, cast: Cast, now: datetime) -> None:
    narrow = bearer(cast.researcher, "record:read", now=now)
    titles = {}
    for language, words in (("en", "lacks the scope booking:read"), ("zh-CN", "booking:read")):
        refused = app.test_client().get(f"{BASE}/bookings", headers={**narrow, "Accept-Language": language})
        problem = refused.get_json()
        assert (refused.status_code, problem["code"]) == (403, "scope-missing")
        assert problem["refusals"][0]["params"] == {"scope": "booking:read"}
        assert words in problem["detail"]
        titles[language] = problem["title"]
    assert titles == {"en": "The token lacks a scope", "zh-CN": "令牌缺少权限范围"}


def test_a_time_that_is_taken_has_a_title_of_its_own(app: Flask, cast: Cast, now: datetime) -> None:
    headers = {**bearer(cast.researcher, now=now), "Accept-Language": "en"}
    body = {
        "instrument": cast.microscope.public_id,
        "client": cast.firm.public_id,
        "starts_at": "2026-11-20T10:00:00+08:00",
        "ends_at": "2026-11-20T11:00:00+08:00",
    }
    answers = [app.test_client().post(f"{BASE}/bookings", json=body, headers=headers) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 409]
    problem = answers[1].get_json()
    assert (problem["code"], problem["title"]) == ("slot-taken", "This time is taken")
    assert problem["type"] == "/api/docs#slot-taken"
