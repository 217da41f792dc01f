"""Rows of past use beside each other and beside what is known: repeats, overlaps, and totals that reconcile."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from app.booking.rules.places import Occupation, full_periods
from app.kernel.errors import Refusal
from app.kernel.period import Period
from app.ledger.rules.history.rows import HistoryCode, HistoryField, HistoryRow, PastUse


class RowFate(StrEnum):
    NEW = "new"
    SAME = "same"
    """Already in the ledger from an earlier run of this import."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class KnownInstrument:
    """What the platform knows of an instrument named in the file; `taken` is held time on its calendar."""

    places: int = 1
    taken: tuple[Period, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """Instruments and clients by the names the file uses, and the keys that are in the ledger already."""

    instruments: Mapping[str, KnownInstrument]
    clients: frozenset[str]
    keys: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CheckedRow:
    row: HistoryRow
    fate: RowFate

    @property
    def refused(self) -> bool:
        return self.fate is RowFate.REFUSED


def check_history(rows: Iterable[HistoryRow], known: Known) -> list[CheckedRow]:
    """The fate of every row, in the order of the file. Of rows that exclude each other the earlier one stays."""
    read = list(rows)
    problems: dict[int, tuple[Refusal, ...]] = {row.line: row.problems for row in read}
    readable = [(row.line, row.use) for row in read if row.use is not None]
    for line, refusal in [*_unknown(readable, known), *_repeated(readable)]:
        problems[line] = (*problems[line], refusal)
    same = {line for line, use in readable if use.key in known.keys and not problems[line]}
    fresh = [(line, use) for line, use in readable if line not in same and not problems[line]]
    for line, refusal in _taken(fresh, known):
        problems[line] = (*problems[line], refusal)
    return [_checked(row, problems[row.line], row.line in same) for row in read]


_Readable = Sequence[tuple[int, PastUse]]
_Found = Iterable[tuple[int, Refusal]]


def _checked(row: HistoryRow, problems: tuple[Refusal, ...], same: bool) -> CheckedRow:  # noqa: FBT001 - a fact, not a mode
    if problems:
        return CheckedRow(replace(row, problems=problems), RowFate.REFUSED)
    return CheckedRow(row, RowFate.SAME if same else RowFate.NEW)


def _unknown(readable: _Readable, known: Known) -> _Found:
    for line, use in readable:
        if use.instrument not in known.instruments:
            yield line, Refusal(HistoryCode.UNKNOWN_INSTRUMENT, {"text": use.instrument}, HistoryField.INSTRUMENT)
        if use.client not in known.clients:
            yield line, Refusal(HistoryCode.UNKNOWN_CLIENT, {"text": use.client}, HistoryField.CLIENT)


def _repeated(readable: _Readable) -> _Found:
    first: dict[str, int] = {}
    for line, use in readable:
        before = first.setdefault(use.key, line)
        if before != line:
            yield line, Refusal(HistoryCode.KEY_REPEATED, {"line": before}, HistoryField.KEY)


def _taken(fresh: _Readable, known: Known) -> _Found:
    by_instrument: defaultdict[str, list[tuple[int, PastUse]]] = defaultdict(list)
    for line, use in fresh:
        by_instrument[use.instrument].append((line, use))
    for name, uses in by_instrument.items():
        yield from _taken_on(uses, known.instruments[name])


def _taken_on(uses: list[tuple[int, PastUse]], instrument: KnownInstrument) -> _Found:
    held = list(instrument.taken)
    for line, use in sorted(uses, key=lambda u: (u[1].held, u[0])):
        wanted = use.held
        # In order of start: what has ended by now can meet none of the rows to come.
        held = [p for p in held if p.end > wanted.start]
        near = [Occupation(n, 1, p) for n, p in enumerate(held) if p.overlaps(wanted)]
        full = full_periods(near, instrument.places)
        if any(p.overlaps(wanted) for p in full):
            yield line, Refusal(HistoryCode.INSTRUMENT_TAKEN, {"since": full[0].start, "until": full[0].end})
        else:
            held.append(wanted)


@dataclass(slots=True)
class Tally:
    """Rows and whole minutes of one fate."""

    rows: int = 0
    booked_minutes: int = 0
    used_minutes: int = 0

    def add(self, use: PastUse | None) -> None:
        self.rows += 1
        if use is not None:
            self.booked_minutes += use.booked.seconds // 60 if use.booked else 0
            self.used_minutes += use.used.seconds // 60


@dataclass(slots=True)
class HistoryReport:
    """What came in and what did not: the tallies of the three fates add up to the file."""

    tallies: dict[RowFate, Tally] = field(default_factory=lambda: {fate: Tally() for fate in RowFate})
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def rows(self) -> int:
        return sum(t.rows for t in self.tallies.values())


def report(checked: Iterable[CheckedRow]) -> HistoryReport:
    """Minutes of a refused row are told where its times could be read; each row counts once for a reason."""
    found = HistoryReport()
    for one in checked:
        found.tallies[one.fate].add(one.row.use)
        found.reasons.update({str(p.code) for p in one.row.problems})
    return found
