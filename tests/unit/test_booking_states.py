"""The life of a booking is the table, the whole table and nothing but the table."""

from __future__ import annotations

import pytest

from app.booking.rules.states import HOLDS_TIME, TRANSITIONS, BookingMove, BookingState, allowed, moved
from app.kernel.errors import Refused

_S = BookingState
OVER = {_S.DECLINED, _S.CANCELLED, _S.EXPIRED, _S.COMPLETED, _S.NO_SHOW}  # states without a way out


@pytest.mark.parametrize(
    "path",
    [
        ("requested approve confirmed start started stop ended complete completed"),
        ("requested reschedule requested decline declined"),
        ("requested expire expired"),
        ("confirmed reschedule confirmed cancel cancelled"),
        ("confirmed miss no_show"),
    ],
)
def test_lives(path: str) -> None:
    words = path.split()
    state = BookingState(words[0])
    for move, reached in zip(words[1::2], words[2::2], strict=True):
        state = moved(state, BookingMove(move))
        assert state == reached


@pytest.mark.parametrize("state", BookingState)
def test_every_other_move_is_refused(state: BookingState) -> None:
    for move in set(BookingMove) - allowed(state):
        with pytest.raises(Refused) as refused:
            moved(state, move)
        assert refused.value.refusals[0].code == "wrong-state"


def test_ends_are_ends_and_everything_can_be_reached() -> None:
    assert all(not allowed(state) for state in OVER)
    assert all(allowed(state) for state in set(BookingState) - OVER)
    assert set(TRANSITIONS.values()) == set(BookingState)


def test_time_is_given_back_by_exactly_these() -> None:
    assert set(BookingState) - HOLDS_TIME == {"requested", "declined", "cancelled", "expired", "no_show"}
