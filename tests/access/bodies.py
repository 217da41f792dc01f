"""The smallest valid body of each unsafe endpoint, so that a refusal is about the person and not about the form."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from app.kernel.civil import iso, local
from tests.access.world import ABSENT, PASSWORD, PICTURE, TABLE, World

Body = dict[str, Any]


def _wish(world: World, label: str) -> Body:
    start = world.now + timedelta(hours=20)
    whose = label.rpartition(".")[2]
    client = {"own": world.refs["firm"], "other": world.refs["other_firm"]}.get(whose, ABSENT)
    on = world.refs["microscope"]
    ends = start + timedelta(hours=1)
    return {"instrument": on, "client": client, "starts_at": iso(start), "ends_at": iso(ends), "description": "x"}


def _typed_wish(world: World, label: str) -> Body:
    start = local(world.now + timedelta(hours=20))
    span = {"starts_at": f"{start:%Y-%m-%dT%H:%M}", "ends_at": f"{start + timedelta(hours=1):%Y-%m-%dT%H:%M}"}
    return {**span, "client": world.refs["firm"], "description": "x", "purpose": "research"}


def _typed_time(world: World, label: str) -> Body:
    start = local(world.now + timedelta(hours=74))
    return {"starts_at": f"{start:%Y-%m-%dT%H:%M}", "ends_at": f"{start + timedelta(hours=1):%Y-%m-%dT%H:%M}"}


def _new_time(world: World, label: str) -> Body:
    start = world.now + timedelta(hours=74)
    return {"starts_at": iso(start), "ends_at": iso(start + timedelta(hours=1))}


def _block(world: World, label: str) -> Body:
    on = {"own": world.refs["microscope"], "other": world.refs["other_microscope"]}
    typed = _typed_wish(world, label)
    span = {name: typed[name] for name in ("starts_at", "ends_at")}
    return {**span, "instrument": on.get(label.rpartition(".")[2], ABSENT), "kind": "maintenance"}


def _relation(world: World, label: str) -> Body:
    return {"other_uscc": world.refs["uscc"], "basis": "other", "valid_from": "2026-01-05"}


def _managers(world: World, label: str) -> Body:
    return {"managers": [world.refs["manager"]]} if label.endswith("own") else {}


def _guest(world: World, label: str) -> Body:
    return {"colleague": world.refs["rival" if label.endswith("other") else "approver"]}


def _kept_by(world: World, label: str) -> str:
    """The provider that a new thing is registered under: ours, theirs or none."""
    return world.place(label)["organisation_id"]


def _new_instrument(world: World, label: str) -> Body:
    return {**INSTRUMENT, "provider": _kept_by(world, label)}


def _told_instrument(world: World, label: str) -> Body:
    return {"provider": _kept_by(world, label), "inner_id": "B-1", "name": "Balance"}


def _part(world: World, label: str) -> Body:
    whose = "other" if label.endswith("other") else "own"
    return {"composite": world.refs[f"line.{whose}"], "place": "1"}


def _picture(world: World, label: str) -> Body:
    return {"picture": (io.BytesIO(PICTURE), "tube.png")}


def _upload(world: World, label: str) -> Body:
    return {"provider": _kept_by(world, label), "table": (io.BytesIO(TABLE), "list.csv")}


def _claim(world: World, label: str) -> Body:
    letter = (io.BytesIO(b"%PDF-1.7 letter"), "letter.pdf")
    return {"name": "Team Three", "kind": "start-up-team", "roles": "client", "letter": letter}


def _acting(world: World, label: str) -> Body:
    return {"organisation": world.place(label)["organisation_id"]}


CLASS = "0102"
DAY = {"day": "2026-12-24", "hours": "09:00-12:00"}
OPENING = {
    "day_0": "08:00-18:00",
    "grid_minutes": "30",
    "min_minutes": "30",
    "max_minutes": "480",
    "lead_minutes": "0",
    "horizon_days": "90",
    "cancel_hours": "24",
    "early_start_minutes": "15",
    "late_start_minutes": "30",
    "buffer_before_minutes": "0",
    "buffer_after_minutes": "0",
}
PRICE = {"client_class": "firm", "hourly": "500", "unit_minutes": "30", "valid_from": "2027-01-01"}
NEWCOMER = {"address": "new@example.org", "password": "several words together", "name": "New person", "agree": "y"}
UNIT = {"name": "North campus", "kind": "university"}
INSTRUMENT = {
    "name": "Balance",
    "asset_kind": "instrument",
    "class_code": CLASS,
    "inner_id": "B-1",
    "share_mode": "external",
    "origin": "purchased",
    "places": "1",
}

PAGES: dict[str, Body | Callable[[World, str], Body]] = {
    "/account": {"name": "Renamed", "language": "en"},
    "/account/address": {"address": "new@example.org"},
    "/account/password": {"old_password": PASSWORD, "password": "several words together"},
    "/account/tokens": {"name": "Script", "scopes": "booking:read", "days": "30"},
    "/consent": {"agree": "y"},
    "/forgot-password": {"address": "somebody@example.org"},
    "/sign-in": {"address": "researcher@example.org", "password": PASSWORD},
    "/one-time-link": {"address": "researcher@example.org"},
    "/sign-up": NEWCOMER,
    "/organisations/apply": _claim,
    "/manage/imports": _upload,
    "/manage/history": _upload,
    "/manage/instruments/new": _new_instrument,
    "/manage/instruments/<uuid:instrument>/exceptions": DAY,
    "/manage/instruments/<uuid:instrument>/opening": OPENING,
    "/manage/instruments/<uuid:instrument>/prices": PRICE,
    "/manage/history/<uuid:run>": {"clock": "offset-required"},
    "/bookings/<uuid:booking>/cancel": {"reason": "Not needed"},
    "/bookings/<uuid:booking>/decline": {"reason": "No"},
    "/bookings/<uuid:booking>/move": _typed_time,
    "/bookings/<uuid:booking>/confirm": {"rating": "5"},
    "/bookings/<uuid:booking>/guests": _guest,
    "/evaluation/<uuid:round_>/close": {"close-reason": "wrong cut-off"},
    "/evaluation/<uuid:round_>/finalise": {"final-computation": "x", "final-reason": "x", "final-sure": "1"},
    "/charges/<uuid:charge>": {"kind": "invoiced", "amount": "1", "on": "2026-11-18", "document": "0042"},
    "/instruments/<uuid:instrument>/book": _typed_wish,
    "/schedule": _block,
    "/manage/instruments/<uuid:instrument>": INSTRUMENT,
    "/manage/instruments/<uuid:instrument>/managers": _managers,
    "/manage/instruments/<uuid:instrument>/component": _part,
    "/manage/instruments/<uuid:instrument>/picture": _picture,
    "/organisations/<uuid:organisation_id>/edit": {"name": "Renamed"},
    "/organisations/<uuid:organisation_id>/members": {"address": "new@example.org", "role": "member"},
    "/organisations/<uuid:organisation_id>/relations": _relation,
    "/organisations/<uuid:organisation_id>/standing": {"reason": "Agreement expired"},
    "/organisations/<uuid:organisation_id>/structure": {"kind": "enterprise"},
    "/organisations/<uuid:organisation_id>/units": UNIT,
    "/public-holidays": {"day": "2027-01-01", "name": "New Year", "kind": "off"},
    "/public-holidays/notice": {"lines": "2027-01-01, New Year, off"},
    "/public-holidays/remove": {"day": "2026-10-01"},
    "/people/<uuid:person>/suspend": {"reason": "Shared password"},
    "/manage/instruments/<uuid:instrument>/exceptions/remove": {"day": "2026-12-25"},
    "/units/<uuid:unit_id>": UNIT,
    "/relations/<uuid:relation_id>/end": {"ends_on": "2026-12-01"},
    "/memberships/<uuid:membership_id>": {"ends_on": "2027-01-01"},
    "/applications/<uuid:application_id>/decline": {"reason": "No"},
    "/acting-organisation": _acting,
    "/manage/history/<uuid:run>/attest": {"note": "as listed"},
    "/history-checks/<uuid:run>": {"note": "20 rows"},
    "/language": {"language": "en"},
    "/theme": {"theme": "dark"},
}
API: dict[str, Body | Callable[[World, str], Body]] = {
    "/api/v1/bookings": _wish,
    "/api/v1/quotes": _wish,
    "/api/v1/instruments": _told_instrument,
    "/api/v1/instruments/<uuid:instrument>": {"name": "Renamed", "class_code": CLASS},
    "/api/v1/bookings/<uuid:booking>/cancel": {"reason": "Not needed"},
    "/api/v1/bookings/<uuid:booking>/decline": {"reason": "No"},
    "/api/v1/bookings/<uuid:booking>/confirm": {"rating": 5},
    "/api/v1/bookings/<uuid:booking>/move": _new_time,
    "/api/v1/bookings/<uuid:booking>/stop": {},
}
_DAY = {"start": "2026-11-19T00:00:00Z", "end": "2026-11-20T00:00:00Z"}
QUERIES = {
    "/api/v1/instruments/<uuid:instrument>/availability": _DAY,
    "/instruments/<uuid:instrument>/calendar": _DAY,
    "/schedule/feed": _DAY,
}


def body(world: World, rule: str, label: str) -> Body:
    made = (API if rule.startswith("/api/") else PAGES).get(rule, {})
    return made(world, label) if callable(made) else dict(made)
