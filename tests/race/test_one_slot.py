"""One slot, every door at once, two workers: exactly one wins on either engine; and the proof that this can fail."""

from __future__ import annotations

import asyncio
from collections import Counter
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path

import httpx
import pytest
from flask import Flask
from sqlalchemy import text

from app import audit
from app.booking.models import Booking
from app.infra.db import session
from app.infra.transactions import transaction
from tests.race import arena as doors
from tests.race.arena import CONFIG, Arena, apart, booking_of, left, prepare
from tests.race.checker import Outcome, check
from tests.rig.site import Place, serving


async def contest(arena: Arena, address: str, rounds: range) -> None:
    limits = httpx.Limits(max_keepalive_connections=0)  # each request may reach either worker
    nobody = CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))  # people share the client, not a cookie
    async with httpx.AsyncClient(base_url=address, timeout=30, limits=limits, cookies=nobody) as client:
        await doors.awake(client, workers=2)
        for slot in rounds:
            waiting = await doors.ask_first(arena, client, slot)
            await asyncio.gather(
                doors.by_page(arena, client, slot),
                doors.by_crew(arena, client, slot),
                doors.by_api(arena, client, slot, "colleague", "firm"),
                doors.by_api(arena, client, slot, "rival", "other_firm"),
                doors.by_approval(arena, client, slot, waiting),
                _give_back(arena, client, slot - 1),
            )
        await doors.awake(client, workers=2)


async def _give_back(arena: Arena, client: httpx.AsyncClient, slot: int) -> None:
    won = [one for one in arena.tries if one.start == slot and one.outcome is Outcome.OK and one.cancels is None]
    booking = booking_of(won[0].name) if won else None
    if booking and slot % 3 == 0:
        await doors.cancel(arena, client, won[0], booking)


def run(app: Flask, folder: Path, rounds: int, **more: str) -> Arena:
    arena = prepare(app)
    session.remove()
    place = Place(app.config["SQLALCHEMY_DATABASE_URI"], folder)
    with serving(place, workers=2, more={**CONFIG, **more}) as site:
        apart(app, contest(arena, site.address, range(rounds)))
    return arena


def must_hold(arena: Arena, rounds: int) -> None:
    assert arena.defects == []
    assert check(arena.tries, left(arena)) == {}
    won = Counter(t.start for t in arena.tries if t.outcome is Outcome.OK and t.cancels is None)
    assert won == dict.fromkeys(range(rounds), 1)
    assert {t.code for t in arena.tries if t.outcome is Outcome.NO} == {"slot-taken"}
    assert audit.verify() is None


def test_exactly_one_wins(app: Flask, tmp_path: Path) -> None:
    must_hold(run(app, tmp_path, 6), 6)


@pytest.mark.race
def test_exactly_one_wins_a_thousand_times(app: Flask, tmp_path: Path) -> None:
    arena = run(app, tmp_path, 1000)
    must_hold(arena, 1000)
    assert len(arena.workers) == 2  # of a few requests chance may send all to one
    assert min(arena.workers.values()) >= 0.05 * max(arena.workers.values())


def test_the_database_alone_suffices(app: Flask, tmp_path: Path) -> None:
    """Without any look at the calendar the constraint still lets exactly one through."""
    must_hold(run(app, tmp_path, 2, RACE_BLIND="1"), 2)


def test_without_the_guard_the_checker_sees_overlaps(app: Flask, tmp_path: Path) -> None:
    """The negative control: neither the look nor the constraint, and every round overlaps."""
    guard = next(g for g in Booking.metadata.info["guards"] if g.table == "occupations")
    with transaction():
        for statement in guard.drop(session.get_bind().dialect.name):
            session.execute(text(statement))
    arena = run(app, tmp_path, 2, RACE_BLIND="1")
    assert len(check(arena.tries, left(arena))["K1 overlap"]) >= 2
