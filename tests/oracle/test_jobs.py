"""Hand-computed: §4 One job is one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.oracle.build import (
    YUAN,
    at,
    clients,
    closing,
    counts,
    day,
    entry,
    incomes,
    ledger,
    paid,
    record,
    three_years,
)
from tests.oracle.jobs import jobs
from tests.oracle.model import Dated, Kind, Ledger, Record
from tests.oracle.rounds import run

FULL = 106 * YUAN


def grouped(facts: Ledger) -> list[list[str]]:
    return sorted(sorted(each.key for each in job) for job in jobs(facts, facts.records))


def test_an_order_number_joins_at_one_provider_whatever_the_distance() -> None:
    """ "with an order number, all records of that number at one provider"."""
    facts = ledger(
        record("a", order="O"),
        record("b", "2027-09-01", order="O", instrument="other", user="other"),
        record("c", order="O", provider="Q"),
        record("d"),
        entries=[],
    )
    assert grouped(facts) == [["a", "b"], ["c"], ["d"]]


@pytest.mark.parametrize("name", ["provider", "client", "user", "instrument", "purpose"])
def test_without_one_all_five_must_be_the_same(name: str) -> None:
    """ "same provider, legal person, user, instrument and purpose"."""
    near = record("b", "2026-06-11")
    assert grouped(ledger(record(), near, entries=[])) == [["a", "b"]]
    other = replace(near, **{name: "other"})  # type: ignore[arg-type]
    assert grouped(ledger(record(), other, entries=[])) == [["a"], ["b"]]


def test_branches_of_one_legal_person_are_the_same_client() -> None:
    facts = Ledger((record(), record("b", "2026-06-11", client="C-branch")), parents=(Dated("C-branch", "C"),))
    assert grouped(facts) == [["a", "b"]]


@pytest.mark.parametrize(
    ("minutes_after", "closed", "joined"),
    [
        (0, [], True),
        (1, [], False),
        (24 * 60, ["2026-06-11"], True),
        (24 * 60 + 1, ["2026-06-11"], False),
    ],
)
def test_the_next_start_is_no_later_than_midnight_of_the_first_open_day(
    minutes_after: int, closed: list[str], joined: bool
) -> None:
    """ "no later than 24:00 of the instrument's first open civil day after the day of the latest end so far"."""
    start = at("2026-06-12", 0) + timedelta(minutes=minutes_after)
    late = replace(record("b"), start=start, end=start + timedelta(hours=1))
    facts = replace(ledger(record(), late, entries=[]), closed=frozenset(("I", day(each)) for each in closed))
    assert grouped(facts) == ([["a", "b"]] if joined else [["a"], ["b"]])


def test_the_latest_end_so_far_and_uncounted_records_link() -> None:
    """ "the latest end so far" is the long first record's; the cancelled one in the middle links the last."""
    long = replace(record("a"), end=at("2026-06-13"))
    short = record("b", "2026-06-11")
    cancelled = record("c", "2026-06-14", grounds=frozenset({"cancelled"}))
    last = record("d", "2026-06-15")
    assert grouped(ledger(long, short, record("e", "2026-06-16", user="v"), cancelled, last, entries=[])) == [
        ["a", "b", "c", "d"],
        ["e"],
    ]


def two_days(first: str, second: str, **changed: object) -> tuple[Record, Record]:
    return record("a", first, **changed), record("b", second, **changed)


def test_the_count_stands_on_the_last_counted_member() -> None:
    """ "they lose only the count, income and client stay"."""
    facts = ledger(*two_days("2026-06-10", "2026-06-11"), entries=[*paid("2026-07-01"), *paid("2026-07-01", key="b")])
    results = three_years(facts)
    assert (counts(results, "a"), counts(results, "b")) == ([0, 0, 0], [1, 0, 0])
    assert (incomes(results, "a"), clients(results, "a")) == ([FULL, 0, 0], [1, 0, 0])


def test_an_unpaid_last_member_leaves_the_count_to_the_one_before_it() -> None:
    facts = ledger(*two_days("2026-06-10", "2026-06-11"), entries=[*paid("2026-07-01"), *paid("2027-07-01", key="b")])
    results = three_years(facts)
    # "Once a final round took a job, later members have count 0"
    assert (counts(results, "a"), counts(results, "b")) == ([1, 0, 0], [0, 0, 0])
    assert incomes(results, "b") == [0, FULL, 0]


def test_across_new_year_the_count_waits_for_the_last_members_year() -> None:
    """ "in whatever year that member stands as seen at this as-of"."""
    facts = ledger(*two_days("2026-12-31", "2027-01-01"), entries=[*paid("2027-02-01"), *paid("2027-02-01", key="b")])
    results = three_years(facts)
    assert (counts(results, "a"), counts(results, "b")) == ([0, 0, 0], [0, 1, 0])
    assert incomes(results, "a") == [FULL, 0, 0]


def test_across_new_year_a_last_member_not_yet_paid_lets_the_first_count() -> None:
    facts = ledger(*two_days("2026-12-31", "2027-01-01"), entries=[*paid("2027-02-01"), *paid("2027-06-01", key="b")])
    results = three_years(facts)
    assert (counts(results, "a"), counts(results, "b")) == ([1, 0, 0], [0, 0, 0])


def test_a_job_waiting_for_a_member_that_falls_out_counts_on_the_one_before() -> None:
    """ "a job is judged afresh when any member is looked at"."""
    back = entry(Kind.RECEIPT, "2027-04-01", -FULL, key="b")
    facts = ledger(
        *two_days("2026-12-31", "2027-01-01"), entries=[*paid("2027-02-01"), *paid("2027-02-01", key="b"), back]
    )
    results = three_years(facts)
    assert (counts(results, "a"), counts(results, "b")) == ([0, 1, 0], [0, 0, 0])


def test_a_job_keeps_its_count_while_any_member_counts() -> None:
    """ "it loses its count only when no member counts, and the −1 stands on the record that took it"."""
    whole = [entry(Kind.REFUND, "2027-04-01", FULL, key="b"), entry(Kind.REFUND, "2028-04-01", FULL, key="a")]
    facts = ledger(
        *two_days("2026-06-10", "2026-06-11"), entries=[*paid("2026-07-01"), *paid("2026-07-01", key="b"), *whole]
    )
    results = three_years(facts)
    assert (counts(results, "a"), counts(results, "b")) == ([0, 0, 0], [1, 0, -1])
    assert (incomes(results, "a"), incomes(results, "b")) == ([FULL, 0, -FULL], [FULL, -FULL, 0])


def test_jobs_joined_later_lose_nothing_while_any_member_counts() -> None:
    """A record of the day between, entered late, joins two jobs that were taken as two."""
    first, last = record("a", "2026-06-10"), record("c", "2026-06-14")
    between = record("b", "2026-06-12", start=at("2026-06-11"), entered=at("2027-05-01"))
    entries = [each for key in "abc" for each in paid("2026-07-01", key=key)]
    out = [entry(Kind.REFUND, "2028-04-01", FULL, key=key) for key in "abc"]
    results = three_years(ledger(first, between, last, entries=entries))
    assert [counts(results, key) for key in "abc"] == [[1, 0, 0], [0, 0, 0], [1, 0, 0]]
    assert incomes(results, "b") == [0, FULL, 0]
    results = three_years(ledger(first, between, last, entries=[*entries, *out]))
    assert [counts(results, key) for key in "abc"] == [[1, 0, -1], [0, 0, 0], [1, 0, -1]]


def test_a_job_lost_and_paid_again_counts_on_its_last_counted_member() -> None:
    moves = [
        entry(Kind.RECEIPT, "2027-04-01", -FULL, key="a"),
        entry(Kind.RECEIPT, "2027-04-01", -FULL, key="b"),
        entry(Kind.RECEIPT, "2028-04-01", FULL, key="a"),
    ]
    facts = ledger(
        *two_days("2026-06-10", "2026-06-11"), entries=[*paid("2026-07-01"), *paid("2026-07-01", key="b"), *moves]
    )
    results = three_years(facts)
    assert (counts(results, "a"), counts(results, "b")) == ([0, 0, 1], [1, -1, 0])


def test_a_member_that_stands_in_a_later_year_does_not_hold_the_count_until_then() -> None:
    """ "A verdict that stands in a later year has value 0 until that year": −1 between and +1 later.
    Round 2027 (as-of 15 March 2028) sees b paid on 1 March 2028, after the cut-off of its service year 2027."""
    out = entry(Kind.REFUND, "2027-04-01", FULL)
    facts = ledger(
        *two_days("2026-12-31", "2027-01-01"), entries=[*paid("2027-02-01"), out, *paid("2028-03-01", key="b")]
    )
    results = three_years(facts)
    assert (counts(results, "a"), counts(results, "b")) == ([1, -1, 0], [0, 0, 1])


def test_equal_ends_are_decided_by_key() -> None:
    """ "by end and key"."""
    facts = ledger(
        *two_days("2026-06-10", "2026-06-10", order="O"), entries=[*paid("2026-07-01"), *paid("2026-07-01", key="b")]
    )
    results = run(facts, [closing(2026)])
    assert (counts(results, "a"), counts(results, "b")) == ([0], [1])
