"""The checker finds each error that is planted, and nothing in a sound history."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.race.checker import Left, Outcome, Try, check

WON = Try("a", 1, 10, 12, began=0, ended=1, outcome=Outcome.OK)
LOST = Try("b", 1, 11, 13, began=0.5, ended=2, outcome=Outcome.NO, code="slot-taken")
CUT = Try("c", 1, 12, 14, began=1)
GIVEN = Try("d", 2, 10, 12, began=0, ended=1, outcome=Outcome.OK)
BACK = Try("e", 2, 10, 12, began=2, ended=3, outcome=Outcome.OK, cancels="d")
TRIES = [WON, LOST, CUT, GIVEN, BACK]
A, D = Left("a", 1, 10, 12, live=True), Left("d", 2, 10, 12, live=False)


def test_a_sound_history_is_clean() -> None:
    assert check(TRIES, [A, D]) == {}
    assert check(TRIES, [A, Left("c", 1, 12, 14, live=True), D]) == {}


@pytest.mark.parametrize(
    ("rule", "left"),
    [
        ("K1 overlap", [A, Left("c", 1, 11, 14, live=True), D]),
        ("K1 overlap", [Left("a", 1, 10, 20, live=True), Left("c", 1, 12, 14, live=True), D]),
        ("K2 empty or reversed", [A, Left("c", 1, 14, 12, live=False), D]),
        ("K3 acknowledged, lost", [D]),
        ("K3 acknowledged, not live", [replace(A, live=False), D]),
        ("K4 one request, two rows", [A, replace(A, start=20, end=22), D]),
        ("K5 differs from what was asked", [replace(A, end=11), D]),
        ("K6 cancelled, still live", [A, replace(D, live=True)]),
        ("K7 refused, but written", [A, Left("b", 1, 30, 32, live=True), D]),
        ("K9 nobody asked for it", [A, D, Left("z", 3, 1, 2, live=True)]),
    ],
)
def test_each_planted_error_is_found(rule: str, left: list[Left]) -> None:
    assert rule in check(TRIES, left)


def test_a_refusal_without_cause_is_found() -> None:
    assert list(check([LOST], [])) == ["K8 refused without cause"]
    late = replace(WON, began=5, ended=6)
    assert list(check([LOST, late], [A])) == ["K8 refused without cause"]
