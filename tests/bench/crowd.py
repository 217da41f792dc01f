"""Rows by the ten thousand, written straight to the database for measurements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from app.booking.models import Occupation, OccupationKind
from app.catalogue.models import Calendar, Instrument, ServiceMode
from app.catalogue.rules.search import bigrams
from app.infra.db import session
from app.kernel.ids import new_public_id
from app.kernel.money import Money
from app.ledger.models import RecordEntry, ServiceRecord
from app.ledger.rules.entries import EntryKind
from app.ledger.rules.facts import EvidenceGrade
from app.organisations.models import Kind, Organisation, OrganisationRole
from tests.factories.instruments import instrument
from tests.factories.organisations import organisation

WORDS = ("扫描电镜", "液相色谱", "质谱仪", "离心机", "核磁共振", "测序仪", "显微镜", "分光光度计")
START = datetime(2026, 11, 1, tzinfo=UTC)
AT_ONCE = 5000


def _insert(model: Any, rows: Sequence[dict[str, Any]]) -> None:
    for first in range(0, len(rows), AT_ONCE):
        session.execute(insert(model), rows[first : first + AT_ONCE])


def many_instruments(one: Instrument, number: int) -> None:
    """Copies of `one` with names that searches find or do not find."""
    own = {"id", "public_id", "inner_id", "name", "search_text"}
    shared = {c.name: getattr(one, c.name) for c in Instrument.__table__.columns if c.name not in own}
    names = (f"{WORDS[n % len(WORDS)]}{n}" for n in range(number))
    rows = [
        {**shared, "public_id": f"{n:036d}", "inner_id": f"B{n}", "name": name, "search_text": bigrams(name)}
        for n, name in enumerate(names)
    ]
    _insert(Instrument, rows)


def many_occupations(one: Instrument, own: int, number: int) -> None:
    """`own` of them within a month of one instrument, the others spread over 200 calendars."""
    others = [Calendar(places=1) for _ in range(200)]
    session.add_all(others)
    session.flush()
    shared = {"place": 1, "kind": OccupationKind.BOOKING, "active": True, "pinned": False, "note": ""}
    spans = [(others[n % 200].id, START + timedelta(hours=2 * (n // 200)), 1) for n in range(number)]
    spans += [(one.calendar_id, START + timedelta(hours=16 * n), 2) for n in range(own)]
    rows = [
        {"calendar_id": calendar, "starts_at": begin, "ends_at": begin + timedelta(hours=hours), **shared}
        for calendar, begin, hours in spans
    ]
    _insert(Occupation, rows)


def year_of_records(number: int, year: int = 2026, units: int = 40, clients: int = 300) -> Sequence[Organisation]:
    """A district's year: most services confirmed, invoiced and paid, some not, a few refunded; the units come back."""
    providers = [organisation(f"Unit {n}", OrganisationRole.PROVIDER, kind=Kind.UNIVERSITY) for n in range(units)]
    firms = [organisation(f"Firm {n}", OrganisationRole.CLIENT) for n in range(clients)]
    tools = [instrument(providers[n % units], f"Tool {n}") for n in range(10 * units)]
    _insert(ServiceRecord, [_record(n, tools[n % len(tools)], firms[n % clients], year) for n in range(number)])
    ids = select(ServiceRecord.id, ServiceRecord.ends_at, ServiceRecord.charged).order_by(ServiceRecord.id)
    served = session.execute(ids).all()
    _insert(RecordEntry, [entry for n, row in enumerate(served) for entry in _entries(n, row)])
    return providers


def _record(n: int, tool: Instrument, firm: Organisation, year: int) -> dict[str, Any]:
    ends = datetime(year, 1, 1, tzinfo=UTC) + timedelta(minutes=5 * n)
    return {
        "public_id": new_public_id(),
        "source_key": f"R-{n}",
        "provider_id": tool.provider_id,
        "instrument_id": tool.id,
        "client_id": firm.id,
        "mode": ServiceMode.SELF_OPERATED,
        "purpose": "research",
        "internal": n % 20 == 0,
        "starts_at": ends - timedelta(hours=2),
        "ends_at": ends,
        "linked_until": ends + timedelta(days=1),
        "effective_minutes": 120,
        "charged": Money(50_000 + 100 * (n % 900)),
        "evidence": EvidenceGrade.INTERLOCK,
        "entered_at": ends,
    }


def _entries(n: int, row: Any) -> Iterator[dict[str, Any]]:
    on: date = row.ends_at.date() + timedelta(days=3)
    shared = {"record_id": row.id, "on": on, "entered_at": row.ends_at + timedelta(days=3), "rating": None}
    if n % 10 < 8:
        yield {**shared, "public_id": new_public_id(), "kind": EntryKind.CONFIRMED, "amount": None, "rating": n % 5 + 1}
    if n % 10 < 7:
        for kind in (EntryKind.INVOICED, EntryKind.RECEIVED):
            yield {**shared, "public_id": new_public_id(), "kind": kind, "amount": row.charged}
    if n % 100 == 0:
        yield {
            **shared,
            "public_id": new_public_id(),
            "kind": EntryKind.REFUNDED,
            "amount": Money(row.charged.fen // 2),
        }
