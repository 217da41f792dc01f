"""Booking rules: one row a rule, all refusals at once, and what would help."""

from __future__ import annotations

import ast
import inspect
from dataclasses import MISSING, fields, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.booking.rules import refusals as rules
from app.booking.rules.opening import Opening, Span
from app.booking.rules.places import Occupation, PlaceRequest
from app.booking.rules.refusals import NO_DEMAND, NOT_YET_FED, BookingFacts, BookingRules, RefusalCode, refusals
from app.booking.services.check import load_facts
from app.kernel.errors import Refused
from app.kernel.period import Period
from tests.unit.times import hours, t

OFFICE = Opening(((Span(8 * 60, 18 * 60),),) * 5 + ((),) * 2)
RULES = BookingRules(lead_minutes=60, opening=OFFICE, horizon_days=30)
FINE = BookingFacts(
    wanted=hours(10, 12),
    now=hours(8, 9).start,
    rules=RULES,
    occupations=(),
    open_for_booking=True,
    shared_with_client=True,
    client_verified=True,
    in_service=True,
    suspended_until=None,
)
HELD = Occupation(1, 1, hours(10, 11))


def codes(facts: BookingFacts) -> list[str]:
    return [r.code for r in refusals(facts)]


def with_rules(**changes: Any) -> BookingFacts:
    return replace(FINE, rules=replace(RULES, **changes))


def test_a_fine_wish_meets_no_refusal() -> None:
    assert refusals(FINE) == ()


ROWS: list[tuple[str, BookingFacts]] = [
    ("not-open-for-booking", replace(FINE, open_for_booking=False)),
    ("not-shared-with-you", replace(FINE, shared_with_client=False)),
    ("organisation-not-verified", replace(FINE, client_verified=False)),
    ("instrument-in-maintenance", replace(FINE, in_service=False)),
    ("suspended", replace(FINE, suspended_until=hours(8, 8.5).end)),
    ("in-the-past", replace(FINE, now=hours(10.5, 11).start)),
    ("too-soon", replace(FINE, now=hours(9.5, 10).start)),
    ("too-far", replace(FINE, wanted=hours(30 * 24 + 9, 30 * 24 + 10))),
    ("too-short", with_rules(min_minutes=150)),
    ("too-long", with_rules(max_minutes=90)),
    ("off-grid", replace(FINE, wanted=hours(10.25, 12))),
    ("outside-opening-hours", replace(FINE, wanted=hours(16, 19))),
    ("too-soon", replace(FINE, now=FINE.wanted.start)),
    ("too-long", with_rules(max_minutes=119)),
    ("too-short", with_rules(min_minutes=121)),
    ("too-far", replace(FINE, wanted=hours(9, 10), now=hours(8, 9).start, rules=BookingRules(horizon_days=0))),
    ("slot-taken", replace(FINE, occupations=(HELD,))),
]


@pytest.mark.parametrize(("code", "facts"), ROWS)
def test_each_rule_refuses_alone(code: str, facts: BookingFacts) -> None:
    assert codes(facts) == [code]


def test_every_rule_has_its_row_and_its_code() -> None:
    not_by_a_rule = {"ends-before-start", "too-late-to-cancel", "too-late-to-move", "mode-not-offered", "no-price"}
    not_by_a_rule |= {"already-asked", "declined", "undecided"}
    assert {code for code, _ in ROWS} | not_by_a_rule == set(RefusalCode)
    assert len(rules.RULES) == len({code for code, _ in ROWS})
    assert not {code for code, _ in ROWS} & NO_DEMAND, "refused requests are counted by reason"


def test_facts_without_a_default_cannot_be_forgotten() -> None:
    assert [one.name for one in fields(BookingFacts) if one.default is not MISSING] == []


def test_facts_that_nothing_records_are_listed_with_their_reason() -> None:
    """What `load_facts` fills with a constant nobody has established; the list says so, and nothing else does."""
    call = next(
        node
        for node in ast.walk(ast.parse(inspect.getsource(load_facts)))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "BookingFacts"
    )
    constant = {one.arg for one in call.keywords if isinstance(one.value, ast.Constant)}
    assert constant == set(NOT_YET_FED)
    assert all(NOT_YET_FED.values())


@pytest.mark.parametrize(
    "facts",
    [
        replace(FINE, suspended_until=FINE.now),
        replace(FINE, now=hours(9, 10).start),
        with_rules(min_minutes=120, max_minutes=120),
        replace(FINE, wanted=hours(8 + 24, 18 + 24), rules=replace(RULES, max_minutes=600)),
        replace(FINE, occupations=(Occupation(1, 1, hours(9, 10)), Occupation(2, 1, hours(12, 13)))),
        replace(FINE, occupations=(HELD,), rules=replace(RULES, place_request=PlaceRequest(2))),
        replace(FINE, occupations=(HELD,), rules=replace(RULES, place_request=PlaceRequest(component_place=2))),
        with_rules(horizon_days=1),
        replace(FINE, wanted=hours(8 + 24, 9 + 24), now=hours(9, 10).start, rules=replace(RULES, horizon_days=1)),
        replace(FINE, now=FINE.wanted.start, rules=replace(RULES, lead_minutes=0)),
        with_rules(grid_minutes=1),
    ],
)
def test_limits_themselves_are_allowed(facts: BookingFacts) -> None:
    assert codes(facts) == []


@pytest.mark.parametrize("seconds", [1, -1])
def test_one_second_of_overlap_is_an_overlap(seconds: int) -> None:
    shift = timedelta(seconds=seconds)
    neighbour = hours(9, 10) if seconds > 0 else hours(12, 13)
    held = Occupation(1, 1, replace(neighbour, start=neighbour.start + shift, end=neighbour.end + shift))
    assert codes(replace(FINE, occupations=(held,))) == ["slot-taken"]


def test_buffers_count_as_held_time() -> None:
    facts = replace(FINE, occupations=(Occupation(1, 1, hours(12, 13)),))
    assert codes(replace(facts, rules=replace(RULES, buffer_after_minutes=30))) == ["slot-taken"]


def test_all_refusals_come_at_once() -> None:
    facts = replace(
        FINE, wanted=hours(17.75, 30), occupations=(HELD, Occupation(2, 1, hours(18, 20))), client_verified=False
    )
    assert codes(facts) == [
        "organisation-not-verified",
        "too-long",
        "off-grid",
        "outside-opening-hours",
        "slot-taken",
    ]


def test_refusals_say_what_would_help() -> None:
    (taken,) = refusals(replace(FINE, occupations=(HELD,)))
    assert taken.params["next_free"][0] == (hours(11, 13).start, hours(11, 13).end)
    assert len(taken.params["next_free"]) == 3
    (off,) = refusals(replace(FINE, wanted=hours(10.25, 11.75)))
    assert (off.params["starts_at"], off.params["ends_at"]) == (hours(10, 12).start, hours(10, 12).end)
    (outside,) = refusals(replace(FINE, wanted=hours(17, 19)))
    assert outside.params["open"] == [(hours(8, 18).start, hours(8, 18).end)]
    assert outside.params["next_free"][0] == (hours(32, 34).start, hours(32, 34).end)
    (soon,) = refusals(replace(FINE, now=t("2026-03-02 09:10")))
    assert soon.params["earliest"] == t("2026-03-02 10:30")
    (passed,) = refusals(replace(FINE, now=t("2026-03-02 17:10")))
    assert passed.params["earliest"] == hours(32, 34).start  # closed in the evening: the next morning
    (long,) = refusals(with_rules(max_minutes=90))
    assert long.params == {"asked_minutes": 120, "limit_minutes": 90}


@given(st.integers(0, 60 * 20), st.integers(1, 60 * 12), st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9))))
def test_what_is_suggested_is_not_refused(start: int, minutes: int, rows: list[tuple[int, int]]) -> None:
    held = tuple(Occupation(n, 1, hours(s, s + length)) for n, (s, length) in enumerate(rows))
    facts = replace(FINE, wanted=hours(9 + start / 60, 9 + (start + minutes) / 60), occupations=held)
    for refusal in refusals(facts):
        for begin, end in refusal.params.get("next_free", ()):
            assert codes(replace(facts, wanted=replace(facts.wanted, start=begin, end=end))) in ([], ["off-grid"])


@given(
    st.sampled_from([15, 30, 60]),
    st.integers(1, 8),
    st.integers(0, 8),
    st.integers(-120, 480),
    st.integers(1, 600),
)
def test_what_is_advised_instead_of_a_time_off_the_grid_is_permitted(
    grid: int, shortest: int, more: int, start: int, minutes: int
) -> None:
    """Whatever is asked: the period advised lies on the grid, ahead of the notice, between minimum and maximum."""
    lengths = {"min_minutes": shortest * grid - grid // 2, "max_minutes": (shortest + more) * grid + grid // 2}
    facts = replace(with_rules(grid_minutes=grid, **lengths), wanted=hours(9 + start / 60, 9 + (start + minutes) / 60))
    for refusal in refusals(facts):
        if refusal.code == "off-grid":
            advised = replace(facts, wanted=Period(refusal.params["starts_at"], refusal.params["ends_at"]))
            assert {*codes(advised)} <= {"outside-opening-hours"}


def test_a_short_wish_off_the_grid_is_advised_the_minimum() -> None:
    facts = replace(with_rules(min_minutes=60), wanted=hours(10.25, 10.5))
    (off,) = (refusal for refusal in refusals(facts) if refusal.code == "off-grid")
    assert (off.params["starts_at"], off.params["ends_at"]) == (hours(10, 11).start, hours(10, 11).end)


@pytest.mark.parametrize(("start", "end"), [(10.0, 10.0), (11.0, 10.0)])
def test_an_end_at_or_before_the_start_is_refused(start: float, end: float) -> None:
    with pytest.raises(Refused) as refused:
        rules.period_wanted(hours(start, start + 1).start, hours(end, end + 1).start)
    assert refused.value.refusals[0].code == "ends-before-start"


@pytest.mark.parametrize(("now", "late"), [("2026-03-01 10:00:00", False), ("2026-03-01 10:00:01", True)])
def test_cancelling_late(now: str, late: bool) -> None:
    assert (rules.late_to_cancel(FINE.wanted, RULES, now=t(now)) is not None) is late


@pytest.mark.parametrize(
    ("wanted", "field"),
    [(hours(10.25, 12), "starts_at"), (hours(10, 11.75), "ends_at"), (hours(10.25, 11.75), "starts_at")],
)
def test_the_end_that_is_off_the_grid_is_blamed(wanted: Period, field: str) -> None:
    (refusal,) = refusals(replace(FINE, wanted=wanted))
    assert refusal.field == field


def test_what_holds_unless_an_instrument_says_otherwise() -> None:
    customary = BookingRules()
    assert (customary.grid_minutes, customary.min_minutes, customary.max_minutes) == (30, 30, 480)
    assert (customary.cancel_before_hours, customary.horizon_days, customary.lead_minutes) == (24, 90, 0)
    assert (customary.early_start_minutes, customary.late_start_minutes) == (15, 30)
    assert customary.held(FINE.wanted) == FINE.wanted


def test_nothing_is_suggested_beyond_the_horizon_or_two_weeks() -> None:
    (near,) = refusals(replace(FINE, occupations=(HELD,), rules=replace(RULES, horizon_days=1)))
    assert near.params["next_free"] == [
        (hours(11, 13).start, hours(11, 13).end),
        (hours(13, 15).start, hours(13, 15).end),
        (hours(15, 17).start, hours(15, 17).end),
    ]
    full = Occupation(1, 1, hours(8, 8 + 14 * 24))
    (far,) = refusals(replace(FINE, occupations=(full,)))
    assert far.params["next_free"] == [(hours(8 + 14 * 24, 10 + 14 * 24).start, hours(8 + 14 * 24, 10 + 14 * 24).end)]


def test_a_calendar_full_for_two_weeks_is_said_to_be_full() -> None:
    """No slot of the length is free within reach: the refusal stands without a suggestion, and says so."""
    full = Occupation(1, 1, hours(8, 10 + 14 * 24))
    (taken,) = refusals(replace(FINE, occupations=(full,)))
    assert (taken.code, taken.params["next_free"]) == ("slot-taken", [])


@pytest.mark.parametrize("wrong", [{"grid_minutes": 0}, {"grid_minutes": 7}, {"min_minutes": 0}, {"max_minutes": 10}])
def test_impossible_rules_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"grid|minimum|place"):
        BookingRules(**wrong)  # type: ignore[arg-type]
