"""One row of past use: any field may be a column or a constant; what cannot be read is told, never guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from app.booking.rules.purposes import Purpose
from app.catalogue.rules.amounts import read_amount
from app.catalogue.rules.dates import as_iso
from app.catalogue.rules.instrument_rows import read_day
from app.catalogue.rules.mapping import plain_header
from app.catalogue.rules.words import Vocabulary, is_absent, look_up
from app.kernel.civil import EARLIEST, LATEST, civil_day, parse_instant
from app.kernel.errors import Refusal
from app.kernel.money import Money
from app.kernel.period import Period
from app.kernel.text import clean


class HistoryField(StrEnum):
    KEY = "key"
    INSTRUMENT = "instrument"
    CLIENT = "client"
    USER = "user"
    BOOKED_FROM = "booked_from"
    BOOKED_UNTIL = "booked_until"
    USED_FROM = "used_from"
    USED_UNTIL = "used_until"
    CHARGED = "charged"
    ORDER = "order"
    PURPOSE = "purpose"
    RATING = "rating"
    CONFIRMED_ON = "confirmed_on"
    INVOICED_ON = "invoiced_on"
    RECEIVED_ON = "received_on"


class HistoryCode(StrEnum):
    VALUE_MISSING = "value-missing"
    TIME_UNREADABLE = "time-unreadable"
    TEXT_NOT_STORABLE = "text-not-storable"
    RATING_UNREADABLE = "rating-unreadable"
    PURPOSE_UNKNOWN = "purpose-unknown"
    ENDS_BEFORE_START = "ends-before-start"
    USED_OUTSIDE_BOOKING = "used-outside-booking"
    IN_THE_FUTURE = "in-the-future"
    PAPERS_OUT_OF_ORDER = "papers-out-of-order"
    UNKNOWN_INSTRUMENT = "unknown-instrument"
    UNKNOWN_CLIENT = "unknown-client"
    KEY_REPEATED = "key-repeated"
    INSTRUMENT_TAKEN = "instrument-taken"
    NO_PRICE = "no-listed-price"


_F = HistoryField
REQUIRED = (_F.KEY, _F.INSTRUMENT, _F.CLIENT, _F.USED_FROM, _F.USED_UNTIL)
TIMES = (_F.BOOKED_FROM, _F.BOOKED_UNTIL, _F.USED_FROM, _F.USED_UNTIL)
DAYS = (_F.CONFIRMED_ON, _F.INVOICED_ON, _F.RECEIVED_ON)


class Clock(StrEnum):
    """Whose clocks the file means where a time names no offset."""

    OFFSET_REQUIRED = "offset-required"
    SHANGHAI = "shanghai"
    UTC = "utc"


@dataclass(frozen=True, slots=True)
class HistoryMapping:
    """What the person importing decided. A charge that is neither column nor constant comes from a price list."""

    columns: Mapping[HistoryField, int]
    constants: Mapping[HistoryField, str]
    clock: Clock = Clock.OFFSET_REQUIRED
    money_unit: str | None = None


@dataclass(frozen=True, slots=True)
class PastUse:
    """One past use as the other system tells it; `charged` is None where a price list is to say it."""

    key: str
    instrument: str
    client: str
    used: Period
    booked: Period | None = None
    user: str = ""
    charged: Money | None = None
    order: str | None = None
    purpose: Purpose = Purpose.OTHER
    rating: int | None = None
    confirmed_on: date | None = None
    invoiced_on: date | None = None
    received_on: date | None = None

    @property
    def held(self) -> Period:
        """The time during which nobody else could have had the instrument."""
        if self.booked is None:
            return self.used
        return Period(min(self.booked.start, self.used.start), max(self.booked.end, self.used.end))


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A line of the file: the use, or every reason why it is none."""

    line: int
    use: PastUse | None
    problems: tuple[Refusal, ...] = ()


def suggest_columns(header: Sequence[str], known: Mapping[HistoryField, tuple[str, ...]]) -> dict[HistoryField, int]:
    """Columns whose header is a known word, first come first served."""
    found: dict[HistoryField, int] = {}
    for column, name in enumerate(header):
        fields = (f for f, words in known.items() if plain_header(name) in words and f not in found)
        field = next(fields, None)
        if field is not None:
            found[field] = column
    return found


def read_history_row(
    line: int,
    cells: Sequence[str],
    mapping: HistoryMapping,
    words: Vocabulary,
    purposes: Mapping[str, Purpose],
    *,
    now: datetime,
) -> HistoryRow:
    """Read one row and check it by itself; whether the instrument was free is seen beside the others.

    `purposes` are folded words; a use without a purpose is for another one than those.
    """
    reading = _Reading(mapping, words, purposes)
    for field in HistoryField:
        column = mapping.columns.get(field)
        cell = cells[column] if column is not None and column < len(cells) else ""
        reading.read(field, cell if cell.strip() else mapping.constants.get(field, ""))
    booked = reading.period(_F.BOOKED_FROM, _F.BOOKED_UNTIL)
    used = reading.period(_F.USED_FROM, _F.USED_UNTIL)
    if reading.problems or used is None:
        return HistoryRow(line, None, tuple(reading.problems))
    use = reading.use(used, booked)
    problems = tuple(inconsistencies(use, now=now))
    return HistoryRow(line, None if problems else use, problems)


class _Reading:
    """Collects the values of one row and everything that is wrong with them."""

    def __init__(self, mapping: HistoryMapping, words: Vocabulary, purposes: Mapping[str, Purpose]) -> None:
        self.mapping, self.words, self.purposes = mapping, words, purposes
        self.problems: list[Refusal] = []
        self.texts: dict[HistoryField, str] = {}
        self.times: dict[HistoryField, datetime] = {}
        self.days: dict[HistoryField, date] = {}
        self.charged: Money | None = None
        self.rating: int | None = None
        self.purpose = Purpose.OTHER

    def blame(self, field: HistoryField, code: HistoryCode, text: str = "") -> None:
        self.problems.append(Refusal(code, {"text": text} if text else {}, field))

    def read(self, field: HistoryField, raw: str) -> None:
        try:
            text = clean(raw)
        except ValueError:
            return self.blame(field, HistoryCode.TEXT_NOT_STORABLE)
        if is_absent(text, self.words):
            if field in REQUIRED:
                self.blame(field, HistoryCode.VALUE_MISSING)
        elif field in TIMES:
            self._time(field, text)
        elif field in DAYS:
            self._day(field, text)
        elif field is _F.CHARGED:
            self._charge(text)
        elif field is _F.RATING:
            self._rating(text)
        elif field is _F.PURPOSE:
            self._purpose(text)
        else:
            self.texts[field] = text
        return None

    def _time(self, field: HistoryField, text: str) -> None:
        try:
            self.times[field] = self._instant(text)
        except ValueError:
            self.blame(field, HistoryCode.TIME_UNREADABLE, text)

    def _instant(self, written: str) -> datetime:
        text = as_iso(written)
        try:
            return parse_instant(text, assume_shanghai=self.mapping.clock is Clock.SHANGHAI)
        except ValueError:
            if self.mapping.clock is not Clock.UTC:
                raise
            return parse_instant(f"{text}Z")

    def _day(self, field: HistoryField, text: str) -> None:
        day = self._civil_day(text)
        if day is None or not EARLIEST.date() < day < LATEST.date():
            self.blame(field, HistoryCode.TIME_UNREADABLE, text)
        else:
            self.days[field] = day

    def _civil_day(self, text: str) -> date | None:
        """A time stands for its day in Shanghai: 16:08 UTC on 31 December belongs to the next year."""
        try:
            return civil_day(self._instant(text))
        except ValueError:
            return read_day(text, self.words).value

    def _charge(self, text: str) -> None:
        reading = read_amount(text, self.words, unit=self.mapping.money_unit)
        if reading.problem is not None:
            self.problems.append(replace(reading.problem, field=_F.CHARGED))
        self.charged = reading.value

    def _rating(self, text: str) -> None:
        if text in {"1", "2", "3", "4", "5"}:
            self.rating = int(text)
        else:
            self.blame(_F.RATING, HistoryCode.RATING_UNREADABLE, text)

    def _purpose(self, text: str) -> None:
        found = look_up(text, self.purposes)
        if found is None:
            self.blame(_F.PURPOSE, HistoryCode.PURPOSE_UNKNOWN, text)
        else:
            self.purpose = found

    def use(self, used: Period, booked: Period | None) -> PastUse:
        return PastUse(
            key=self.texts[_F.KEY],
            instrument=self.texts[_F.INSTRUMENT],
            client=self.texts[_F.CLIENT],
            used=used,
            booked=booked,
            user=self.texts.get(_F.USER, ""),
            charged=self.charged,
            order=self.texts.get(_F.ORDER),
            purpose=self.purpose,
            rating=self.rating,
            confirmed_on=self.days.get(_F.CONFIRMED_ON),
            invoiced_on=self.days.get(_F.INVOICED_ON),
            received_on=self.days.get(_F.RECEIVED_ON),
        )

    def period(self, start: HistoryField, end: HistoryField) -> Period | None:
        first, last = self.times.get(start), self.times.get(end)
        if first is None or last is None:
            if (first is None) != (last is None) and not any(p.field in (start, end) for p in self.problems):
                self.blame(end if last is None else start, HistoryCode.VALUE_MISSING)
            return None
        if first >= last:
            self.blame(end, HistoryCode.ENDS_BEFORE_START)
            return None
        return Period(first, last)


def inconsistencies(use: PastUse, *, now: datetime) -> list[Refusal]:
    """What can be wrong with a row by itself. Rules that look forward – lead time, horizon, hours – do not apply."""
    found: list[Refusal] = []
    if use.used.end > now:
        found.append(Refusal(HistoryCode.IN_THE_FUTURE, {"until": use.used.end}, _F.USED_UNTIL))
    if use.booked is not None and not use.booked.overlaps(use.used):
        found.append(Refusal(HistoryCode.USED_OUTSIDE_BOOKING, {}, _F.USED_FROM))
    if use.received_on is not None and use.charged == Money(0):
        found.append(Refusal(HistoryCode.PAPERS_OUT_OF_ORDER, {}, _F.RECEIVED_ON))
    return found
