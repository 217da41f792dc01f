"""`make bench`: what the platform costs beside raw SQL, in one run, as a table of ratios."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import insert, select, text

from app import create_app
from app.booking import queries as booking
from app.booking.models import Occupation, OccupationKind
from app.catalogue import queries as catalogue
from app.catalogue.models import Calendar, Instrument
from app.catalogue.rules.search import bigrams
from app.infra.db import db, session
from app.infra.transactions import transaction
from app.kernel.period import Period
from tests.factories.instruments import instrument
from tests.factories.organisations import organisation

pytestmark = pytest.mark.bench

INSTRUMENTS, OCCUPATIONS, MONTH = 60_000, 100_000, 43
WORDS = ("扫描电镜", "液相色谱", "质谱仪", "离心机", "核磁共振", "测序仪", "显微镜", "分光光度计")
START = datetime(2026, 11, 1, tzinfo=UTC)


def best(act: Callable[[], object], times: int = 7) -> float:
    """The median of several runs, in milliseconds."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        taken.append((time.perf_counter() - began) * 1000)
        session.rollback()
    return median(taken)


def test_ratios(app: Flask, tmp_path: Path) -> None:
    with transaction():
        one = instrument(organisation("Bench"))
        _many_instruments(one)
        _many_occupations(one)
    month = Period(START, START + timedelta(days=30))
    span = "active AND starts_at < :e AND ends_at > :s"
    raw_month = f"SELECT id, starts_at, ends_at FROM occupations WHERE calendar_id = :c AND {span}"
    asked = {"c": one.calendar_id, "s": "2026-11-01 00:00:00", "e": "2026-12-01 00:00:00"}
    found = select(Instrument.id).where(catalogue.matching("质谱")).limit(25)
    plain = text("SELECT id FROM instruments WHERE name LIKE '%质谱%' LIMIT 25")
    rows = [
        (
            "month feed",
            best(lambda: booking.feed(one, month)),
            best(lambda: session.execute(text(raw_month), asked).all()),
        ),
        ("search, 60,000", best(lambda: session.execute(found).all()), best(lambda: session.execute(plain).all())),
        (
            "rare word, 60,000",
            best(lambda: session.execute(select(Instrument.id).where(catalogue.matching("没有这个词"))).all(), 3),
            best(lambda: session.execute(text("SELECT id FROM instruments WHERE name LIKE '%没有这个词%'")).all(), 3),
        ),
    ]
    print(f"\n{db.engine.dialect.name:<20}{'ours ms':>10}{'raw ms':>10}{'ratio':>8}")
    for name, ours, raw in rows:
        print(f"{name:<20}{ours:>10.2f}{raw:>10.2f}{ours / raw:>8.1f}")
    print(f"{'empty database':<20}{_migrated(tmp_path):>10.0f}")


def _many_instruments(one: Instrument) -> None:
    columns = {c.name for c in Instrument.__table__.columns} - {"id", "public_id", "inner_id", "name", "search_text"}
    shared = {name: getattr(one, name) for name in columns}
    rows = []
    for number in range(INSTRUMENTS):
        name = f"{WORDS[number % len(WORDS)]}{number}"
        own = {"public_id": f"{number:036d}", "inner_id": f"B{number}", "name": name, "search_text": bigrams(name)}
        rows.append({**shared, **own})
    for first in range(0, INSTRUMENTS, 5000):
        session.execute(insert(Instrument), rows[first : first + 5000])


def _many_occupations(one: Instrument) -> None:
    others = [Calendar(places=1) for _ in range(200)]
    session.add_all(others)
    session.flush()
    shared = {"place": 1, "kind": OccupationKind.BOOKING, "active": True, "pinned": False, "note": ""}
    rows = []
    for number in range(OCCUPATIONS):
        begin = START + timedelta(hours=2 * (number // 200))
        rows.append(
            {
                "calendar_id": others[number % 200].id,
                "starts_at": begin,
                "ends_at": begin + timedelta(hours=1),
                **shared,
            }
        )
    for number in range(MONTH):
        begin = START + timedelta(hours=16 * number)
        rows.append(
            {"calendar_id": one.calendar_id, "starts_at": begin, "ends_at": begin + timedelta(hours=2), **shared}
        )
    for first in range(0, len(rows), 5000):
        session.execute(insert(Occupation), rows[first : first + 5000])


def _migrated(folder: Path) -> float:
    fresh = create_app("testing", SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder / 'fresh.db'}")
    began = time.perf_counter()
    with fresh.app_context():
        upgrade()
        db.engine.dispose()
    return (time.perf_counter() - began) * 1000
