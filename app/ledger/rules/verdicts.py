"""The verdict per (record, measure): counts or not, how much, and every reason why not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.ledger.rules.amounts import eligible_income
from app.ledger.rules.exclusions import (
    CURABLE,
    UNTIL_ENTERED,
    WANT_OF_MONEY,
    CountingRules,
    Exclusion,
    Found,
    Measure,
    Reason,
    exclusions_of,
    in_force,
)
from app.ledger.rules.facts import EvidenceGrade, ServiceFacts
from app.ledger.rules.jobs import jobs
from app.ledger.rules.takings import Outcome, Reading, Taken
from app.ledger.rules.years import CutOffs, year_of


@dataclass(frozen=True, slots=True)
class Verdict:
    """`value` is what the record adds to the year: services, clients, minutes, or fen of income.

    It is negative where an earlier round took more than the record is worth now. `year` is the year
    in which the record stands; None while it is not paid. `counted_with` is the key of the record on
    which the count of its job stands.
    """

    measure: Measure
    counts: bool
    value: int
    reasons: tuple[Reason, ...]
    year: int | None
    counted_with: str | None

    @property
    def missing(self) -> tuple[Reason, ...]:
        """The reasons that something still to be done would cure."""
        return tuple(r for r in self.reasons if r in CURABLE)


@dataclass(frozen=True, slots=True)
class Judgement:
    """One record with its verdict on every measure, and how this round leaves it.

    `read` is false where the record only stands for its job: for all else it is as it was before.
    """

    facts: ServiceFacts
    verdicts: Mapping[Measure, Verdict]
    outcome: Outcome
    taken: Taken | None
    late: bool
    read: bool


@dataclass(frozen=True, slots=True)
class Judging:
    """The rules under which a round judges records that none has read before."""

    counting: CountingRules
    cut_offs: CutOffs


@dataclass(frozen=True, slots=True)
class RoundContext:
    """What a round of a year judges by.

    `units` are those it assesses; records of others only link jobs. `closed` gives the as-of of the final
    round by service year, `earlier` the rules of final rounds by their key.
    """

    year: int
    own: Judging
    units: Collection[str]
    closed: Mapping[int, datetime]
    earlier: Mapping[str, Judging]


def judge(readings: Iterable[Reading], context: RoundContext) -> Iterator[Judgement]:
    """Every record that concerns the year: ended or standing in it, or changed since a final round took it.

    They come shelf by shelf (`jobs.shelf`) with all the members of their jobs, and leave job by job.
    """
    bench = _Bench(context)
    for job in jobs(readings, lambda reading: reading.facts):
        members = [bench.look_at(reading) for reading in job]
        if any(one.read or one.ended_here for one in members):
            yield from _judged(members, context.year)


@dataclass(frozen=True, slots=True)
class _Member:
    """A member of a job by itself. `year` is where it stands; `now` says whether it weighs in this round."""

    reading: Reading
    found: Found
    worth: Mapping[Measure, int]
    year: int | None
    now: bool
    read: bool
    ended_here: bool
    assessed: bool
    late: bool

    def reasons(self, measure: Measure) -> tuple[Reason, ...]:
        return tuple(reason for reason, measures in self.found if measure in measures)

    def taken(self, measure: Measure) -> int:
        return self.reading.taken.of(measure) if self.reading.taken else 0

    @property
    def counted(self) -> bool:
        return self.assessed and not self.reasons(Measure.COUNT)

    @property
    def key(self) -> str:
        return self.reading.facts.key

    @property
    def outcome(self) -> Outcome:
        """How the round leaves it: what waits may still count, what a rule excludes never will."""
        reasons = frozenset(self.reasons(Measure.COUNT))
        if not reasons:
            return Outcome.COUNTED if self.now else Outcome.WAITING
        imported = Reason.EVIDENCE_NOT_ADMITTED in reasons and self.reading.facts.evidence is EvidenceGrade.IMPORTED
        if imported or not reasons <= UNTIL_ENTERED:
            return Outcome.EXCLUDED
        return Outcome.WAITING if reasons & WANT_OF_MONEY else Outcome.PENDING


class _Bench:
    """Looks at one record by itself, under the rules that are its own."""

    def __init__(self, context: RoundContext) -> None:
        self.context = context
        self.active: dict[str | None, tuple[Judging, Sequence[Exclusion]]] = {
            key: (judging, in_force(judging.counting)) for key, judging in context.earlier.items()
        } | {None: (context.own, in_force(context.own.counting))}

    def look_at(self, reading: Reading) -> _Member:
        facts, taken, this = reading.facts, reading.taken, self.context.year
        judging, active = self.active[taken.judged_by if taken else None]
        stands, late = year_of(facts, judging.cut_offs), self._late(facts)
        year = max(stands, this) if late and taken is None and stands is not None else stands
        found = exclusions_of(facts, judging.counting, active)
        if taken is not None and taken.outcome is Outcome.EXCLUDED:
            found = (*found, (Reason.EXCLUDED_BEFORE, frozenset(Measure)))
        return _Member(
            reading=reading,
            found=found,
            worth=_worth(facts, judging.counting),
            year=year,
            now=year is not None and (year == this if taken is None else year <= this),
            read=self._concerns(reading, found, year, late=late),
            ended_here=facts.service_year == this,
            assessed=facts.unit in self.context.units,
            late=late,
        )

    def _late(self, facts: ServiceFacts) -> bool:
        """Entered when the final round of its service year had already looked."""
        closed = self.context.closed.get(facts.service_year)
        return closed is not None and facts.entered >= closed

    def _concerns(self, reading: Reading, found: Found, year: int | None, *, late: bool) -> bool:
        this, service = self.context.year, reading.facts.service_year
        if service > this:
            return False
        if reading.taken is None:
            return late or this in (service, year)
        counts = year is not None and year <= this and all(Measure.COUNT not in measures for _, measures in found)
        return reading.changed or (counts and reading.taken.outcome is Outcome.WAITING)


def _worth(facts: ServiceFacts, rules: CountingRules) -> Mapping[Measure, int]:
    return {
        Measure.COUNT: 1,
        Measure.INCOME: eligible_income(facts, without_tax=rules.income_without_tax),
        Measure.CLIENTS: 1,
        Measure.HOURS: facts.effective_minutes,
    }


def _judged(members: Sequence[_Member], year: int) -> Iterator[Judgement]:
    counting = _Counting(members, year)
    for one in members:
        counts = counting.change(one)
        if one.assessed and (one.read or one.ended_here or counts):
            verdicts = {m: counting.verdict(one, counts) if m is Measure.COUNT else _verdict(one, m) for m in Measure}
            yield Judgement(one.reading.facts, verdicts, one.outcome, one.reading.taken, one.late, one.read)


class _Counting:
    """The one count of a job: on its last counted member, or where a final round has taken it."""

    def __init__(self, members: Sequence[_Member], year: int) -> None:
        counted = [one for one in members if one.counted and one.year is not None]
        self.takers = [one for one in members if one.taken(Measure.COUNT) > 0]
        self.alive = any(one.year is not None and one.year <= year for one in counted)
        self.last = counted[-1] if counted else None
        self.stands_on = self.takers[-1] if self.takers and self.alive else self.last

    def change(self, one: _Member) -> int:
        if self.takers:
            return 0 if self.alive else -one.taken(Measure.COUNT)
        return int(one is self.last and one.now)

    def verdict(self, one: _Member, change: int) -> Verdict:
        reasons = one.reasons(Measure.COUNT)
        if change > 0:
            return Verdict(Measure.COUNT, True, change, (), one.year, None)
        if not reasons:
            reasons = self._why_nothing(one)
        with_ = self.stands_on.key if Reason.SPLIT_ORDER in reasons and self.stands_on else None
        return Verdict(Measure.COUNT, False, change, reasons, one.year, with_)

    def _why_nothing(self, one: _Member) -> tuple[Reason, ...]:
        if one is not self.stands_on and self.stands_on is not None:
            return (Reason.SPLIT_ORDER,)
        return (Reason.COUNTED_BEFORE,) if one.now and one.taken(Measure.COUNT) > 0 else (Reason.OTHER_YEAR,)


def _verdict(one: _Member, measure: Measure) -> Verdict:
    """Every measure but the count: what the record is worth now, less what was taken."""
    reasons, taken = one.reasons(measure), one.taken(measure)
    worth = one.worth[measure] if one.now and not reasons else 0
    change = worth - taken if one.read else 0
    if measure is Measure.CLIENTS:
        change = max(0, change)
    if not reasons and not one.now:
        reasons = (Reason.OTHER_YEAR,)
    if not reasons and taken:
        reasons = (Reason.CHANGED_LATER,) if change else (Reason.COUNTED_BEFORE,)
    return Verdict(measure, not reasons and one.read, change, reasons, one.year, None)
