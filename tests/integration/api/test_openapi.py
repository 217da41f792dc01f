"""The description of the API is valid, complete, and what the operations really answer."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from openapi_spec_validator import validate

from app.api.blueprint import BASE
from app.api.operations import all_operations


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


def test_the_documentation_page_names_every_operation(client: FlaskClient, app: Flask) -> None:
    page = client.get("/api/docs").text
    for one in all_operations():
        assert escape(one.summary) in page
