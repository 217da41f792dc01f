"""`make bench`: what searching and the calendar cost beside raw SQL."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Executable, select, text

from app.booking import queries as booking
from app.catalogue import queries as catalogue
from app.catalogue.models import Instrument
from app.factory import create_app
from app.infra.db import db, session
from app.infra.transactions import transaction
from app.kernel.period import Period
from tests.bench.crowd import START, many_instruments, many_occupations
from tests.bench.table import Table, median_ms
from tests.factories.instruments import instrument
from tests.factories.organisations import organisation

pytestmark = pytest.mark.bench

INSTRUMENTS, OCCUPATIONS, MONTH = 60_000, 100_000, 43


def test_search_and_calendar(app: Flask, table: Table) -> None:
    with transaction():
        one = instrument(organisation("Bench"))
        many_instruments(one, INSTRUMENTS)
        many_occupations(one, MONTH, OCCUPATIONS)
    engine = db.engine.dialect.name
    month = Period(START, START + timedelta(days=30))
    span = "active AND starts_at < :e AND ends_at > :s"
    raw = text(f"SELECT id, starts_at, ends_at FROM occupations WHERE calendar_id = :c AND {span}")
    asked = {"c": one.calendar_id, "s": "2026-11-01 00:00:00", "e": "2026-12-01 00:00:00"}
    table.add(
        "month feed, 43 bookings among 100,000, ms",
        engine,
        median_ms(lambda: booking.feed(one, month)),
        median_ms(lambda: session.execute(raw, asked).all()),
    )
    for word, kind, times in (("质谱", "a word", 7), ("没有这个词", "a word that nothing has", 3)):
        found = select(Instrument.id).where(catalogue.matching(word)).limit(25)
        plain = text(f"SELECT id FROM instruments WHERE name LIKE '%{word}%' LIMIT 25")
        ours, bare = (median_ms(partial(_all, statement), times) for statement in (found, plain))
        table.add(f"search {kind} over 60,000 instruments, ms", engine, ours, bare)


def _all(statement: Executable) -> None:
    session.execute(statement).all()


def test_migration(tmp_path: Path, table: Table) -> None:
    fresh = create_app("testing", SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path / 'fresh.db'}")
    began = time.perf_counter()
    with fresh.app_context():
        upgrade()
        db.engine.dispose()
    table.add("migrating an empty database, ms", "sqlite", (time.perf_counter() - began) * 1000)
