"""Once, for good: what later rounds make of a record that a final round has read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.ledger.rules.exclusions import CountingRules, Measure, Reason
from app.ledger.rules.facts import Confirmation, EvidenceGrade, ServiceFacts
from app.ledger.rules.takings import Outcome, Reading, Taken
from app.ledger.rules.verdicts import Judgement, Judging
from app.ledger.rules.years import CutOffs
from tests.unit.services import CUT_OFFS, day, judged_with, paid, service, taken, values
from tests.unit.times import t

NOTHING = {"count": 0, "income": 0, "clients": 0, "hours": 0}
WAITING = taken(outcome=Outcome.WAITING)
PAID = ("2025-09-01", 1000_00)


def again(facts: ServiceFacts, before: Taken, year: int = 2026, *, changed: bool = True) -> Judgement | None:
    return judged_with([Reading(facts, before, changed)], year).get(facts.key)


def read(facts: ServiceFacts, before: Taken, year: int = 2026, *, changed: bool = True) -> Judgement:
    found = again(facts, before, year, changed=changed)
    assert found is not None
    return found


def test_what_nothing_new_was_entered_about_is_not_looked_at() -> None:
    assert again(service(), taken(), changed=False) is None
    assert again(service(receipts=()), WAITING, changed=False) is None


def test_marking_money_back_and_forth_counts_nothing_twice() -> None:
    """−1,248 and +1,248 in 2026 on a service of final 2025: taken, and worth as much as before."""
    moved = service(receipts=paid(PAID, ("2026-03-01", -1000_00), ("2026-03-02", 1000_00)))
    found = read(moved, taken())
    assert values(found) == NOTHING
    assert found.verdicts[Measure.COUNT].reasons == (Reason.COUNTED_BEFORE,)
    assert not any(verdict.counts for verdict in found.verdicts.values())


def test_taken_unpaid_and_paid_again_is_one_less_between_and_one_more_later() -> None:
    unpaid = service(receipts=paid(PAID, ("2026-05-01", -1000_00)))
    between = read(unpaid, taken())
    assert values(between) == {"count": -1, "income": -1000_00, "clients": 0, "hours": -115}
    assert between.outcome is Outcome.WAITING
    later = replace(unpaid, receipts=(*unpaid.receipts, *paid(("2027-02-01", 1000_00))))
    zero = {Measure.COUNT: 0, Measure.INCOME: 0, Measure.CLIENTS: 1, Measure.HOURS: 0}
    left = Taken(zero, Outcome.WAITING, day("2027-04-01"), "final")
    assert values(read(later, left, 2027, changed=False)) == {"count": 1, "income": 1000_00, "clients": 0, "hours": 115}


def test_what_stands_in_a_later_year_is_worth_nothing_until_then() -> None:
    """Paid again in January 2027 and known before 2026 is closed: 2026 gives it back, 2027 takes it."""
    moved = service(receipts=paid(PAID, ("2026-10-01", -1000_00), ("2027-01-05", 1000_00)))
    found = read(moved, taken())
    assert values(found)["count"] == -1
    assert (found.outcome, found.verdicts[Measure.COUNT].reasons) == (Outcome.WAITING, (Reason.OTHER_YEAR,))


def test_a_partial_refund_lowers_the_income_and_nothing_else() -> None:
    found = read(service(refunds=paid(("2026-05-01", 300_00))), taken())
    assert values(found) == NOTHING | {"income": -300_00}
    assert found.verdicts[Measure.INCOME].reasons == (Reason.CHANGED_LATER,)


def test_wholly_refunded_later_is_one_service_and_its_income_less_but_no_client() -> None:
    found = read(service(refunds=paid(("2026-05-01", 1000_00))), taken())
    assert values(found) == {"count": -1, "income": -1000_00, "clients": 0, "hours": -115}
    assert found.outcome is Outcome.WAITING


def test_below_the_minimum_by_a_refund_is_out_for_good() -> None:
    found = read(service(refunds=paid(("2026-05-01", 995_00))), taken())
    assert (values(found)["count"], found.outcome) == (-1, Outcome.EXCLUDED)
    put_right = service(receipts=paid(PAID, ("2026-06-01", 995_00)), refunds=paid(("2026-05-01", 995_00)))
    out = Taken({Measure.CLIENTS: 1}, Outcome.EXCLUDED, day("2027-04-01"), "final")
    last = read(put_right, out, 2027)
    assert values(last) == NOTHING
    assert last.verdicts[Measure.COUNT].reasons == (Reason.EXCLUDED_BEFORE,)


@pytest.mark.parametrize(
    ("received", "year", "count"),
    [("2026-05-01", 2026, 1), ("2026-05-01", 2027, 1), ("2027-05-01", 2027, 1), ("2027-05-01", 2026, 0)],
)
def test_what_waited_for_money_counts_in_the_year_that_brings_it(received: str, year: int, count: int) -> None:
    found = again(service(receipts=paid((received, 1000_00))), WAITING, year, changed=False)
    assert (found is not None and values(found)["count"] == 1) is bool(count)


def test_money_of_the_year_entered_only_after_it_was_closed_weighs_in_the_first_later_round() -> None:
    found = read(service(receipts=paid(("2026-03-20", 1000_00))), WAITING, 2027)
    assert values(found) == {"count": 1, "income": 1000_00, "clients": 1, "hours": 115}
    assert all(verdict.counts for verdict in found.verdicts.values())


def test_the_rules_of_the_first_round_stay_those_of_the_record() -> None:
    """Another scheme with a lower minimum or another cut-off cannot take it a second time."""
    lenient = Judging(
        CountingRules(exclusions=frozenset(), evidence=()), CutOffs({2025: CUT_OFFS.dates[2025].replace(year=2027)})
    )
    late = service(receipts=paid(("2026-05-01", 5_00)), charged=5_00, confirmation=Confirmation.NONE)
    found = judged_with([Reading(late, WAITING, True)], 2026, own=lenient)
    assert values(found["a"]) == NOTHING
    assert Reason.BELOW_MINIMUM in found["a"].verdicts[Measure.COUNT].reasons
    moved = service(receipts=paid(("2026-05-01", 1000_00)))
    for year, count in ((2025, 0), (2026, 1)):
        under = judged_with([Reading(moved, WAITING, True)], year, own=lenient)
        assert values(under["a"])["count"] == count


CLOSED = {2025: day("2026-04-01")}


@pytest.mark.parametrize(("received", "entered", "year", "late", "count"), [
    ("2025-09-01", "2026-04-01", 2026, True, 1),
    ("2025-09-01", "2026-06-01", 2026, True, 1),
    ("2027-05-01", "2026-06-01", 2026, True, 0),
    ("2027-05-01", "2026-06-01", 2027, True, 1),
])  # fmt: skip
def test_a_record_entered_late_stands_in_the_first_round_that_sees_it(
    received: str, entered: str, year: int, late: bool, count: int
) -> None:
    facts = service(entered=day(entered), receipts=paid((received, 1000_00)))
    found = judged_with([Reading(facts, None, False)], year, closed=CLOSED)["a"]
    assert (found.late, values(found)["count"]) == (late, count)


def test_a_record_entered_in_time_is_not_late() -> None:
    facts = service(entered=day("2026-03-31"))
    assert judged_with([Reading(facts, None, False)], 2026, closed=CLOSED) == {}
    assert not judged_with([Reading(facts, None, False)], 2025, closed=CLOSED)["a"].late


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, Outcome.COUNTED),
        ({"receipts": ()}, Outcome.WAITING),
        ({"receipts": (), "confirmation": Confirmation.NONE}, Outcome.WAITING),
        ({"receipts": (), "related": True}, Outcome.EXCLUDED),
        ({"receipts": paid(("2026-05-01", 1000_00))}, Outcome.WAITING),
        ({"refunds": paid(("2025-10-01", 1000_00))}, Outcome.WAITING),
        ({"confirmation": Confirmation.NONE}, Outcome.PENDING),
        ({"evidence": EvidenceGrade.MANUAL}, Outcome.PENDING),
        ({"evidence": EvidenceGrade.IMPORTED}, Outcome.EXCLUDED),
        ({"confirmation": Confirmation.NONE, "related": True}, Outcome.EXCLUDED),
        ({"charged": 0}, Outcome.EXCLUDED),
        ({"effective_minutes": 1, "receipts": ()}, Outcome.EXCLUDED),
        ({"client_person": None}, Outcome.COUNTED),
    ],
)
def test_how_a_round_leaves_a_record(changes: dict[str, Any], outcome: Outcome) -> None:
    found = judged_with([Reading(service(**changes), None, False)])["a"]
    assert found.outcome is outcome


def test_a_service_after_the_year_is_nothing_to_it() -> None:
    assert judged_with([Reading(service(ended=t("2026-02-01 10:00")), None, False)], 2025) == {}


def test_what_only_lacked_a_confirmation_counts_where_one_is_entered_later() -> None:
    pending = taken(outcome=Outcome.PENDING)
    assert again(service(), pending, changed=False) is None
    assert values(read(service(), pending)) == {"count": 1, "income": 1000_00, "clients": 1, "hours": 115}


def test_what_was_wholly_refunded_is_not_looked_at_again_without_money() -> None:
    given_back = service(refunds=paid(("2026-05-01", 1000_00)))
    assert again(given_back, WAITING, 2028, changed=False) is None
