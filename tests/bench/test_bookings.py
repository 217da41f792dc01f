"""`make bench`: bookings by signed-in people over HTTP, beside bare inserts into the same constrained table."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from statistics import median
from uuid import uuid4

import httpx
import psycopg
import pytest
from flask_migrate import upgrade

from app.access import Actor, Role
from app.accounts.models import User
from app.accounts.services import consent, passwords
from app.factory import create_app
from app.infra.clock import now
from app.infra.db import db, session
from app.infra.transactions import transaction
from app.kernel.civil import local
from config import Base
from tests.bench.table import Table
from tests.factories.cast import gather
from tests.factories.instruments import instrument, price
from tests.factories.organisations import member, user
from tests.rig.postgres import DURABLE, Server, running
from tests.rig.site import Place, serving

pytestmark = pytest.mark.bench

CLIENTS, EACH = 8, 40
PASSWORD = "Correct horse 42 battery"
HONEST = {"ARGON2_TIME_COST": Base.ARGON2_TIME_COST, "ARGON2_MEMORY_KIB": Base.ARGON2_MEMORY_KIB}
INSERT = """INSERT INTO occupations (calendar_id, place, starts_at, ends_at, kind, active, pinned, note)
VALUES (%s, 1, %s, %s, 'booking', true, false, '')"""


@dataclass(frozen=True)
class Prepared:
    """Each client has an instrument of its own: what is measured is the work, not the waiting for one another."""

    place: Place
    server: Server
    firm: str
    people: list[str]
    instruments: list[str]
    calendars: list[int]
    first: datetime

    def slot(self, number: int) -> tuple[datetime, datetime]:
        start = self.first + timedelta(hours=number)
        return start, start + timedelta(hours=1)


@contextmanager
def prepared(folder: Path) -> Iterator[Prepared]:
    """A PostgreSQL of one's own that really waits for the disk."""
    with running(DURABLE) as server:
        url = server.create("bench")
        app = create_app("testing", SQLALCHEMY_DATABASE_URI=url, DATA_FOLDER=str(folder), **HONEST)
        with app.app_context():
            upgrade()
            first = (now() + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
            with transaction():
                cast = gather()
                people = [_client(member(user(f"client{n}"), cast.firm, Role.MEMBER)) for n in range(CLIENTS)]
                tools = [instrument(cast.university, f"Tool {n}", horizon_days=400) for n in range(2 * CLIENTS)]
                for tool in tools:
                    price(tool, 400)
                names, calendars = [t.public_id for t in tools], [t.calendar_id for t in tools]
                firm = cast.firm.public_id
            session.remove()
            yield Prepared(Place(url, folder), server, firm, people, names, calendars, first)
            db.engine.dispose()


def _client(who: User) -> str:
    who.password_hash = passwords.hash_of(PASSWORD)
    consent.give(who.id, actor=Actor(user_id=who.id), now=now())
    return str(who.email)


def test_creating_bookings(tmp_path: Path, table: Table) -> None:
    with ExitStack() as open_until_the_end:
        given = open_until_the_end.enter_context(prepared(tmp_path))
        site = open_until_the_end.enter_context(serving(given.place, 2, {"APP_ENV": "development"}))
        visitors = [_sign_in(site.address, address) for address in given.people]
        table.add("signing in over HTTP, ms", "postgresql", median(visitor.entered for visitor in visitors))
        for visitor in visitors:
            open_until_the_end.enter_context(visitor.client)
        for number in (1, CLIENTS):
            ours = _each(number, partial(_book, visitors, given, number * 1000))
            with _connections(given, number) as connections:
                bare = _each(number, partial(_insert, connections, given, number * 1000))
            table.add(f"a booking over HTTP beside an insert, {number} at a time, ms", "postgresql", ours, bare)


def _each(number: int, act: Callable[[int, int], None]) -> float:
    """Milliseconds for one act, with so many at a time, once everybody is warm."""

    def one_after_the_other(who: int) -> None:
        for turn in range(1, EACH + 1):
            act(who, turn)

    with ThreadPoolExecutor(number) as threads:
        list(threads.map(lambda who: act(who, 0), range(number)))
        began = time.perf_counter()
        list(threads.map(one_after_the_other, range(number)))
        return (time.perf_counter() - began) * 1000 / (number * EACH)


@dataclass(frozen=True)
class Visitor:
    """Somebody signed in; the cookie stays what it was, as messages nobody reads would pile up in it."""

    client: httpx.Client
    csrf: str
    entered: float

    def send(self, address: str, **fields: str) -> None:
        form = {"csrf_token": self.csrf, "idempotency_key": uuid4().hex, **fields}
        answer = self.client.post(address, data=form)
        assert answer.status_code == 302, answer.text


def _sign_in(site: str, address: str) -> Visitor:
    with httpx.Client(base_url=site, timeout=60) as client:
        form = {"csrf_token": _token(client.get("/sign-in").text), "address": address, "password": PASSWORD}
        began = time.perf_counter()
        answer = client.post("/sign-in", data=form)
        entered = (time.perf_counter() - began) * 1000
        assert answer.status_code == 302, answer.text
        csrf = _token(client.get("/account").text)
        cookie = {"Cookie": f"sid={client.cookies['sid']}"}
    nothing_kept = CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
    return Visitor(httpx.Client(base_url=site, timeout=60, headers=cookie, cookies=nothing_kept), csrf, entered)


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


def _book(visitors: Sequence[Visitor], given: Prepared, since: int, who: int, turn: int) -> None:
    start, end = (f"{local(at):%Y-%m-%dT%H:%M}" for at in given.slot(since + turn))
    wish = {"client": given.firm, "purpose": "research", "description": "Bench", "starts_at": start, "ends_at": end}
    visitors[who].send(f"/instruments/{given.instruments[who]}/book", **wish)


def _insert(open_: Sequence[psycopg.Connection], given: Prepared, since: int, who: int, turn: int) -> None:
    open_[who].execute(INSERT, (given.calendars[CLIENTS + who], *given.slot(since + turn)))


@contextmanager
def _connections(given: Prepared, number: int) -> Iterator[list[psycopg.Connection]]:
    connections = [given.server.connect("bench") for _ in range(number)]
    try:
        yield connections
    finally:
        for connection in connections:
            connection.close()
