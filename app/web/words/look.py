"""How a state looks beside its word; the colours are the classes shell-badge-* of the style sheet."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Look(NamedTuple):
    colour: Literal["grey", "blue", "green", "yellow", "red"]
    icon: str


PLAIN = Look("grey", "point")
WAITING = Look("yellow", "clock")
GOOD = Look("green", "circle-check")
RUNNING = Look("blue", "player-play")
ENDED = Look("grey", "archive")
REFUSED = Look("red", "circle-x")
