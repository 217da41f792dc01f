"""Whether what the API answers, and what it is sent, is what its own OpenAPI document says."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from flask import Flask
from openapi_schema_validator import OAS31Validator
from werkzeug.test import TestResponse

from app.api.blueprint import BASE


@cache
def document(app: Flask) -> dict[str, Any]:
    described: dict[str, Any] = app.test_client().get(f"{BASE}/openapi.json").get_json()
    return described


def undescribed(app: Flask, method: str, rule: str, sent: Any, answer: TestResponse) -> str | None:
    """The first difference between one exchange and the document, or None."""
    path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.removeprefix(BASE))
    if path == "/openapi.json":
        return None
    operation = document(app)["paths"][path][method.lower()]
    responses = operation["responses"]
    said = responses.get(str(answer.status_code), responses["default"])["content"]
    if answer.mimetype not in said:
        return f"{answer.status_code} {answer.mimetype} is not described"
    fault = _fault(app, said[answer.mimetype]["schema"], answer.get_json())
    if fault is None and "requestBody" in operation and answer.status_code < 400:
        fault = _fault(app, operation["requestBody"]["content"]["application/json"]["schema"], sent)
    return fault


def _fault(app: Flask, schema: dict[str, Any], value: Any) -> str | None:
    whole = {**schema, "components": document(app)["components"]}
    found = next(OAS31Validator(whole, format_checker=OAS31Validator.FORMAT_CHECKER).iter_errors(value), None)
    return None if found is None else f"{found.json_path}: {found.message}"
