"""What the oracle is given: records, entries, bodies, calendars, counting rules and rounds, all plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
Fen = int


class Kind(StrEnum):
    """What a later entry on a record says."""

    CONFIRMATION = "confirmation"  # by the client
    TACIT = "tacit"  # no answer within the published days
    RATING = "rating"  # amount = 1 to 5
    EVIDENCE = "evidence"  # what = contract, report …
    INVOICE = "invoice"
    RECEIPT = "receipt"  # negative = taken back
    REFUND = "refund"
    CHARGE_UP = "charge_up"
    CHARGE_DOWN = "charge_down"
    VOUCHER_DEDUCTED = "voucher_deducted"  # what = number of the voucher
    VOUCHER_AFTERWARDS = "voucher_afterwards"  # what = number of the voucher
    VOUCHER_VOID = "voucher_void"  # what = number of the voucher taken back


@dataclass(frozen=True)
class Entry:
    """A fact added to a record: the civil day it is dated, and the instant it was entered."""

    record: str
    kind: Kind
    on: date
    entered: datetime
    amount: Fen = 0
    what: str = ""
    by: str = ""


@dataclass(frozen=True)
class Record:
    """One ended service."""

    key: str
    provider: str
    client: str
    user: str
    instrument: str
    purpose: str
    start: datetime
    end: datetime
    entered: datetime
    charged: Fen
    tax: Fen = 0
    effective_minutes: int = 60
    booked_minutes: int | None = None
    order: str | None = None
    grade: str = "interlock"
    recorded_by: str = ""
    grounds: frozenset[str] = frozenset()  # cancelled, deposit, no_show, flows_differ, claimed_elsewhere …

    @property
    def day(self) -> date:
        """§4 Year: "of the service end, a civil day of Asia/Shanghai (an end at 00:00 belongs to the new day)"."""
        return civil_day(self.end)


@dataclass(frozen=True)
class Dated:
    """A link between two names that holds on [since, until)."""

    one: str
    other: str
    since: date = date.min
    until: date = date.max

    def holds(self, day: date) -> bool:
        return self.since <= day < self.until


@dataclass(frozen=True)
class Ledger:
    """Everything that rounds read."""

    records: tuple[Record, ...]
    entries: tuple[Entry, ...] = ()
    parents: tuple[Dated, ...] = ()  # one = branch, other = the body it rolls up to
    relations: tuple[Dated, ...] = ()  # between legal persons, in no direction
    roles: tuple[Dated, ...] = ()  # one = person, other = body
    closed: frozenset[tuple[str, date]] = frozenset()  # (instrument, civil day)
    cutoffs: dict[int, date] = field(default_factory=dict)  # published, by service year

    def legal_person(self, body: str, day: date) -> str:
        """§2: "A branch has its own code but rolls up to its parent for counting"."""
        above = next((link.other for link in self.parents if link.one == body and link.holds(day)), None)
        return body if above is None else self.legal_person(above, day)

    def related(self, body: str, another: str, day: date) -> bool:
        pair = {self.legal_person(body, day), self.legal_person(another, day)}
        return any({link.one, link.other} == pair and link.holds(day) for link in self.relations)

    def client_of(self, record: Record) -> str:
        # Reading 1: the bodies of a record are looked up on the civil day of its service end.
        return self.legal_person(record.client, record.day)

    def own(self, record: Record) -> bool:
        return self.client_of(record) == self.legal_person(record.provider, record.day)

    def first_open_day_after(self, instrument: str, day: date) -> date:
        following = day + timedelta(days=1)
        while (instrument, following) in self.closed:
            following += timedelta(days=1)
        return following


@dataclass(frozen=True)
class Rules:
    """The counting rules of a scheme: what a final round stores with what it took."""

    exclusions: frozenset[str] = frozenset({"related", "cancelled"})
    excluded_purposes: frozenset[str] = frozenset()
    admitted_grades: frozenset[str] = frozenset({"interlock", "scan", "both parties", "campus system", "manual"})
    confirmation_required: bool = True
    minimum: Fen = 0
    least_minutes: int = 0
    least_share: Fraction = Fraction(0)
    without_tax: bool = True


@dataclass(frozen=True)
class Round:
    """One computation of one year; the last one of a year may be final. A trial round takes nothing."""

    year: int
    as_of: datetime
    rules: Rules = Rules()
    final: bool = False
    trial: bool = False

    @property
    def last_day(self) -> date:
        return date(self.year, 12, 31)


def civil_day(instant: datetime) -> date:
    return instant.astimezone(SHANGHAI).date()


def half_up(value: Fraction, places: int = 0) -> Fraction:
    """Half up; a half of a negative number goes up too."""
    unit = 10**places
    return Fraction((value * unit * 2 + 1) // 2, unit)
