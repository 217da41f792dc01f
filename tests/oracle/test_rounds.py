"""Hand-computed: §4 Once, for good – what each of three final rounds takes of one record."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.oracle.build import (
    SIMPLE,
    YUAN,
    at,
    clients,
    closing,
    confirmed,
    counts,
    entry,
    incomes,
    ledger,
    paid,
    record,
    three_years,
)
from tests.oracle.model import Entry, Kind
from tests.oracle.rounds import run
from tests.oracle.verdicts import Reason

FULL = 106 * YUAN
IN_TIME = paid("2026-07-01")


def play(*added: Entry, first: list[Entry] = IN_TIME) -> tuple[list[int], list[int], list[int]]:
    results = three_years(ledger(record(), entries=[*first, *added]))
    return counts(results), incomes(results), clients(results)


def refund(on: str, amount: int, entered: str = "") -> Entry:
    return entry(Kind.REFUND, on, amount, entered=entered)


def receipt(on: str, amount: int, entered: str = "") -> Entry:
    return entry(Kind.RECEIPT, on, amount, entered=entered)


def test_taken_once() -> None:
    assert play() == ([1, 0, 0], [FULL, 0, 0], [1, 0, 0])


def test_paid_after_the_cut_off_stands_in_the_next_year() -> None:
    """Known to round 2026 (as-of 15 March), yet standing in 2027: "the year rule brings it now"."""
    assert play(first=paid("2027-03-05")) == ([0, 1, 0], [0, FULL, 0], [0, 1, 0])


def test_a_refund_known_before_the_freezing_lowers_the_year_itself() -> None:
    """ "the value is the verdict on all entries entered before its as-of, whatever their date"."""
    assert play(refund("2027-03-01", 6 * YUAN)) == ([1, 0, 0], [FULL - 600, 0, 0], [1, 0, 0])


def test_a_refund_entered_at_the_as_of_weighs_in_the_first_later_round() -> None:
    """ "'Entered before the as-of' is seen, at or after it is new"."""
    before_the_as_of = refund("2027-03-15", 600, entered="2027-03-14")
    at_the_as_of = refund("2027-03-14", 600, entered="2027-03-15")
    assert play(before_the_as_of)[1] == [FULL - 600, 0, 0]
    assert play(at_the_as_of)[1] == [FULL, -600, 0]


def test_an_entry_dated_after_the_rounds_year_waits_for_the_round_of_its_year() -> None:
    """Entered after the as-of of 2026 and before that of 2027, dated 2028: "only if an entry dated no later than
    the later round's 31 December was added at or after that as-of" ("that" = of the last that read the record)."""
    assert play(refund("2028-01-10", 600))[1] == [FULL, 0, -600]


def test_an_entry_dated_within_the_year_brings_those_dated_after_it_along() -> None:
    """ "the verdict on all entries entered before its as-of, whatever their date"."""
    assert play(refund("2027-12-31", 100), refund("2028-01-10", 600))[1] == [FULL, -700, 0]


def test_wholly_refunded_later() -> None:
    """ "A record wholly refunded later is −1 service and minus its income in the year of the refund"."""
    assert play(refund("2027-06-01", FULL)) == ([1, -1, 0], [FULL, -FULL, 0], [1, 0, 0])


def test_taken_unpaid_and_paid_again() -> None:
    """ "a record taken, un-paid and paid again is −1 between and +1 later" · "a client … never takes one away"."""
    again = (receipt("2027-06-01", -FULL), receipt("2028-02-01", FULL))
    assert play(*again) == ([1, -1, 1], [FULL, -FULL, FULL], [1, 0, 0])


def test_unpaid_and_paid_again_within_one_later_year_changes_nothing() -> None:
    """Taken back in June, paid again in July 2027: it stands in 2027, where it is still worth what was taken."""
    assert play(receipt("2027-06-01", -FULL), receipt("2027-07-01", FULL))[0] == [1, 0, 0]


def test_unpaid_then_paid_years_later_counts_once() -> None:
    """ "Want of money: unpaid … – it may count later, once"."""
    assert play(first=paid("2028-05-01")) == ([0, 0, 1], [0, 0, FULL], [0, 0, 1])


def test_wholly_refunded_in_its_year_and_paid_anew_later() -> None:
    """ "wholly refunded – it may count later, once"."""
    back = refund("2026-08-01", FULL)
    assert play(back, receipt("2027-04-01", FULL)) == ([0, 1, 0], [0, FULL, 0], [0, 1, 0])


def test_minimum_reached_by_a_refund_is_for_good() -> None:
    """ "minimum amount (also when reached by a refund) … are for good once a final round judged them"."""
    facts = ledger(record(), entries=[*IN_TIME, refund("2027-04-01", 600), receipt("2028-04-01", 600)])
    results = three_years(facts, replace(SIMPLE, minimum=FULL))
    assert (counts(results), incomes(results)) == ([1, -1, 0], [FULL, -FULL, 0])
    assert results[2].lines["a"].reason is Reason.MINIMUM


def test_a_refund_to_below_the_minimum_made_good_before_any_final_round_counts() -> None:
    facts = ledger(record(), entries=[*IN_TIME, refund("2027-01-10", 600), receipt("2027-03-01", 600)])
    assert counts(three_years(facts, replace(SIMPLE, minimum=FULL))) == [1, 0, 0]


def test_zero_charge_by_adjustment_is_for_good() -> None:
    """ "A charge of zero never counts"."""
    down, up = entry(Kind.CHARGE_DOWN, "2027-04-01", FULL), entry(Kind.CHARGE_UP, "2028-04-01", FULL)
    assert play(down, up) == ([1, -1, 0], [FULL, -FULL, 0], [1, 0, 0])


def test_unpaid_below_the_minimum_is_want_of_money() -> None:
    """The first that applies decides: unpaid comes before minimum, so the record may count later."""
    half = [confirmed(), receipt("2026-07-01", 50 * YUAN), receipt("2027-07-01", 56 * YUAN)]
    results = three_years(ledger(record(), entries=half), replace(SIMPLE, minimum=FULL))
    assert results[0].lines["a"].reason is Reason.UNPAID
    assert counts(results) == [0, 1, 0]


def test_a_confirmation_that_comes_later_counts_then() -> None:
    late = [receipt("2026-07-01", FULL), confirmed(on="2027-05-01")]
    assert play(first=late) == ([0, 1, 0], [0, FULL, 0], [0, 1, 0])


def test_stored_rules_judge_later() -> None:
    """ "A later round …, under whatever scheme, … under the stored rules"."""
    facts = ledger(record(), record("b", "2027-06-10"), entries=[
        *IN_TIME, refund("2027-06-01", 600), *paid("2027-07-01", key="b"),
    ])  # fmt: skip
    strict = replace(SIMPLE, minimum=FULL * 2)
    results = run(facts, [closing(2026), closing(2027, strict)])
    assert incomes(results) == [FULL, -600]
    assert counts(results, "b") == [0, 0]


def test_a_late_record_stands_in_the_first_round_that_sees_it() -> None:
    """ "A record entered at or after its service year's as-of is marked late …"."""
    late = record(entered=at("2027-03-15"))
    results = three_years(ledger(late, entries=IN_TIME))
    assert counts(results) == [0, 1, 0]
    assert results[1].lines["a"].late
    assert [result.lines["a"].year for result in results[1:]] == [2027, 2027]
    in_time = three_years(ledger(replace(late, entered=at("2027-03-14")), entries=IN_TIME))
    assert counts(in_time) == [1, 0, 0]
    assert not in_time[0].lines["a"].late


def test_a_late_record_stands_in_the_year_rules_year_where_that_is_later() -> None:
    late = record(entered=at("2027-04-01"))
    assert counts(three_years(ledger(late, entries=paid("2028-04-01")))) == [0, 0, 1]


def test_a_running_year_assumes_what_the_earlier_one_would_take() -> None:
    """ "While the earlier round is not final, the running year assumes what its last computation would take"."""
    facts = ledger(record(), entries=[*IN_TIME, refund("2027-06-01", 600)])
    first, again = closing(2026, final=False), closing(2026, final=False, as_of="2027-07-01")
    results = run(facts, [first, closing(2027, final=False)])
    assert (incomes(results), results[1].assumes) == ([FULL, -600], (2026,))
    results = run(facts, [first, again, closing(2027, final=False)])
    assert incomes(results) == [FULL, FULL - 600, 0]
    results = run(facts, [first, closing(2027)])
    assert results[1].assumes == (2026,)
    assert run(facts, [closing(2026), closing(2027)])[1].assumes == ()


def test_a_trial_takes_nothing() -> None:
    """ "computed, verified, marked as such everywhere, never final, pays and takes nothing"."""
    facts = ledger(record(), entries=paid("2027-06-01"), cutoffs=False)
    results = run(facts, [replace(closing(2026, final=False), trial=True), closing(2027)])
    assert counts(results) == [0, 1]
    facts = ledger(record(), entries=[*IN_TIME, refund("2027-06-01", 600)])
    results = run(facts, [replace(closing(2026, final=False), trial=True), closing(2027)])
    assert (incomes(results), results[1].assumes) == ([FULL, 0], ())


def test_a_service_of_a_year_never_assessed_does_not_enter_a_later_one() -> None:
    """Reading 11."""
    facts = ledger(record(), entries=IN_TIME)
    assert counts(run(facts, [closing(2027), closing(2028)])) == [0, 0]


def test_final_rounds_keep_the_order_of_years() -> None:
    with pytest.raises(ValueError, match="2026 is computed after"):
        run(ledger(record(), entries=[]), [closing(2027), closing(2026)])
