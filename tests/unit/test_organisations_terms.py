"""When a membership holds, and whether a body would be left without an administrator."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.organisations.rules import Term, leaves_nobody, role_faults, separation_broken, term_faults

TODAY = date(2026, 11, 18)
DAY = timedelta(days=1)
OPEN = Term(TODAY - DAY, None)

ends = st.none() | st.integers(0, 30).map(lambda days: TODAY + days * DAY)
terms = st.builds(Term, st.integers(-30, 30).map(lambda days: TODAY + days * DAY), ends)


@given(st.lists(terms, max_size=4), ends)
def test_somebody_administers_on_the_day_this_one_ends(others: list[Term], ends_on: date | None) -> None:
    left = [other for other in others if ends_on is not None and other.holds(ends_on)]
    assert leaves_nobody(others, ends_on=ends_on, today=TODAY) is (ends_on is not None and not left)


def test_an_end_in_the_past_is_judged_by_today() -> None:
    ended = Term(TODAY - 10 * DAY, TODAY)
    assert leaves_nobody([ended], ends_on=TODAY - 5 * DAY, today=TODAY)
    assert not leaves_nobody([OPEN], ends_on=TODAY - 5 * DAY, today=TODAY)


@pytest.mark.parametrize(
    ("starts", "ends_on", "wrong"),
    [(0, 0, False), (0, 1, False), (0, None, False), (-5, -1, True), (5, 4, True), (5, 5, False)],
)
def test_a_term_ends_neither_before_it_starts_nor_in_the_past(starts: int, ends_on: int | None, wrong: bool) -> None:
    term = Term(TODAY + starts * DAY, None if ends_on is None else TODAY + ends_on * DAY)
    assert bool(list(term_faults(term, today=TODAY))) is wrong


@pytest.mark.parametrize(
    ("parts", "wrong"),
    [([], True), (["client"], False), (["client", "provider"], False), (["operator"], True), (["client", "x"], True)],
)
def test_only_some_parts_are_applied_for(parts: list[str], wrong: bool) -> None:
    assert bool(list(role_faults(parts))) is wrong


THREE = ("system-administrator", "security-administrator", "audit-administrator")


@pytest.mark.parametrize("wanted", THREE)
def test_the_three_administrators_are_three_people(wanted: str) -> None:
    others = set(THREE) - {wanted}
    assert all(separation_broken([held], wanted) for held in others)
    assert not separation_broken([wanted, "member"], wanted)
    assert not separation_broken(others, "member")
