"""`make bench`: a year of 100,000 service records, scored beside one raw SQL aggregate and exported over HTTP."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest
from flask import Flask
from sqlalchemy import text

from app.access.actor import system
from app.evaluation.services import rounds, schemes
from app.infra.clock import system_clock
from app.infra.db import db, session
from app.infra.transactions import transaction
from tests.bench.crowd import year_of_records
from tests.bench.table import Table, forget_peak, median_ms, megabytes
from tests.factories.cast import gather
from tests.factories.signing_in import signed_in
from tests.rig.parts import ROOT
from tests.rig.site import Place, serving

pytestmark = pytest.mark.bench

RECORDS, YEAR = 100_000, 2026
NOW = datetime(2027, 1, 20, tzinfo=UTC)
SHELL = system("bench")
LITTLE = 50  # MB: all the rows at once would take several times as much

# Service count, clients, income and satisfaction by provider: what R1 asks for, if nothing had to be judged.
AGGREGATE = """
SELECT r.provider_id, count(*), count(DISTINCT r.client_id), sum(r.charged), avg(c.rating)
FROM service_records r
JOIN record_entries c ON c.record_id = r.id AND c.kind = 'confirmed'
JOIN record_entries p ON p.record_id = r.id AND p.kind = 'received'
WHERE r.ends_at >= '2025-12-31 16:00:00' AND r.ends_at < '2026-12-31 16:00:00' AND NOT r.internal
GROUP BY r.provider_id
"""


def test_a_year(app: Flask, table: Table, tmp_path: Path) -> None:
    app.extensions["clock"] = system_clock
    with transaction():
        clerk = gather().clerk
        year_of_records(RECORDS, YEAR)
        scheme = schemes.seed(actor=SHELL, now=NOW)
        round_ = rounds.open_round(scheme, YEAR, date(YEAR + 1, 3, 31), actor=SHELL, now=NOW)
    with transaction():
        session.execute(text("ANALYZE"))
    engine, place = db.engine.dialect.name, Place(app.config["SQLALCHEMY_DATABASE_URI"], tmp_path)
    score = median_ms(lambda: rounds.evaluate(round_, now=NOW), 3)
    raw = median_ms(lambda: session.execute(text(AGGREGATE)).all(), 3)
    table.add("score of a year with 100,000 records, ms", engine, score, raw)
    cookie = signed_in(app, clerk).get_cookie("sid")
    assert cookie
    session.remove()
    command = [sys.executable, "-m", "tests.bench.scored", str(YEAR)]
    told = subprocess.run(command, cwd=ROOT, env=place.environment, capture_output=True, text=True, check=True).stdout
    before, peak = map(float, told.split())
    table.add("memory at the peak of that score, beside before, MB", engine, peak, before)
    assert peak < before + LITTLE
    _exports(place, cookie.value, table, engine)


def _exports(place: Place, cookie: str, table: Table, engine: str) -> None:
    """One worker, so that it is known whose memory is read."""
    with serving(place, workers=1) as site, httpx.Client(base_url=site.address, cookies={"sid": cookie}) as client:
        (worker,) = site.workers()
        assert client.get("/records").status_code == 200
        start = megabytes(worker)
        table.add("memory of a web worker after start and one page, MB", engine, start)
        for kind in ("csv", "xlsx"):
            forget_peak(worker)
            began = time.perf_counter()
            assert _fetched(client, f"/records?format={kind}") > RECORDS * 30
            what = f"100,000-row {kind.upper()} export"
            table.add(f"{what} over HTTP, ms", engine, (time.perf_counter() - began) * 1000)
            peak = megabytes(worker, "VmHWM")
            table.add(f"memory at the peak of that {what}, beside before, MB", engine, peak, start)
            table.add(f"memory after that {what}, beside before, MB", engine, megabytes(worker), start)
            assert peak < start + LITTLE


def _fetched(client: httpx.Client, address: str) -> int:
    with client.stream("GET", address, timeout=600) as answer:
        assert answer.status_code == 200
        return sum(len(piece) for piece in answer.iter_bytes())
