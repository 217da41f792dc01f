"""The states of a round and which may follow which; each but `provisional` is an act by a person."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class RoundState(StrEnum):
    OPEN = "open"
    PROVISIONAL = "provisional"
    """The year is over; the clock goes so far and no further."""
    FINAL = "final"
    CLOSED = "closed"
    """Opened by mistake; nothing of it counts."""


NEXT: Mapping[RoundState, frozenset[RoundState]] = {
    RoundState.OPEN: frozenset({RoundState.PROVISIONAL, RoundState.CLOSED}),
    RoundState.PROVISIONAL: frozenset({RoundState.FINAL, RoundState.CLOSED}),
    RoundState.FINAL: frozenset(),
    RoundState.CLOSED: frozenset(),
}
"""The database holds the same (`models.ROUND_GUARDS`)."""

RUNNING = frozenset({RoundState.OPEN, RoundState.PROVISIONAL})
"""Computed every night."""
