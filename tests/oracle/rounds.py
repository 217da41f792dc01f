"""§4 Once, for good: what each round takes, with what earlier rounds took before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tests.oracle.jobs import Job, jobs, last_of
from tests.oracle.model import Entry, Fen, Ledger, Record, Round, Rules
from tests.oracle.verdicts import FOR_GOOD, WANT_OF_MONEY, Reason, Verdict, verdict


@dataclass(frozen=True)
class Line:
    """What one round says of one record: its verdict, and what the round takes, before any ceiling."""

    record: str
    rules: Rules
    reason: Reason | None
    year: int | None  # where the record stands as seen now; None while it does not count
    late: bool
    first_year: int  # the earliest year in which it may stand
    read: bool = False  # looked at by this round, and so held to the rules of this line
    count: int = 0
    income: Fen = 0
    clients: int = 0
    minutes: int = 0
    missing: Fen = 0

    def stands_by(self, year: int) -> bool:
        """ "A verdict that stands in a later year has value 0 until that year"."""
        return self.year is not None and self.year <= year


@dataclass(frozen=True)
class Result:
    """One computation: a line per record that it sees."""

    round: Round
    lines: dict[str, Line]
    assumes: tuple[int, ...] = ()  # years whose round is not final, taken as last computed


@dataclass(frozen=True)
class Past:
    """What earlier rounds read of one record and took of it; `line` and `round` are of the last that read it."""

    line: Line | None = None
    round: Round | None = None
    count: int = 0
    income: Fen = 0
    clients: int = 0
    minutes: int = 0

    def plus(self, line: Line, by: Round) -> Past:
        return Past(
            line if line.read else self.line,
            by if line.read else self.round,
            self.count + line.count,
            self.income + line.income,
            self.clients + line.clients,
            self.minutes + line.minutes,
        )

    @property
    def wanted_money(self) -> bool:
        """Reading 10: paid too late for that round's year is want of money too."""
        assert self.line is not None
        assert self.round is not None
        if self.line.reason is None:
            return not self.line.stands_by(self.round.year)
        return self.line.reason in WANT_OF_MONEY


def run(ledger: Ledger, rounds: Sequence[Round]) -> list[Result]:
    """Plays computations one after the other; each stands on the last ones of earlier years."""
    results: list[Result] = []
    for current in rounds:
        if any(done.round.final and done.round.year >= current.year for done in results) and not current.trial:
            raise ValueError(f"{current.year} is computed after a final round of that year or a later one")
        results.append(Computation(ledger, current, earlier(results, current)).result())
    return results


def earlier(results: Sequence[Result], current: Round) -> list[Result]:
    """ "While the earlier round is not final, the running year assumes what its last computation would take"."""
    last = {done.round.year: done for done in results if done.round.year < current.year and not done.round.trial}
    return [last[year] for year in sorted(last)]


class Computation:
    """One round at work on the ledger as entered before its as-of."""

    def __init__(self, ledger: Ledger, current: Round, before: Sequence[Result]) -> None:
        self.ledger, self.round, self.before = ledger, current, before
        self.seen = [record for record in ledger.records if record.entered < current.as_of]
        self.entries: dict[str, list[Entry]] = defaultdict(list)
        for entry in ledger.entries:
            if entry.entered < current.as_of:
                self.entries[entry.record].append(entry)
        self.as_of = {done.round.year: done.round.as_of for done in before}
        self.past = {record.key: self.past_of(record) for record in self.seen}
        self.own = {record.key: self.judged(record) for record in self.seen}

    def result(self) -> Result:
        lines = {record.key: self.taken(record) for record in self.seen}
        for job in jobs(self.ledger, self.seen):
            if any(lines[record.key].read for record in job):
                for key, count in self.count_of(job, lines).items():
                    lines[key] = replace(lines[key], count=count)
        assumed = tuple(done.round.year for done in self.before if not done.round.final)
        return Result(self.round, lines, assumed)

    def past_of(self, record: Record) -> Past:
        past = Past()
        for done in self.before:
            if record.key in done.lines:
                past = past.plus(done.lines[record.key], done.round)
        return past

    def judged(self, record: Record) -> Line:
        """The record by itself on all entries entered before the as-of, whatever their date."""
        past = self.past[record.key].line
        rules = past.rules if past else self.round.rules
        late = past.late if past else self.is_late(record)
        first_year = past.first_year if past else self.round.year if late else record.day.year
        found = verdict(self.ledger, record, self.entries[record.key], rules)
        if past and past.reason in FOR_GOOD:
            found = Verdict(past.reason, missing=found.missing)
        year = max(found.year, first_year) if found.counts else None
        line = Line(record.key, rules, found.reason, year, late, first_year, missing=found.missing)
        return replace(line, income=found.income, minutes=found.minutes)

    def is_late(self, record: Record) -> bool:
        """ "A record entered at or after its service year's as-of is marked late"."""
        as_of = self.as_of.get(record.day.year)
        return as_of is not None and record.entered >= as_of

    def taken(self, record: Record) -> Line:
        """The round's part: the value by now minus everything taken so far."""
        line, past = self.own[record.key], self.past[record.key]
        if not self.looks_at(record):
            return replace(line, income=0, minutes=0)
        standing = line.stands_by(self.round.year)
        return replace(
            line,
            read=True,
            income=(line.income if standing else 0) - past.income,
            minutes=(line.minutes if standing else 0) - past.minutes,
            clients=1 if standing and not past.clients else 0,
        )

    def looks_at(self, record: Record) -> bool:
        past = self.past[record.key]
        if past.line is None or past.round is None:
            return self.brought(record)
        added = any(
            entry.entered >= past.round.as_of and entry.on <= self.round.last_day for entry in self.entries[record.key]
        )
        return added or (past.wanted_money and self.own[record.key].stands_by(self.round.year))

    def brought(self, record: Record) -> bool:
        """Reading 11: a first reading is of services of the year or before it. One of a year that no round
        assessed is read only by the round of the year where it stands."""
        if record.day.year > self.round.year:
            return False
        assessed = record.day.year == self.round.year or record.day.year in self.as_of
        return assessed or self.own[record.key].year == self.round.year

    def count_of(self, job: Job, lines: dict[str, Line]) -> dict[str, int]:
        """ "The job's count stands on its last counted member"; once taken it stays while any member counts."""
        standing = [record for record in job if self.own[record.key].stands_by(self.round.year)]
        took = {record.key: self.past[record.key].count for record in job if self.past[record.key].count}
        if took:
            return {} if standing else {key: -count for key, count in took.items()}
        counted = [record for record in job if self.own[record.key].year is not None]
        if not counted:
            return {}
        last = last_of(counted)
        # Reading 12: the count may land on a member that this round does not itself look at, if an earlier one did.
        known = lines[last.key].read or self.past[last.key].line is not None
        return {last.key: 1} if known and last in standing else {}
