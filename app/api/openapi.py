"""OpenAPI 3.1 assembled from the operations: nothing is described that does not run."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.access import PUBLIC
from app.api.blueprint import BASE
from app.api.operations import Operation, Versions
from app.api.schemas import Problem
from app.web.labels.fields import field_name

_PATH = re.compile(r"<(?:(\w+):)?(\w+)>")
_REF = "#/components/schemas/{model}"


def document(operations: list[Operation], *, title: str) -> dict[str, Any]:
    names, schemas = models_json_schema(
        [(model, "validation") for model in _bodies(operations)]
        + [(model, "serialization") for model in _answers(operations)],
        ref_template=_REF,
    )
    paths: dict[str, Any] = {}
    for one in operations:
        path = _PATH.sub(r"{\2}", one.rule)
        paths.setdefault(path, {})[one.method.lower()] = _operation(one, names)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1", "description": "Amounts are whole fen, times ISO 8601 with offset."},
        "servers": [{"url": BASE}],
        "paths": paths,
        "components": {
            "schemas": {name: _in_words(schema) for name, schema in schemas["$defs"].items()},
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def _in_words(schema: dict[str, Any]) -> dict[str, Any]:
    """Every field under the name it has on pages, in the language of the request."""
    fields = {name: {**part, "title": field_name(name)} for name, part in schema.get("properties", {}).items()}
    return {**schema, "properties": fields} if fields else schema


def _bodies(operations: list[Operation]) -> list[type[BaseModel]]:
    return list(dict.fromkeys(m for one in operations for m in (one.body, one.query) if m is not None))


def _answers(operations: list[Operation]) -> list[type[BaseModel]]:
    return list(dict.fromkeys([Problem, *(one.answer for one in operations)]))


def _operation(one: Operation, names: Any) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": names[Problem, "serialization"]}}
    described: dict[str, Any] = {
        "operationId": one.endpoint.replace(".", "_"),
        "summary": str(one.summary),
        "tags": [one.tag],
        "security": [] if one.permission == PUBLIC else [{"bearer": []}],
        "parameters": [*_path_parameters(one), *_query_parameters(one), *_header_parameters(one)],
        "responses": {
            str(one.status): {
                "description": "Done",
                "content": {"application/json": {"schema": names[one.answer, "serialization"]}},
            },
            "default": {"description": "A problem", "content": problem},
        },
    }
    if one.body is not None:
        schema = names[one.body, "validation"]
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return described


def _path_parameters(one: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
        for _kind, name in _PATH.findall(one.rule)
    ]


def _query_parameters(one: Operation) -> list[dict[str, Any]]:
    if one.query is None:
        return []
    schema = one.query.model_json_schema(ref_template=_REF)
    needed = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in needed, "schema": part}
        for name, part in schema["properties"].items()
    ]


def _header_parameters(one: Operation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if one.method == "POST":
        found.append({"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 64}})
    if one.versions is not Versions.NONE:
        required = one.versions is Versions.REQUIRED
        found.append({"name": "If-Match", "in": "header", "required": required, "schema": {"type": "string"}})
    return found
