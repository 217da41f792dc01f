"""The description of the API is valid, complete, and what the operations really answer."""

from __future__ import annotations

from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import validate

from app.api.blueprint import BASE
from app.api.operations import all_operations
from app.web.labels.fields import FIELDS


def test_the_description_is_valid_openapi_3_1(client: FlaskClient) -> None:
    described = client.get(f"{BASE}/openapi.json").get_json()
    assert described["openapi"] == "3.1.0"
    validate(described)


def test_every_route_under_the_base_is_described(app: Flask) -> None:
    routes = {
        (method, str(rule))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    under = {(m, r.removeprefix(BASE)) for m, r in routes if r.startswith(BASE) and not r.endswith("openapi.json")}
    assert under == {(one.method, one.rule) for one in all_operations()}
    assert under


LANGUAGES = (("en", "Register a draft", "Original value (fen)"), ("zh_CN", "登记草稿", "原值（分）"))


@pytest.mark.parametrize(("language", "summary", "field"), LANGUAGES)
def test_the_documentation_page_speaks_both_languages(
    client: FlaskClient, app: Flask, language: str, summary: str, field: str
) -> None:
    client.set_cookie("language", language)
    page = unescape(client.get("/api/docs").text)
    assert summary in page
    assert field in page
    with app.test_request_context(headers={"Cookie": f"language={language}"}):
        assert [one.endpoint for one in all_operations() if str(one.summary) not in page] == []
    other = next(one for one in LANGUAGES if one[0] != language)
    assert other[1] not in page


def test_every_field_of_the_description_has_a_word_of_the_pages(client: FlaskClient) -> None:
    schemas = client.get(f"{BASE}/openapi.json").get_json()["components"]["schemas"]
    names = {name for schema in schemas.values() for name in schema.get("properties", ())}
    assert sorted(names - set(FIELDS)) == []
