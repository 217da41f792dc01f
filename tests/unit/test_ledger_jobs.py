"""One job is one, over any number of days and New Year; its count stands on its last counted member."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.booking.rules.opening import ALWAYS_OPEN, DatedHours, Opening
from app.ledger.rules.exclusions import Measure, Reason
from app.ledger.rules.facts import Confirmation, ServiceFacts
from app.ledger.rules.jobs import jobs, linked_until
from app.ledger.rules.takings import Outcome, Reading
from tests.unit.services import day, fresh, in_order, judged_with, paid, service, taken, values
from tests.unit.times import t

COUNT = Measure.COUNT


def together(*records: ServiceFacts) -> list[list[str]]:
    return sorted([[one.key for one in job] for job in jobs(in_order(records), lambda facts: facts)])


@pytest.mark.parametrize(
    ("second", "one"),
    [
        ({}, True),
        ({"ended": t("2025-06-03 10:00")}, True),
        ({"started": t("2025-06-04 00:00"), "ended": t("2025-06-04 01:00")}, True),
        ({"started": t("2025-06-04 00:01"), "ended": t("2025-06-04 01:00")}, False),
        ({"started": t("2025-06-03 23:00"), "ended": t("2025-06-09 01:00")}, True),
        ({"related": True}, True),
        ({"unit": "annex"}, True),
        ({"instrument": "tem"}, False),
        ({"user": "colleague"}, False),
        ({"purpose": "teaching"}, False),
        ({"client_person": "other"}, False),
        ({"provider": "institute"}, False),
        ({"order": "W1"}, False),
    ],
)
def test_what_is_one_job_without_a_number(second: dict[str, Any], one: bool) -> None:
    assert (len(together(service("a"), service("b", **second))) == 1) is one


@pytest.mark.parametrize(
    ("second", "one"),
    [
        ({"instrument": "tem", "client_person": "other", "user": "x", "ended": t("2027-09-01 10:00")}, True),
        ({"order": "W2"}, False),
        ({"provider": "institute"}, False),
    ],
)
def test_all_records_of_a_number_at_one_provider_are_one_job(second: dict[str, Any], one: bool) -> None:
    second = {"order": "W1", **second}
    assert (len(together(service("a", order="W1"), service("b", **second))) == 1) is one


def test_a_long_use_joins_what_lies_within_it() -> None:
    long = service("b", started=t("2025-06-03 09:00"), ended=t("2025-07-01 10:00"))
    within = service("c", started=t("2025-06-20 09:00"), ended=t("2025-06-20 10:00"), linked_until=day("2025-06-22"))
    assert together(service("a"), within, long) == [["a", "c", "b"]]


def test_a_use_reaches_to_the_end_of_the_next_open_day() -> None:
    friday = t("2025-06-06 17:00")
    weekdays = Opening((*ALWAYS_OPEN.weekly[:5], (), ()))
    assert linked_until(friday, ALWAYS_OPEN) == day("2025-06-08")
    assert linked_until(friday, weekdays) == day("2025-06-10")
    closed = DatedHours(date(2025, 6, 9), date(2025, 6, 12))
    assert linked_until(friday, Opening(weekdays.weekly, (closed,))) == day("2025-06-14")
    assert linked_until(t("2025-06-07 00:00"), ALWAYS_OPEN) == day("2025-06-09")
    assert linked_until(friday, Opening(((),) * 7)) == day("2025-06-08")


def test_records_out_of_shelf_are_refused() -> None:
    pieces = [service("a"), service("b", instrument="tem"), service("c")]
    with pytest.raises(ValueError, match="shelf"):
        list(jobs(pieces, lambda facts: facts))


def five_days(*changes: dict[str, Any], first: int = 2) -> list[ServiceFacts]:
    """One use a day, that day after day is the same job."""
    return [service(f"{n}", **{"ended": t(f"2025-06-{first + n:02} 11:00")} | c) for n, c in enumerate(changes)]


def test_five_days_count_once_on_the_last_and_lose_only_the_count() -> None:
    found = judged_with(fresh(five_days({}, {}, {}, {}, {})))
    assert [one.verdicts[COUNT].value for one in found.values()] == [0, 0, 0, 0, 1]
    assert {one.verdicts[COUNT].counted_with for one in list(found.values())[:4]} == {"4"}
    assert [one.verdicts[COUNT].reasons for one in found.values()] == [(Reason.SPLIT_ORDER,)] * 4 + [()]
    assert [(v["income"], v["clients"]) for v in map(values, found.values())] == [(1000_00, 1)] * 5


def test_records_that_do_not_count_link_but_hold_no_count() -> None:
    found = judged_with(fresh(five_days({}, {"confirmation": Confirmation.NONE}, {}, {"related": True})))
    assert [one.verdicts[COUNT].value for one in found.values()] == [0, 0, 1, 0]


NEW_YEAR = [
    service("dec", ended=t("2025-12-31 11:00"), receipts=paid(("2026-01-10", 1000_00))),
    service("jan", ended=t("2026-01-01 11:00"), receipts=paid(("2026-01-10", 1000_00))),
]


def test_over_new_year_the_count_stands_in_the_year_of_its_last_member() -> None:
    before, after = judged_with(fresh(NEW_YEAR), 2025), judged_with(fresh(NEW_YEAR), 2026)
    assert {key: values(one)["count"] for key, one in before.items()} == {"dec": 0}
    assert {key: values(one)["income"] for key, one in before.items()} == {"dec": 1000_00}
    assert {key: values(one)["count"] for key, one in after.items()} == {"jan": 1}


def test_a_job_of_two_units_counts_in_one_of_them() -> None:
    found = judged_with(fresh(five_days({}, {"unit": "annex"})))
    assert {one.facts.unit: one.verdicts[COUNT].value for one in found.values()} == {"unit": 0, "annex": 1}


def test_a_record_of_a_unit_that_is_not_assessed_only_links() -> None:
    found = judged_with(fresh(five_days({}, {"unit": "nowhere"}, {"unit": "nowhere"})))
    assert [(key, one.verdicts[COUNT].value) for key, one in found.items()] == [("0", 1)]


def test_once_a_final_round_took_a_job_later_members_count_nothing() -> None:
    first = Reading(NEW_YEAR[0], taken(), False)
    found = judged_with([first, *fresh(NEW_YEAR[1:])], 2026)
    assert {key: values(one)["count"] for key, one in found.items()} == {"jan": 0}
    assert found["jan"].verdicts[COUNT].counted_with == "dec"
    assert values(found["jan"])["income"] == 1000_00


def refunded(facts: ServiceFacts) -> ServiceFacts:
    return replace(facts, refunds=paid(("2026-05-01", 1000_00)))


def test_jobs_joined_later_lose_nothing_while_any_member_counts() -> None:
    a, b, c = five_days({}, {}, {})
    joined = [Reading(refunded(a), taken(), True), Reading(b, None, False), Reading(c, taken(), False)]
    found = judged_with(joined, 2026)
    assert values(found["0"]) == {"count": 0, "income": -1000_00, "clients": 0, "hours": -115}
    assert "2" not in found


def test_the_job_loses_its_count_when_no_member_counts_on_the_record_that_took_it() -> None:
    a, b = five_days({}, {})
    nothing = taken(count=0)
    left = [Reading(refunded(a), nothing, True), Reading(b, taken(), False)]
    assert {key: values(one)["count"] for key, one in judged_with(left, 2026).items()} == {"0": 0}
    both = [Reading(refunded(a), nothing, True), Reading(refunded(b), taken(), False)]
    found = judged_with(both, 2026)
    assert {key: values(one)["count"] for key, one in found.items()} == {"0": 0, "1": -1}
    assert values(found["1"])["income"] == 0
    assert (found["0"].read, found["1"].read) == (True, False)


def test_a_member_that_waited_takes_the_count_where_no_other_has_it() -> None:
    a, b = five_days({}, {"receipts": paid(("2026-05-01", 1000_00))})
    waits = Reading(b, taken(outcome=Outcome.WAITING), True)
    found = judged_with([Reading(a, taken(count=0), False), waits], 2026)
    assert {key: values(one)["count"] for key, one in found.items()} == {"1": 1}


@given(st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=1, max_size=12))
def test_a_year_counts_every_job_once_whatever_its_length(uses: list[tuple[int, bool]]) -> None:
    records = [
        service(f"{n:02}", ended=t("2025-05-01 10:00") + timedelta(days=days), related=related)
        for n, (days, related) in enumerate(uses)
    ]
    found = judged_with(fresh(records))
    for job in jobs(in_order(records), lambda facts: facts):
        good = [one.key for one in job if not one.related]
        assert [key for key in good if found[key].verdicts[COUNT].value == 1] == good[-1:]
