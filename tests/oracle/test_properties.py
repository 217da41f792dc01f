"""What must hold of every ledger, whatever happened and in whatever order it was entered."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.oracle.jobs import jobs
from tests.oracle.ledgers import LAST, Case, cases, random_case
from tests.oracle.model import Ledger
from tests.oracle.rounds import Line, Result, run
from tests.oracle.verdicts import FOR_GOOD, Reason, verdict

many = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def standing(results: list[Result]) -> list[Result]:
    """The last computation of each year: what was taken, or is assumed."""
    return list({result.round.year: result for result in results}.values())


def lines(results: list[Result], key: str) -> list[Line]:
    return [result.lines[key] for result in results if key in result.lines]


@many
@given(cases(all_final=True))
def test_what_was_taken_is_what_is_finally_known(case: Case) -> None:
    """Σ over final rounds = the value on all entries at the end, or nothing once a rule excluded the record."""
    results = standing(run(case.ledger, case.rounds))
    for key, last in results[-1].lines.items():
        read = [line for line in lines(results, key) if line.read]
        if not read or any(e.on.year > LAST for e in case.ledger.entries if e.record == key):
            continue
        excluded = any(line.reason in FOR_GOOD for line in read)
        record = next(each for each in case.ledger.records if each.key == key)
        seen = [e for e in case.ledger.entries if e.record == key and e.entered < results[-1].round.as_of]
        found = verdict(case.ledger, record, seen, read[0].rules)
        worth = found.income if not excluded and found.counts and found.year <= LAST else 0
        assert sum(line.income for line in lines(results, key)) == worth, last


@many
@given(cases())
def test_a_client_is_added_once_and_never_taken_away(case: Case) -> None:
    results = standing(run(case.ledger, case.rounds))
    for record in case.ledger.records:
        taken = [line.clients for line in lines(results, record.key)]
        assert set(taken) <= {0, 1}
        assert sum(taken) <= 1


@many
@given(cases())
def test_nothing_counts_twice_after_any_year(case: Case) -> None:
    """Of a record and of an order number the counts taken so far are 0 or 1, and income is never below 0."""
    results = standing(run(case.ledger, case.rounds))
    so_far: Counter[str] = Counter()
    income: Counter[str] = Counter()
    for result in results:
        for key, line in result.lines.items():
            so_far[key] += line.count
            income[key] += line.income
        assert set(so_far.values()) <= {0, 1}
        assert min(income.values(), default=0) >= 0
        for job in jobs(case.ledger, case.ledger.records):
            if job[0].order is not None:
                assert sum(so_far[record.key] for record in job) <= 1


@many
@given(cases(timely=True, all_final=True))
def test_in_timely_ledgers_every_job_that_counts_at_the_end_was_taken_once(case: Case) -> None:
    results = standing(run(case.ledger, case.rounds))
    for job in jobs(case.ledger, case.ledger.records):
        last = [results[-1].lines[record.key] for record in job]
        taken = sum(line.count for record in job for line in lines(results, record.key))
        if not any(line.stands_by(LAST) for line in last):
            assert taken == 0
        elif all(line.year is None or line.stands_by(LAST) for line in last):
            assert taken >= 1


@many
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_in_which_facts_are_listed_changes_nothing(case: Case, rng: Random) -> None:
    records, entries = list(case.ledger.records), list(case.ledger.entries)
    rng.shuffle(records)
    rng.shuffle(entries)
    shuffled: Ledger = replace(case.ledger, records=tuple(records), entries=tuple(entries))
    assert run(shuffled, case.rounds) == run(case.ledger, case.rounds)


@many
@given(cases())
def test_a_final_round_takes_what_its_last_computation_would(case: Case) -> None:
    """Being final changes no figure of the years after it either: they assumed it."""
    rounds = [replace(each, final=False) for each in case.rounds]
    provisional, mixed = run(case.ledger, rounds), run(case.ledger, case.rounds)
    assert [result.lines for result in provisional] == [result.lines for result in mixed]


@many
@given(cases())
def test_what_is_entered_at_or_after_the_as_of_changes_nothing(case: Case) -> None:
    for number, each in enumerate(case.rounds):
        known = replace(
            case.ledger,
            records=tuple(record for record in case.ledger.records if record.entered < each.as_of),
            entries=tuple(entry for entry in case.ledger.entries if entry.entered < each.as_of),
        )
        before = case.rounds[: number + 1]
        assert run(known, before)[-1] == run(case.ledger, before)[-1]


def reached(case: Case) -> Counter[str]:
    """What a case contains of all that rules must tell apart."""
    found: Counter[str] = Counter()
    instants = {each.as_of for each in case.rounds}
    found["entered at an as-of"] += any(entry.entered in instants for entry in case.ledger.entries)
    for job in jobs(case.ledger, case.ledger.records):
        found["job across New Year"] += len({record.day.year for record in job}) > 1
    results = standing(run(case.ledger, case.rounds))
    for record in case.ledger.records:
        by_year = {r.round.year: r.lines[record.key] for r in results if record.key in r.lines}
        taken = [line.count for line in by_year.values() if line.count]
        found["late"] += any(line.late and line.count for line in by_year.values())
        found["lost"] += -1 in taken
        found["again"] += taken == [1, -1, 1]
        found["later year"] += any(line.count == 1 and year > record.day.year for year, line in by_year.items())
        found.update(str(line.reason) for line in by_year.values())
    return found


def test_the_generator_reaches_what_matters() -> None:
    """Among 400 seeds: late records, −1 and +1 again, jobs across New Year, every reason, exact as-ofs."""
    seen = sum((reached(random_case(Random(seed))) for seed in range(400)), Counter())
    wanted = {"entered at an as-of", "job across New Year", "late", "lost", "again", "later year", *Reason}
    assert {str(name) for name in wanted if not seen[str(name)]} == set()
