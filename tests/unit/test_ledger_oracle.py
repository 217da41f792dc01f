"""The rules and an independent reading of the same page agree on every record of random years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

import pytest

from app.evaluation.rules.taking import Taking, added, taking
from app.ledger.rules.exclusions import CountingRules, EvidenceTier, Measure, Reason
from app.ledger.rules.facts import Amounts, ChargeKind, Confirmation, EvidenceGrade, MoneyOn, ServiceFacts
from app.ledger.rules.jobs import shelf
from app.ledger.rules.takings import Reading, Taken
from app.ledger.rules.verdicts import Judging, RoundContext, judge
from app.ledger.rules.witnesses import Witness, witness
from app.ledger.rules.years import CutOffs
from tests.oracle.ledgers import Case, random_case
from tests.oracle.model import SHANGHAI, Entry, Kind, Ledger, Record, Round, Rules
from tests.oracle.rounds import run

GRADES = {
    "interlock": EvidenceGrade.INTERLOCK,
    "scan": EvidenceGrade.SCAN,
    "both parties": EvidenceGrade.BOTH_PARTIES,
    "campus system": EvidenceGrade.CAMPUS_SYSTEM,
    "imported": EvidenceGrade.IMPORTED,
    "manual": EvidenceGrade.MANUAL,
}
ALWAYS_NAMED = {
    Reason.EXCLUDED_PURPOSE, Reason.NO_SUBSTANCE, Reason.BELOW_MINIMUM, Reason.EVIDENCE_NOT_ADMITTED,
    Reason.UNCONFIRMED, Reason.TACITLY_CONFIRMED,
}  # fmt: skip
NAMED = {"related": Reason.RELATED_PARTY, "cancelled": Reason.CANCELLED}


def counting(rules: Rules) -> CountingRules:
    return CountingRules(
        exclusions=frozenset(ALWAYS_NAMED | {NAMED[name] for name in rules.exclusions}),
        evidence=(EvidenceTier(0, frozenset(GRADES[name] for name in rules.admitted_grades)),),
        excluded_purposes=rules.excluded_purposes,
        minimum_fen=rules.minimum,
        least_effective_minutes=rules.least_minutes,
        least_share_of_booked=Decimal(rules.least_share.numerator) / rules.least_share.denominator,
        income_without_tax=rules.without_tax,
    )


def amounts(entries: list[Entry], kind: Kind, sign: int = 1) -> Amounts:
    return tuple(MoneyOn(one.on, sign * one.amount) for one in entries if one.kind is kind)


def vouchers(entries: list[Entry], kind: Kind) -> Amounts:
    """What a void takes back goes from its day on, and never before it came."""
    found = [one for one in entries if one.kind is kind]
    latest_first = sorted(entries, key=lambda one: one.on, reverse=True)
    voids = {one.what: one.on for one in latest_first if one.kind is Kind.VOUCHER_VOID}
    back = [MoneyOn(max(voids[one.what], one.on), -one.amount) for one in found if one.what in voids]
    return (*(MoneyOn(one.on, one.amount) for one in found), *back)


def facts(ledger: Ledger, record: Record, entries: list[Entry]) -> ServiceFacts:
    kinds = {one.kind for one in entries}
    reach = ledger.first_open_day_after(record.instrument, record.day) + timedelta(days=1)
    silent = Confirmation.TACIT if Kind.TACIT in kinds else Confirmation.NONE
    return ServiceFacts(
        key=record.key,
        unit=record.provider,
        provider=ledger.legal_person(record.provider, record.day),
        instrument=record.instrument,
        client=record.client,
        client_person=ledger.client_of(record),
        user=record.user,
        purpose=record.purpose,
        order=record.order,
        intermediary=None,
        started=record.start,
        ended=record.end,
        linked_until=datetime.combine(reach, time(0), SHANGHAI),
        entered=record.entered,
        effective_minutes=record.effective_minutes,
        booked_minutes=record.booked_minutes,
        charged=record.charged,
        tax=record.tax,
        posted=None,
        adjustments=(*amounts(entries, Kind.CHARGE_UP), *amounts(entries, Kind.CHARGE_DOWN, -1)),
        invoiced=0,
        receipts=amounts(entries, Kind.RECEIPT),
        refunds=amounts(entries, Kind.REFUND),
        vouchers_deducted=vouchers(entries, Kind.VOUCHER_DEDUCTED),
        vouchers_afterwards=vouchers(entries, Kind.VOUCHER_AFTERWARDS),
        kind=ChargeKind.SERVICE,
        evidence=grade(ledger, record, entries),
        confirmation=Confirmation.CLIENT if Kind.CONFIRMATION in kinds else silent,
        rating=None,
        internal=False,
        related=ledger.related(record.client, record.provider, record.day),
        cancelled="cancelled" in record.grounds,
        reported=any(one.kind is Kind.EVIDENCE and one.what == "report" for one in entries),
        attested=True,
        verified=True,
        parties_agree=True,
        claimed_elsewhere=False,
    )


def grade(ledger: Ledger, record: Record, entries: list[Entry]) -> EvidenceGrade:
    """As the platform settles it on the day of each confirmation."""
    if record.grade != "both parties":
        return GRADES[record.grade]
    two = (two_people(ledger, record, one) for one in entries if one.kind is Kind.CONFIRMATION)
    return EvidenceGrade.BOTH_PARTIES if any(two) else EvidenceGrade.MANUAL


def two_people(ledger: Ledger, record: Record, one: Entry) -> bool:
    names = {"": 0, record.recorded_by: 1}
    confirmer = names.setdefault(one.by, 2)
    bodies = [role.other for role in ledger.roles if role.one == one.by and role.holds(one.on)]
    provider = ledger.legal_person(record.provider, one.on)
    ours = {1} | ({confirmer} if any(ledger.legal_person(body, one.on) == provider for body in bodies) else set())
    near = any(ledger.related(body, record.provider, one.on) for body in bodies)
    return witness({1}, confirmer, of_provider=ours, near=near) is Witness.BOTH


class Platform:
    """Plays the same rounds one after the other through the rules of the platform."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.done: dict[int, tuple[Round, dict[str, Taking]]] = {}
        self.judging: dict[str, Judging] = {}

    def play(self, number: int, current: Round) -> Mapping[str, Taking]:
        earlier = [found for year, found in sorted(self.done.items()) if year < current.year]
        own = Judging(counting(current.rules), CutOffs(self.ledger.cutoffs))
        self.judging[str(number)] = own
        closed = {round_.year: round_.as_of for round_, _ in earlier}
        units = {record.provider for record in self.ledger.records}
        context = RoundContext(current.year, own, units, closed, self.judging)
        found = sorted(
            self.readings(current, earlier), key=lambda one: (shelf(one.facts), one.facts.ended, one.facts.key)
        )
        takings = {one.facts.key: taking(one, str(number), current.as_of) for one in judge(found, context)}
        self.done[current.year] = current, takings
        return takings

    def readings(self, current: Round, earlier: list[tuple[Round, dict[str, Taking]]]) -> Iterator[Reading]:
        for record in self.ledger.records:
            if record.entered >= current.as_of:
                continue
            entries = [one for one in self.ledger.entries if one.record == record.key and one.entered < current.as_of]
            taken: Taken | None = None
            for _round, takings in earlier:
                if record.key in takings:
                    taken = added(taken, takings[record.key])
            changed = taken is not None and any(
                one.entered >= taken.as_of and one.on.year <= current.year for one in entries
            )
            yield Reading(facts(self.ledger, record, entries), taken, changed)


def published_in_time(ledger: Ledger) -> Ledger:
    """The platform refuses a cut-off before the year is over."""
    return replace(ledger, cutoffs={year: max(day, date(year, 12, 31)) for year, day in ledger.cutoffs.items()})


@pytest.mark.parametrize("seed", range(20))
def test_what_each_round_takes_is_what_the_oracle_says(seed: int) -> None:
    """A hundred ledgers a seed; plain random ones, as a shrinking search stays near the small and simple."""
    rng = Random(seed)
    for _ in range(100):
        compare(random_case(rng))


def compare(case: Case) -> None:
    ledger = published_in_time(case.ledger)
    platform = Platform(ledger)
    for number, expected in enumerate(run(ledger, case.rounds)):
        found = platform.play(number, expected.round)
        ours = {key: _numbers(one) for key, one in found.items() if any(_numbers(one))}
        theirs = {
            key: (line.count, line.income, line.clients, line.minutes)
            for key, line in expected.lines.items()
            if line.count or line.income or line.clients or line.minutes
        }
        assert ours == theirs, (expected.round.year, case)


def _numbers(one: Taking) -> tuple[int, int, int, int]:
    values = one.values
    return values[Measure.COUNT], values[Measure.INCOME], values[Measure.CLIENTS], values[Measure.HOURS]
