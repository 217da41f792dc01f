"""Asking one endpoint one question as one person, and reading the answer as one sign."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.access.bodies import QUERIES, body
from tests.access.table import Row
from tests.access.world import World

GRANTED, REFUSED, FORBIDDEN, ABSENT, SIGN_IN = "+", "!", "x", "-", ">"
_OF_THE_MOMENT = re.compile(r"\b[0-9a-f]{16}\b|\b[0-9a-f]{32}\b|[\w-]+\.[\w-]{6}\.[\w-]{27}")


def ask(app: Flask, world: World, row: Row, role: str) -> TestResponse:
    method, rule, label = row.method, row.rule, row.label
    client, visit = app.test_client(), world.visits[role]
    path = address(world, rule, label)
    if rule.startswith("/api/"):
        sent: dict[str, Any] = {"headers": visit.bearer}
        if method != "GET":
            sent["json"] = body(world, rule, label)
        if method == "PATCH":
            sent["headers"] = {"If-Match": '"1"', **visit.bearer}
        return client.open(path, method=method, query_string=QUERIES.get(rule), **sent)
    client.set_cookie(app.config["SESSION_COOKIE_NAME"], visit.cookie)
    data = None if method == "GET" else {"csrf_token": visit.csrf, **body(world, rule, label)}
    return client.open(path, method=method, data=data, query_string=QUERIES.get(rule))


def address(world: World, rule: str, label: str) -> str:
    values = {"state": "suspended", "filename": "manifest.json", "kind": "count"}
    if "<" in rule and label != "-":
        values |= world.place(label)
    return re.sub(r"<(?:[^:<>]+:)?(\w+)>", lambda found: values[found[1]], rule)


def sign(answer: TestResponse) -> str:
    """One character for the answer; anything unforeseen is its status and fits no table."""
    status = answer.status_code
    if status == 401 or (status == 302 and "/sign-in" in (answer.location or "")):
        return SIGN_IN
    if status < 400:
        return GRANTED
    return {403: FORBIDDEN, 404: ABSENT, 409: REFUSED, 422: REFUSED}.get(status, str(status))


def told(answer: TestResponse, world: World, row: Row) -> str:
    """The answer without what differs from request to request anyway, and without the ids asked for."""
    text = answer.text
    named = world.place(row.label) if "<" in row.rule else body(world, row.rule, row.label)
    for value in named.values():
        if isinstance(value, str) and len(value) > 1:
            text = text.replace(value, "ID")
    return _OF_THE_MOMENT.sub("", text)
