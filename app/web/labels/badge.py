"""How a state looks beside its word; the colours are the classes shell-badge-* of the style sheet."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Badge(NamedTuple):
    colour: Literal["grey", "blue", "green", "yellow", "red"]
    icon: str


PLAIN = Badge("grey", "point")
WAITING = Badge("yellow", "clock")
GOOD = Badge("green", "circle-check")
RUNNING = Badge("blue", "player-play")
ENDED = Badge("grey", "archive")
REFUSED = Badge("red", "circle-x")
