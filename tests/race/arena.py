"""A prepared platform with one hot calendar, its people signed in, and every door that writes to it."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
from flask import Flask
from sqlalchemy import text

from app.infra.clock import system_clock
from app.infra.db import session
from app.infra.transactions import transaction
from app.kernel.civil import iso, local
from tests.factories.cast import gather
from tests.factories.instruments import instrument, price
from tests.factories.pages import csrf_token
from tests.factories.signing_in import signed_in
from tests.factories.tokens import bearer
from tests.race.checker import Left, Outcome, Try

CONFIG = {"GUNICORN_CMD_ARGS": "--config tests/race/serving.py"}
PRESENT = ("confirmed", "started", "ended", "completed", "cancelled")


MOST_KNOCKS = 2_000  # not even a lopsided kernel sends so many to one worker


@dataclass
class Arena:
    """What the contestants know."""

    hot: str
    careful: str
    firm: str
    other_firm: str
    tokens: dict[str, dict[str, str]]
    cookies: dict[str, dict[str, str]]
    csrf: dict[str, str]
    first: datetime
    tries: list[Try] = field(default_factory=list)
    workers: Counter[str] = field(default_factory=Counter)
    defects: list[str] = field(default_factory=list)

    def span(self, slot: int) -> tuple[datetime, datetime]:
        start = self.first + timedelta(hours=slot)
        return start, start + timedelta(hours=1)

    def wish(self, slot: int, name: str, *, on: str = "hot", client: str = "firm") -> dict[str, str]:
        start, end = self.span(slot)
        named = {"instrument": getattr(self, on), "client": getattr(self, client)}
        return {**named, "starts_at": iso(start), "ends_at": iso(end), "description": name}

    def typed(self, slot: int) -> dict[str, str]:
        start, end = (f"{local(at):%Y-%m-%dT%H:%M}" for at in self.span(slot))
        return {"starts_at": start, "ends_at": end, "idempotency_key": uuid4().hex}


def prepare(app: Flask) -> Arena:
    app.extensions["clock"] = system_clock
    now = system_clock()
    with transaction():
        cast = gather()
        careful = instrument(cast.university, "Careful", cast.manager, needs_approval=True, horizon_days=400)
        price(careful, 100)
        careful.calendar_id = cast.microscope.calendar_id  # two instruments, one calendar
        cast.microscope.horizon_days = 400
    tokens = {name: bearer(getattr(cast, name), now=now) for name in ("researcher", "colleague", "rival", "manager")}
    cookies, csrf = {}, {}
    for name in ("researcher", "manager"):
        client = signed_in(app, getattr(cast, name))
        csrf[name] = csrf_token(client)
        cookie = client.get_cookie("sid")
        assert cookie
        cookies[name] = {"Cookie": f"sid={cookie.value}"}
    first = (now + timedelta(days=2)).replace(minute=0, second=0, microsecond=0, tzinfo=UTC)
    named: dict[str, Any] = {
        "hot": cast.microscope,
        "careful": careful,
        "firm": cast.firm,
        "other_firm": cast.other_firm,
    }
    return Arena(
        **{k: row.public_id for k, row in named.items()}, tokens=tokens, cookies=cookies, csrf=csrf, first=first
    )


async def awake(client: httpx.AsyncClient, *, workers: int) -> None:
    """Every worker answers: before a short contest, so that all take part, and after it, as none may starve."""
    seen: set[str] = set()
    for _ in range(MOST_KNOCKS):
        seen.add((await client.get("/healthz")).headers["X-Worker"])
        if len(seen) == workers:
            return
    raise AssertionError(f"only {seen} answer")


async def attempt(arena: Arena, client: httpx.AsyncClient, one: Try, path: str, **sent: Any) -> httpx.Response | None:
    """Send it and note what came of it; whatever is neither yes nor no stays unknown."""
    one.began = one.began or time.monotonic()
    try:
        answer = await client.post(path, **sent)
    except httpx.TransportError:
        return None
    if answer.status_code >= 500:
        arena.defects.append(f"{one.name}: {answer.status_code}")
        return None
    arena.workers[answer.headers.get("X-Worker", "?")] += 1
    one.ended = time.monotonic()
    if answer.status_code < 400:
        one.outcome = Outcome.OK
    else:
        one.outcome, one.code = Outcome.NO, "slot-taken" if answer.status_code == 409 else answer.text[:200]
    return answer


def begin(arena: Arena, slot: int, door: str, **more: Any) -> Try:
    one = Try(f"{door}-{slot}", 1, slot, slot + 1, began=0, **more)
    arena.tries.append(one)
    return one


async def by_page(arena: Arena, client: httpx.AsyncClient, slot: int) -> None:
    one = begin(arena, slot, "page")
    form = {**arena.typed(slot), "client": arena.firm, "purpose": "research", "description": one.name}
    form["csrf_token"] = arena.csrf["researcher"]
    await attempt(arena, client, one, f"/instruments/{arena.hot}/book", data=form, headers=arena.cookies["researcher"])


async def by_crew(arena: Arena, client: httpx.AsyncClient, slot: int) -> None:
    one = begin(arena, slot, "crew")
    form = {**arena.typed(slot), "instrument": arena.hot, "kind": "maintenance", "note": one.name}
    form["csrf_token"] = arena.csrf["manager"]
    await attempt(arena, client, one, "/schedule", data=form, headers=arena.cookies["manager"])


async def by_api(arena: Arena, client: httpx.AsyncClient, slot: int, who: str, of: str) -> None:
    """The same key twice at the same moment, as an impatient program sends it."""
    one = begin(arena, slot, f"api-{who}")
    headers = {**arena.tokens[who], "Idempotency-Key": one.name}
    sent = {"json": arena.wish(slot, one.name, client=of), "headers": headers}
    answers = await asyncio.gather(*(attempt(arena, client, one, "/api/v1/bookings", **sent) for _ in range(2)))
    ids = {a.json()["id"] for a in answers if a is not None and a.status_code == 201}
    if ids:
        one.outcome = Outcome.OK
    if len(ids) > 1:
        arena.defects.append(f"{one.name}: one key, two bookings")


async def ask_first(arena: Arena, client: httpx.AsyncClient, slot: int) -> str:
    """A request that waits; it blocks nothing until it is approved."""
    sent: dict[str, Any] = {
        "json": arena.wish(slot, f"approve-{slot}", on="careful"),
        "headers": arena.tokens["researcher"],
    }
    answer = await client.post("/api/v1/bookings", **sent)
    answer.raise_for_status()
    return str(answer.json()["id"])


async def by_approval(arena: Arena, client: httpx.AsyncClient, slot: int, booking: str) -> None:
    one = begin(arena, slot, "approve")
    await attempt(arena, client, one, f"/api/v1/bookings/{booking}/approve", headers=arena.tokens["manager"])


async def cancel(arena: Arena, client: httpx.AsyncClient, won: Try, booking: str) -> None:
    one = begin(arena, won.start, "cancel", cancels=won.name)
    sent: dict[str, Any] = {"json": {"reason": "Not needed"}, "headers": arena.tokens["manager"]}
    await attempt(arena, client, one, f"/api/v1/bookings/{booking}/cancel", **sent)


_ROWS = """SELECT coalesce(b.description, o.note) AS name, b.public_id, b.state, o.starts_at, o.ends_at, o.active
FROM occupations o LEFT JOIN bookings b ON b.id = o.booking_id"""


def left(arena: Arena) -> list[Left]:
    """What is in the database now; requests that still wait hold nothing."""
    session.rollback()
    found = []
    for row in session.execute(text(_ROWS)):
        if row.state is None or row.state in PRESENT:
            start, end = (_slot(arena, at) for at in (row.starts_at, row.ends_at))
            found.append(Left(row.name, 1, start, end, live=bool(row.active)))
    session.rollback()
    return found


def booking_of(name: str) -> str | None:
    session.rollback()
    wanted = text("SELECT public_id FROM bookings WHERE description = :name")
    found = session.execute(wanted, {"name": name}).scalar()
    session.rollback()
    return str(found) if found else None


def _slot(arena: Arena, at: Any) -> int:
    instant = datetime.fromisoformat(at) if isinstance(at, str) else at
    instant = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return int((instant - arena.first).total_seconds() // 3600)


def apart(app: Flask, work: Coroutine[Any, Any, None]) -> None:
    """Run in a thread of its own: a browser that another test opened keeps an event loop in this one."""

    def run() -> None:
        with app.app_context():
            asyncio.run(work)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(run).result()
