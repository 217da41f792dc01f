"""The verdicts of form 1: years, split orders, and what counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from app.evaluation.rules.form1.exclusions import CountingRules, Exclusion, FirstReason, in_force
from app.evaluation.rules.form1.facts import ServiceFacts, paid_on, refunded_by
from app.kernel.civil import civil_year
from app.kernel.money import half_up
from app.ledger.rules.exclusions import Measure


@dataclass(frozen=True, slots=True)
class CutOffs:
    """The last day on which money for a year may come in; years without a date of their own follow the custom."""

    dates: Mapping[int, date] = field(default_factory=dict)
    month: int = 3
    day: int = 31

    def __post_init__(self) -> None:
        if any(on < date(year, 12, 31) for year, on in self.dates.items()):
            raise ValueError("a cut-off does not come before its year is over")

    def of(self, year: int) -> date:
        return self.dates.get(year) or date(year + 1, self.month, self.day)


@dataclass(frozen=True, slots=True)
class Years:
    """None until the money is there."""

    service: int
    count: int | None
    income: int | None


def years_when_paid(facts: ServiceFacts, cut_offs: CutOffs) -> Years:
    """Where the scheme asks for payment."""
    service = civil_year(facts.ended)
    paid = paid_on(facts)
    if paid is None:
        return Years(service, None, None)
    income = max(service, paid.year)
    return Years(service, service if paid <= cut_offs.of(service) else income, income)


def years_when_served(facts: ServiceFacts) -> Years:
    """Where the scheme counts unpaid services too; a receipt then changes nothing any more."""
    service = civil_year(facts.ended)
    return Years(service, service, service)


_Leader = tuple[str, date]


class Orders:
    """Which records are part of an earlier one's order; to be asked in order of end and key.

    Records of one commission, contract or sample batch are one. Without such a number, services of
    one client on one instrument are one while they end within `window_days` civil days counted
    from the first (1 means the same day); None leaves them apart.
    """

    def __init__(self, window_days: int | None) -> None:
        self.window_days = window_days
        self._leaders: dict[tuple[str, ...], _Leader] = {}

    def leader(self, record: ServiceFacts) -> str | None:
        """The key of the record that stands for this one in the count, or None where it stands for itself."""
        if record.order is None and self.window_days is None:
            return None
        group, day = _group(record), record.ended_on
        leader = self._leaders.get(group)
        if leader is None or (record.order is None and (day - leader[1]).days >= (self.window_days or 0)):
            self._leaders[group] = (record.key, day)
            return None
        return leader[0]


def _group(record: ServiceFacts) -> tuple[str, ...]:
    client = record.client_person or record.client
    if record.order is not None:
        return ("order", record.provider, client, record.order)
    return ("instrument", record.provider, client, record.instrument)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`value` is what the record adds: 1 service, 1 client, minutes, or fen of income.

    A record that does not count adds 0, save for a refund in a later year, which is negative.
    `year` is the year in which the record counts for this measure; None while that is open.
    `counted_with` is the key of the record that stands for a split order in the count.
    """

    measure: Measure
    counts: bool
    value: int
    reasons: tuple[FirstReason, ...] = ()
    year: int | None = None
    counted_with: str | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """One record with its verdict on every measure."""

    facts: ServiceFacts
    verdicts: Mapping[Measure, Verdict]


def judge(
    records: Iterable[ServiceFacts], rules: CountingRules, *, year: int, cut_offs: CutOffs
) -> Iterator[Judgement]:
    """Every record that concerns `year` – ended, counted, paid or refunded in it – one by one as they come.

    They come in order of end and key, which decides which record of a split order counts.
    """
    active, orders = in_force(rules), Orders(rules.split_window_days)
    for facts in _in_order(records):
        years = _years(facts, rules, cut_offs)
        if not _concerns(facts, year, years):
            continue
        reasons = _reasons(facts, rules, active)
        verdicts = {m: _verdict(facts, m, rules, year=year, years=years, found=reasons) for m in Measure}
        if verdicts[Measure.COUNT].counts and (leader := orders.leader(facts)) is not None:
            verdicts[Measure.COUNT] = _split(verdicts[Measure.COUNT], leader)
        yield Judgement(facts, verdicts)


def _in_order(records: Iterable[ServiceFacts]) -> Iterator[ServiceFacts]:
    last = None
    for facts in records:
        place = (facts.ended, facts.key)
        if last is not None and place < last:
            raise ValueError("records come in order of end and key")
        last = place
        yield facts


def _years(facts: ServiceFacts, rules: CountingRules, cut_offs: CutOffs) -> Years:
    return years_when_paid(facts, cut_offs) if FirstReason.UNPAID in rules.exclusions else years_when_served(facts)


def _concerns(facts: ServiceFacts, year: int, years: Years) -> bool:
    return year in (years.service, years.count, years.income) or any(r.on.year == year for r in facts.refunds)


_Found = tuple[tuple[FirstReason, frozenset[Measure]], ...]


def _reasons(facts: ServiceFacts, rules: CountingRules, active: Sequence[Exclusion]) -> _Found:
    return tuple((e.reason, e.measures) for e in active if e.holds(facts, rules))


def _verdict(
    facts: ServiceFacts, measure: Measure, rules: CountingRules, *, year: int, years: Years, found: _Found
) -> Verdict:
    belongs = years.income if measure is Measure.INCOME else years.count
    reasons = tuple(reason for reason, measures in found if measure in measures)
    if reasons:
        return Verdict(measure, False, 0, reasons, belongs)
    if belongs == year:
        return Verdict(measure, True, _value(facts, measure, rules, year), (), belongs)
    if measure is Measure.INCOME and belongs is not None and belongs < year:
        change = _income(facts, rules, year) - _income(facts, rules, year - 1)
        if change:
            return Verdict(measure, False, change, (FirstReason.LATER_REFUND,), belongs)
    return Verdict(measure, False, 0, (FirstReason.OTHER_YEAR,), belongs)


def _value(facts: ServiceFacts, measure: Measure, rules: CountingRules, year: int) -> int:
    match measure:
        case Measure.COUNT | Measure.CLIENTS:
            return 1
        case Measure.HOURS:
            return facts.effective_minutes
        case Measure.INCOME:
            return _income(facts, rules, year)


def _income(facts: ServiceFacts, rules: CountingRules, year: int) -> int:
    """Eligible income as it stands at the end of `year`: tax, voucher and refunds off, in proportion."""
    if facts.charged <= 0:
        return 0
    eligible = facts.charged
    if rules.income_without_tax:
        eligible -= facts.tax
    if rules.income_without_voucher:
        eligible -= facts.voucher
    if not facts.refunds:
        return eligible
    kept = max(0, facts.charged - refunded_by(facts, date(year, 12, 31)))
    return int(half_up(Decimal(kept * eligible) / facts.charged))


def _split(count: Verdict, leader: str) -> Verdict:
    return replace(count, counts=False, value=0, reasons=(FirstReason.SPLIT_ORDER,), counted_with=leader)
