"""The life of a booking: its states and the one table of moves between them."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.errors import refuse


class BookingState(StrEnum):
    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    STARTED = "started"
    ENDED = "ended"
    COMPLETED = "completed"
    """Ended, and confirmed by the client."""
    NO_SHOW = "no_show"


class BookingMove(StrEnum):
    APPROVE = "approve"
    DECLINE = "decline"
    CANCEL = "cancel"
    EXPIRE = "expire"
    START = "start"
    STOP = "stop"
    COMPLETE = "complete"
    MISS = "miss"
    RESCHEDULE = "reschedule"


_S, _M = BookingState, BookingMove

TRANSITIONS: dict[tuple[BookingState, BookingMove], BookingState] = {
    (_S.REQUESTED, _M.APPROVE): _S.CONFIRMED,
    (_S.REQUESTED, _M.DECLINE): _S.DECLINED,
    (_S.REQUESTED, _M.CANCEL): _S.CANCELLED,
    (_S.REQUESTED, _M.EXPIRE): _S.EXPIRED,
    (_S.REQUESTED, _M.RESCHEDULE): _S.REQUESTED,
    (_S.CONFIRMED, _M.CANCEL): _S.CANCELLED,
    (_S.CONFIRMED, _M.RESCHEDULE): _S.CONFIRMED,
    (_S.CONFIRMED, _M.START): _S.STARTED,
    (_S.CONFIRMED, _M.MISS): _S.NO_SHOW,
    (_S.STARTED, _M.STOP): _S.ENDED,
    (_S.ENDED, _M.COMPLETE): _S.COMPLETED,
}

HOLDS_TIME = frozenset({_S.CONFIRMED, _S.STARTED, _S.ENDED, _S.COMPLETED})
"""States whose occupation is active; a request holds time only where pending requests block."""


def allowed(state: BookingState) -> frozenset[BookingMove]:
    return frozenset(move for (frm, move) in TRANSITIONS if frm == state)


def moved(state: BookingState, move: BookingMove) -> BookingState:
    """The next state; raises Refused `wrong-state` when the table has no such move."""
    try:
        return TRANSITIONS[state, move]
    except KeyError:
        raise refuse("wrong-state", state=state.value, move=move.value) from None
