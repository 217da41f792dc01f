"""Every door of the platform with something odd in one place, made from the routes, the pages and OpenAPI."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import quote_plus

from werkzeug.test import TestResponse

from app.api.operations import all_operations
from tests.access.asking import GRANTED, REFUSED, address
from tests.access.bodies import QUERIES, body
from tests.access.conftest import Scene
from tests.access.table import Row, read
from tests.fuzz import odd
from tests.fuzz.forms import forms_of

# What lists and pages read from the query, and a name nobody knows; feeds and calendars want both times.
QUERY = ("q", "page", "sort", "dir", "format", "next", "class", "state", "verdict", "after", "limit", "unknown")
TIMES = ("start", "end", "date", "starts_at", "ends_at", "client")
TIMED = ("calendar", "feed", "availability", "quote", "book", "/schedule")
OWN = {"own", "-", ""}
# Whoever is signed out can knock no more; and a test database is never ready for visitors.
LEFT_OUT = {"POST /sign-out", "POST /account/sessions/<uuid:session_id>/end", "GET /readyz"}
FORM = "application/x-www-form-urlencoded"
_PLACE = re.compile(r"<(?:[^:<>]+:)?(\w+)>")


@dataclass(frozen=True)
class Knock:
    """One request: at which door, as whom, what is odd about it, and all that is sent."""

    door: str
    role: str
    what: str
    path: str
    sent: dict[str, Any] = field(default_factory=dict)

    @property
    def method(self) -> str:
        return self.door.partition(" ")[0]

    def __str__(self) -> str:
        return f"{self.door} as {self.role}: {self.what:.90}"


def knock(scene: Scene, one: Knock) -> TestResponse:
    client, visit = scene.app.test_client(), scene.world.visits[one.role]
    sent = dict(one.sent)
    if one.path.startswith("/api/"):
        sent["headers"] = {**visit.bearer, **sent.get("headers", {})}
    else:
        client.set_cookie(scene.app.config["SESSION_COOKIE_NAME"], visit.cookie)
    return client.open(one.path, method=one.method, **sent)


def everything(scene: Scene) -> Iterator[Knock]:
    for kind in (in_paths, in_queries, in_forms, in_json, in_headers):
        yield from (one for one in kind(scene) if one.door not in LEFT_OUT)


def let_in(row: Row) -> str:
    """Somebody who may knock there, first those who are granted what they ask."""
    for sign in (GRANTED, REFUSED):
        if roles := [role for role, got in row.signs.items() if got == sign]:
            return roles[0] if roles[0] != "visitor" or len(roles) == 1 else roles[1]
    return ""


def own(method: str) -> Iterator[tuple[Row, str]]:
    """(row, role) of every door about an object of one's own, or about none."""
    for row in read():
        if row.method == method and row.label.rpartition(".")[2] in OWN and (role := let_in(row)):
            yield row, role


def in_paths(scene: Scene) -> Iterator[Knock]:
    for row, role in (one for method in ("GET", "POST", "PATCH") for one in own(method)):
        form = {"csrf_token": scene.world.visits[role].csrf}
        sent: dict[str, Any] = {} if row.method == "GET" or row.rule.startswith("/api/") else {"data": form}
        for place in _PLACE.finditer(row.rule):
            for part in odd.PARTS:
                rule = row.rule.replace(place[0], part)
                yield Knock(row.endpoint, role, f"{place[1]} {part}", address(scene.world, rule, row.label), sent)


def in_queries(scene: Scene) -> Iterator[Knock]:
    for row, role in own("GET"):
        path, usual = address(scene.world, row.rule, row.label), QUERIES.get(row.rule, {})
        for value in odd.TYPED:
            asked = {**usual, **dict.fromkeys(QUERY, value)}
            yield Knock(row.endpoint, role, f"?…={value[:30]!r}", f"{path}?{encoded(asked)}")
            for name in TIMES if row.rule.endswith(TIMED) else ():
                asked = {**usual, name: value}
                yield Knock(row.endpoint, role, f"?{name}={value[:30]!r}", f"{path}?{encoded(asked)}")


def in_forms(scene: Scene) -> Iterator[Knock]:
    for door, (role, path, fields) in forms(scene).items():
        for name in fields:
            for value in odd.TYPED:
                typed = encoded({**fields, name: value})
                yield Knock(door, role, f"{name}={value[:30]!r}", path, {"data": typed, "content_type": FORM})


def forms(scene: Scene) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Door → (role, path, fields): the form of every page that somebody may open, filled in where we know how."""
    labels = {row.endpoint: row.label for row in reversed(read()) if row.label.rpartition(".")[2] in OWN}
    doors = scene.app.url_map.bind("localhost")
    found: dict[str, tuple[str, str, dict[str, Any]]] = {}
    for row, role in own("GET"):
        page = address(scene.world, row.rule, row.label)
        answer = knock(scene, Knock(row.endpoint, role, "", page))
        if answer.mimetype != "text/html":
            continue
        for path, fields in forms_of(page, answer.text):
            rule = str(doors.match(path, method="POST", return_rule=True)[0].rule)
            usual = body(scene.world, rule, labels.get(f"POST {rule}", "-"))
            typed = {**fields, **usual, "csrf_token": scene.world.visits[role].csrf}
            found.setdefault(f"POST {rule}", (role, path, typed))
    return found


def in_json(scene: Scene) -> Iterator[Knock]:
    doors = {row.endpoint: (row, role) for method in ("POST", "PATCH") for row, role in own(method)}
    for one in all_operations():
        row, role = doors.get(f"{one.method} /api/v1{one.rule}", (None, ""))
        if row is None:
            continue
        usual = body(scene.world, row.rule, row.label)
        seen = partial(Knock, row.endpoint, role, path=address(scene.world, row.rule, row.label))
        headers = {"If-Match": '"1"'} if one.method == "PATCH" else {}
        for name in [*(one.body.model_fields if one.body else ()), "unknown", "\ud800"]:
            for value in odd.JSON:
                yield seen(f"{name!r}: {value!r:.60}", sent={"json": {**usual, name: value}, "headers": headers})
        for raw in odd.BODIES:
            for key in ("", "k"):
                kept = {**headers, "Idempotency-Key": key}
                sent = {"data": raw, "content_type": "application/json", "headers": kept}
                yield seen(f"body {raw[:30]!r} key {key!r}", sent=sent)


def in_headers(scene: Scene) -> Iterator[Knock]:
    for row, role in own("GET"):
        for name, value in odd.HEADERS:
            path = address(scene.world, row.rule, row.label)
            yield Knock(row.endpoint, role, f"{name}: {value[:30]!r}", path, {"headers": {name: value}})


def encoded(fields: dict[str, Any]) -> str:
    plain = [(name, one) for name, value in fields.items() for one in (value if isinstance(value, list) else [value])]
    sent = ((name, value if isinstance(value, bytes) else str(value)) for name, value in plain)
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in sent)
