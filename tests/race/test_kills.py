"""kill -9 of a web worker in the middle of bookings: nothing half-written, nothing acknowledged lost."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from pathlib import Path

import httpx
import pytest
from flask import Flask
from sqlalchemy import text

from app import audit
from app.infra.db import session
from tests.race.arena import CONFIG, Arena, apart, attempt, begin, left, prepare
from tests.race.checker import Outcome, check
from tests.rig.site import Place, Site, serving

HALF_WRITTEN = {
    "a booking without its time": "SELECT count(*) FROM bookings b WHERE NOT EXISTS "
    "(SELECT 1 FROM occupations o WHERE o.booking_id = b.id)",
    "a booking without its audit entry": "SELECT (SELECT count(*) FROM bookings) - "
    "(SELECT count(*) FROM audit_entries WHERE action = 'booking.confirmed')",
    "a booking without its key": "SELECT (SELECT count(*) FROM bookings) - (SELECT count(*) FROM idempotency_keys)",
}


async def book(arena: Arena, client: httpx.AsyncClient, slot: int) -> None:
    """Until there is an answer, ask again with the same key."""
    one = begin(arena, slot, "api")
    headers = {**arena.tokens["researcher"], "Idempotency-Key": one.name}
    while one.outcome is Outcome.UNKNOWN:
        await attempt(arena, client, one, "/api/v1/bookings", json=arena.wish(slot, one.name), headers=headers)


async def load(arena: Arena, site: Site, slots: int, kills: int) -> None:
    waiting = iter(range(slots))

    async def contestant() -> None:
        async with httpx.AsyncClient(base_url=site.address, timeout=30) as client:
            for slot in waiting:
                await book(arena, client, slot)

    async def reaper() -> None:
        chance = random.Random(7)
        for _ in range(kills):
            await asyncio.sleep(chance.uniform(0.3, 0.9))
            os.kill(chance.choice(site.workers()), signal.SIGKILL)

    await asyncio.gather(reaper(), *(contestant() for _ in range(8)))


def kill_under_load(app: Flask, folder: Path, slots: int, kills: int) -> None:
    arena = prepare(app)
    session.remove()
    with serving(Place(app.config["SQLALCHEMY_DATABASE_URI"], folder), workers=2, more=CONFIG) as site:
        apart(app, load(arena, site, slots, kills))
        assert len(site.workers()) == 2
    assert arena.defects == []
    assert check(arena.tries, left(arena)) == {}
    assert {one.outcome for one in arena.tries} == {Outcome.OK}
    for what, wanted in HALF_WRITTEN.items():
        assert (what, session.execute(text(wanted)).scalar()) == (what, 0)
    assert audit.verify() is None


def test_a_killed_worker_loses_nothing(app: Flask, tmp_path: Path) -> None:
    kill_under_load(app, tmp_path, slots=60, kills=2)


@pytest.mark.race
def test_thirty_killed_workers_lose_nothing(app: Flask, tmp_path: Path) -> None:
    kill_under_load(app, tmp_path, slots=1200, kills=30)
