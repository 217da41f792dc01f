"""Service records with their later facts, written straight to the ledger."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from app.catalogue.models import Instrument, ServiceMode
from app.infra.db import session
from app.kernel.civil import at, civil_day
from app.kernel.money import Money
from app.ledger.models import RecordEntry, ServiceRecord
from app.ledger.rules.entries import EntryKind
from app.ledger.rules.facts import EvidenceGrade
from app.organisations.models import Organisation

ENDED = datetime(2026, 6, 2, 3, 0, tzinfo=UTC)
_numbers = count(1)


def record(of: Instrument, client: Organisation, yuan: int = 1000, **more: Any) -> ServiceRecord:
    """Two hours that ended one June morning, proved by an interlock; nothing has been said of them since."""
    ends_at = more.pop("ends_at", ENDED)
    values: dict[str, Any] = {
        "source_key": f"R-{next(_numbers)}",
        "mode": ServiceMode.SELF_OPERATED,
        "purpose": "research",
        "internal": False,
        "starts_at": ends_at - timedelta(hours=2),
        "ends_at": ends_at,
        "linked_until": at(civil_day(ends_at) + timedelta(days=2)),
        "effective_minutes": 120,
        "charged": Money.yuan(yuan),
        "evidence": EvidenceGrade.INTERLOCK,
        "entered_at": ends_at,
        **more,
    }
    row = ServiceRecord(provider_id=of.provider_id, instrument_id=of.id, client_id=client.id, **values)
    session.add(row)
    session.flush()
    return row


def entry(of: ServiceRecord, kind: EntryKind, yuan: int | None = None, **more: Any) -> RecordEntry:
    values: dict[str, Any] = {"on": date(2026, 6, 3), "entered_at": of.ends_at + timedelta(days=1), **more}
    row = RecordEntry(record_id=of.id, kind=kind, amount=None if yuan is None else Money.yuan(yuan), **values)
    session.add(row)
    session.flush()
    return row


def settled(of: Instrument, client: Organisation, yuan: int = 1000, rating: int = 5, **more: Any) -> ServiceRecord:
    """Confirmed, rated, invoiced and received: it counts in every measure."""
    row = record(of, client, yuan, **more)
    entry(row, EntryKind.CONFIRMED, rating=rating)
    entry(row, EntryKind.INVOICED, yuan)
    entry(row, EntryKind.RECEIVED, yuan)
    return row
