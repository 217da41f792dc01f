"""What the platform knows of the instruments, clients and keys that a list of past use names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from app.booking.models import Occupation
from app.booking.queries import place_request_of
from app.catalogue.models import Calendar, Instrument
from app.infra.db import session
from app.kernel.civil import civil_day
from app.kernel.money import Money
from app.kernel.period import Period
from app.kernel.uscc import normalise
from app.ledger.models import ServiceRecord
from app.ledger.rules.history.checking import Known, KnownInstrument
from app.ledger.rules.history.rows import PastUse
from app.organisations.models import Organisation, OrganisationState
from app.pricing.models import PriceList
from app.pricing.queries import client_class, hourly
from app.pricing.rules import in_force, price_for, quote


@dataclass
class Names:
    """Rows behind the names of a file: an instrument by number or name, a client by code or name."""

    instruments: dict[str, Instrument] = field(default_factory=dict)
    clients: dict[str, Organisation] = field(default_factory=dict)


def look_up(provider_id: int, uses: Sequence[PastUse]) -> Names:
    """One statement each; a name that two bodies share belongs to neither."""
    wanted = {use.instrument for use in uses}
    names = Names(_instruments(provider_id, wanted))
    spellings: defaultdict[str, set[str]] = defaultdict(set)
    for use in uses:
        spellings[normalise(use.client)].add(use.client)
    verified = select(Organisation).where(Organisation.state == OrganisationState.VERIFIED)
    found: defaultdict[str, list[Organisation]] = defaultdict(list)
    for body in _in_pieces(verified, Organisation.name, {use.client for use in uses}):
        found[body.name].append(body)
    for body in _in_pieces(verified, Organisation.uscc, set(spellings)):
        found |= {spelling: [body] for spelling in spellings[str(body.uscc)]}
    names.clients = {name: bodies[0] for name, bodies in found.items() if len(bodies) == 1}
    return names


def _instruments(provider_id: int, wanted: set[str]) -> dict[str, Instrument]:
    own = select(Instrument).where(Instrument.provider_id == provider_id)
    named: defaultdict[str, list[Instrument]] = defaultdict(list)
    for row in _in_pieces(own, Instrument.name, wanted):
        named[row.name].append(row)
    found = {name: rows[0] for name, rows in named.items() if len(rows) == 1}
    return found | {row.inner_id: row for row in _in_pieces(own, Instrument.inner_id, wanted)}


def _in_pieces(statement: Any, column: Any, values: Iterable[str]) -> list[Any]:
    """SQLite takes a limited number of values in one statement."""
    listed = sorted(values)
    pieces = [listed[n : n + 5000] for n in range(0, len(listed), 5000)]
    return [row for piece in pieces for row in session.scalars(statement.where(column.in_(piece)))]


def known(provider_id: int, names: Names, uses: Sequence[PastUse], unknown_too: Iterable[str]) -> Known:
    """`unknown_too`: names of instruments that will be registered with the import."""
    taken = _taken(list(names.instruments.values()), uses)
    rows = session.execute(select(Calendar.id, Calendar.places)) if names.instruments else ()
    places = {id_: number for id_, number in rows}  # noqa: C416 - rows are not pairs to the type checker
    fresh = {name: KnownInstrument() for name in unknown_too}
    there = {
        name: KnownInstrument(_places(row, places), tuple(taken.get(row.id, ())))
        for name, row in names.instruments.items()
    }
    keys = set(session.scalars(select(ServiceRecord.source_key).where(ServiceRecord.provider_id == provider_id)))
    return Known({**fresh, **there}, frozenset(names.clients), frozenset(keys))


def _places(row: Instrument, of_calendar: Mapping[int, int]) -> int:
    """How many uses of it may overlap: a part is one place, a whole takes all of them."""
    return 1 if row.is_composite or row.component_place else of_calendar[row.calendar_id]


def _taken(instruments: Sequence[Instrument], uses: Sequence[PastUse]) -> dict[int, list[Period]]:
    """Held time by instrument over the span of the file: occupations, and past use that came in earlier."""
    if not instruments or not uses:
        return {}
    first, last = min(u.held.start for u in uses), max(u.held.end for u in uses)
    by_calendar: defaultdict[int, list[Instrument]] = defaultdict(list)
    for row in instruments:
        by_calendar[row.calendar_id].append(row)
    found: defaultdict[int, list[Period]] = defaultdict(list)
    held = select(Occupation.calendar_id, Occupation.place, Occupation.starts_at, Occupation.ends_at).where(
        Occupation.active, Occupation.starts_at < last, Occupation.ends_at > first
    )
    for calendar, place, start, end in session.execute(held.where(Occupation.calendar_id.in_(list(by_calendar)))):
        for row in by_calendar[calendar]:
            if place_request_of(row).meets(place):
                found[row.id].append(Period(start, end))
    for id_, period in _past(instruments, first, last):
        found[id_].append(period)
    return found


def _past(instruments: Sequence[Instrument], first: datetime, last: datetime) -> list[tuple[int, Period]]:
    """From the earlier to the later of what was booked and what was used."""
    record = ServiceRecord
    rows = session.execute(
        select(record.instrument_id, record.starts_at, record.ends_at, record.booked_from, record.booked_until).where(
            record.instrument_id.in_([row.id for row in instruments]),
            record.import_run_id.is_not(None),
            or_(record.starts_at < last, record.booked_from < last),
            or_(record.ends_at > first, record.booked_until > first),
        )
    )
    return [(id_, Period(min(start, b or start), max(end, u or end))) for id_, start, end, b, u in rows]


class Prices:
    """The prices of one provider, read once for a whole file."""

    def __init__(self, provider_id: int) -> None:
        self.provider = session.get_one(Organisation, provider_id)
        self.rows: defaultdict[int, list[PriceList]] = defaultdict(list)
        for row in session.scalars(select(PriceList).where(PriceList.provider_id == provider_id)):
            self.rows[row.instrument_id].append(row)

    def of(self, use: PastUse, instrument: Instrument | None, client: Organisation | None) -> Money | None:
        """What the list in force on the day says; None where there is no price."""
        if instrument is None or client is None:
            return None
        day = civil_day(use.used.start)
        listed = {row.client_class: row for row in self.rows[instrument.id] if in_force(row, day)}
        price = price_for(client_class(client, self.provider, on=day), listed)
        return None if price is None else quote(hourly(price), use.used.seconds // 60).total
