"""Every door of the platform with something odd in one place, made from the routes, the pages and OpenAPI."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import quote_plus

from werkzeug.test import TestResponse

from app.api.operations import Operation, all_operations
from tests.access.asking import GRANTED, REFUSED, address
from tests.access.bodies import QUERIES, body
from tests.access.conftest import Scene
from tests.access.table import Row, read
from tests.fuzz import odd
from tests.fuzz.forms import Fields, forms_of

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

    endpoint: str
    role: str
    what: str
    path: str
    sent: dict[str, Any] = field(default_factory=dict)

    @property
    def method(self) -> str:
        return self.endpoint.partition(" ")[0]

    def __str__(self) -> str:
        return f"{self.endpoint} as {self.role}: {self.what:.90}"


def knock(scene: Scene, one: Knock) -> TestResponse:
    client, visit = scene.app.test_client(), scene.world.visits[one.role]
    sent = dict(one.sent)
    if one.path.startswith("/api/"):
        sent["headers"] = {**visit.bearer, **sent.get("headers", {})}
    else:
        client.set_cookie(scene.app.config["SESSION_COOKIE_NAME"], visit.cookie)
    return client.open(one.path, method=one.method, **sent)


@dataclass(frozen=True)
class Place:
    """Where something odd can stand, what is tried there, and the request that each makes."""

    endpoint: str
    values: Sequence[Any]
    request: Callable[[Any], Knock]


def everything(scene: Scene) -> Iterator[Knock]:
    """Every value in every place."""
    for kind in KINDS:
        yield from (place.request(value) for place in places(scene, kind) for value in place.values)


def sample(scene: Scene, turn: int = 0) -> Iterator[Knock]:
    """One value in every place, the next place having the next: no place and no value is left out."""
    for kind in KINDS:
        for number, place in enumerate(places(scene, kind), turn):
            yield place.request(place.values[number % len(place.values)])


def places(scene: Scene, kind: Callable[[Scene], Iterator[Place]]) -> list[Place]:
    return [place for place in kind(scene) if place.endpoint not in LEFT_OUT]


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


def in_paths(scene: Scene) -> Iterator[Place]:
    for row, role in (one for method in ("GET", "POST", "PATCH") for one in own(method)):
        form = {"csrf_token": scene.world.visits[role].csrf}
        sent: dict[str, Any] = {} if row.method == "GET" or row.rule.startswith("/api/") else {"data": form}
        for place in _PLACE.finditer(row.rule):
            seen = partial(Knock, row.endpoint, role, sent=sent)
            yield Place(row.endpoint, odd.PARTS, partial(_in_path, scene, row, place, seen))


def _in_path(scene: Scene, row: Row, place: re.Match[str], seen: Callable[..., Knock], part: str) -> Knock:
    rule = row.rule.replace(place[0], part)
    return seen(f"{place[1]} {part}", address(scene.world, rule, row.label))


def in_queries(scene: Scene) -> Iterator[Place]:
    for row, role in own("GET"):
        yield Place(row.endpoint, odd.TYPED, partial(_in_query, scene, row, role, QUERY))


def in_times(scene: Scene) -> Iterator[Place]:
    for row, role in own("GET"):
        for name in TIMES if row.rule.endswith(TIMED) else ():
            yield Place(row.endpoint, odd.TYPED, partial(_in_query, scene, row, role, (name,)))


def _in_query(scene: Scene, row: Row, role: str, names: Sequence[str], value: bytes) -> Knock:
    asked = {**QUERIES.get(row.rule, {}), **dict.fromkeys(names, value)}
    path = f"{address(scene.world, row.rule, row.label)}?{encoded(asked)}"
    return Knock(row.endpoint, role, f"?{'…' if names is QUERY else names[0]}={value[:30]!r}", path)


def in_forms(scene: Scene) -> Iterator[Place]:
    for door, form in forms(scene).items():
        for name in form[-1]:
            yield Place(door, odd.TYPED, partial(typed, door, form, name))


def typed(door: str, form: tuple[str, str, Fields], name: str, value: bytes) -> Knock:
    """The form with `value` in one of its fields."""
    role, path, fields = form
    data = encoded({**fields, name: value})
    return Knock(door, role, f"{name}={value[:30]!r}", path, {"data": data, "content_type": FORM})


def forms(scene: Scene) -> dict[str, tuple[str, str, Fields]]:
    """Door → (role, path, fields): the form of every page that somebody may open, filled in where we know how."""
    labels = {row.endpoint: row.label for row in reversed(read()) if row.label.rpartition(".")[2] in OWN}
    doors = scene.app.url_map.bind("localhost")
    found: dict[str, tuple[str, str, Fields]] = {}
    for row, role in own("GET"):
        page = address(scene.world, row.rule, row.label)
        answer = knock(scene, Knock(row.endpoint, role, "", page))
        if answer.mimetype != "text/html":
            continue
        for path, fields in forms_of(page, answer.text):
            rule = str(doors.match(path, method="POST", return_rule=True)[0].rule)
            usual = body(scene.world, rule, labels.get(f"POST {rule}", "-"))
            filled = type(fields)({**fields, **usual, "csrf_token": scene.world.visits[role].csrf})
            filled.required = fields.required
            found.setdefault(f"POST {rule}", (role, path, filled))
    return found


def in_json(scene: Scene) -> Iterator[Place]:
    for one, row, seen in _operations(scene):
        usual = body(scene.world, row.rule, row.label)
        for name in [*(one.body.model_fields if one.body else ()), "unknown", "\ud800"]:
            yield Place(row.endpoint, odd.JSON, partial(_in_json, seen, usual, _version(one), name))


def _in_json(seen: Callable[..., Knock], usual: Any, headers: dict[str, str], name: str, value: Any) -> Knock:
    return seen(f"{name!r}: {value!r:.60}", sent={"json": {**usual, name: value}, "headers": headers})


def in_bodies(scene: Scene) -> Iterator[Place]:
    for one, row, seen in _operations(scene):
        for key in ("", "k"):
            yield Place(row.endpoint, odd.BODIES, partial(_in_body, seen, {**_version(one), "Idempotency-Key": key}))


def _in_body(seen: Callable[..., Knock], headers: dict[str, str], raw: bytes) -> Knock:
    sent = {"data": raw, "content_type": "application/json", "headers": headers}
    return seen(f"body {raw[:30]!r} {headers}", sent=sent)


def _operations(scene: Scene) -> Iterator[tuple[Operation, Row, Callable[..., Knock]]]:
    """(operation, its row, the request to it without what is sent) of every operation that changes something."""
    doors = {row.endpoint: (row, role) for method in ("POST", "PATCH") for row, role in own(method)}
    for one in all_operations():
        if (known := doors.get(f"{one.method} /api/v1{one.rule}")) is not None:
            row, role = known
            yield one, row, partial(Knock, row.endpoint, role, path=address(scene.world, row.rule, row.label))


def _version(one: Operation) -> dict[str, str]:
    return {"If-Match": '"1"'} if one.method == "PATCH" else {}


def in_headers(scene: Scene) -> Iterator[Place]:
    for row, role in own("GET"):
        yield Place(row.endpoint, odd.HEADERS, partial(_in_header, scene, row, role))


def _in_header(scene: Scene, row: Row, role: str, header: tuple[str, str]) -> Knock:
    path, (name, value) = address(scene.world, row.rule, row.label), header
    return Knock(row.endpoint, role, f"{name}: {value[:30]!r}", path, {"headers": {name: value}})


KINDS = (in_paths, in_queries, in_times, in_forms, in_json, in_bodies, in_headers)


def encoded(fields: dict[str, Any]) -> str:
    plain = [(name, one) for name, value in fields.items() for one in (value if isinstance(value, list) else [value])]
    sent = ((name, value if isinstance(value, bytes) else str(value)) for name, value in plain)
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in sent)
