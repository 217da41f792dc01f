"""Judging a history of requests against the rows that are left, after reliability.md §5.3 (K1–K9).

Three outcomes: ok (the server said yes), no (it said no, so nothing may have happened) and unknown
(cut, timed out or 5xx: it may or may not have happened).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Any


class Outcome(StrEnum):
    OK = "ok"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass
class Try:
    """One wish for time, with every retry under its name; or the cancelling of what another made."""

    name: str
    calendar: int
    start: int
    end: int
    began: float
    ended: float = 0.0
    outcome: Outcome = Outcome.UNKNOWN
    code: str = ""
    cancels: str | None = None  # the name of the try whose row this one gives back

    def overlaps(self, start: int, end: int) -> bool:
        return self.start < end and start < self.end


@dataclass(frozen=True)
class Left:
    """A row that is there at the end; `name` is the try it came from."""

    name: str
    calendar: int
    start: int
    end: int
    live: bool


@dataclass
class Verdict:
    faults: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))

    def note(self, rule: str, what: Any) -> None:
        self.faults[rule].append(what)


def check(tries: Sequence[Try], left: Sequence[Left]) -> dict[str, list[Any]]:
    """The broken rules with what broke them; empty when the history is sound."""
    verdict = Verdict()
    _check_rows(tries, left, verdict)
    rows: dict[str, list[Left]] = defaultdict(list)
    for row in left:
        rows[row.name].append(row)
    given_back = _given_back(tries)
    for one in tries:
        if one.cancels is None:
            _check_try(one, rows[one.name], given_back.get(one.name), verdict)
            _check_cause(one, tries, verdict)
    return dict(verdict.faults)


def _check_rows(tries: Iterable[Try], left: Sequence[Left], verdict: Verdict) -> None:
    asked = {one.name for one in tries}
    live: dict[int, list[Left]] = defaultdict(list)
    for row in left:
        if not row.start < row.end:
            verdict.note("K2 empty or reversed", row)
        if row.name not in asked:
            verdict.note("K9 nobody asked for it", row)
        if row.live:
            live[row.calendar].append(row)
    for held in live.values():
        held.sort(key=lambda row: (row.start, row.end))
        furthest = held[0]
        for earlier, row in pairwise(held):
            furthest = max(furthest, earlier, key=lambda r: r.end)
            if row.start < furthest.end:
                verdict.note("K1 overlap", (furthest, row))


def _given_back(tries: Iterable[Try]) -> dict[str, Outcome]:
    """For each try that somebody cancelled: whether that certainly happened, or perhaps."""
    found: dict[str, Outcome] = {}
    for one in tries:
        if one.cancels is not None and one.outcome is not Outcome.NO and found.get(one.cancels) is not Outcome.OK:
            found[one.cancels] = one.outcome
    return found


def _check_try(one: Try, rows: Sequence[Left], gone: Outcome | None, verdict: Verdict) -> None:
    if len(rows) > 1:
        verdict.note("K4 one request, two rows", one.name)
    if one.outcome is Outcome.NO and rows:
        verdict.note("K7 refused, but written", one.name)
    if one.outcome is not Outcome.OK:
        return
    if not rows:
        verdict.note("K3 acknowledged, lost", one.name)
        return
    row = rows[0]
    if (row.calendar, row.start, row.end) != (one.calendar, one.start, one.end):
        verdict.note("K5 differs from what was asked", one.name)
    if not row.live and gone is None:
        verdict.note("K3 acknowledged, not live", one.name)
    if row.live and gone is Outcome.OK:
        verdict.note("K6 cancelled, still live", one.name)


def _check_cause(one: Try, tries: Iterable[Try], verdict: Verdict) -> None:
    """A slot is refused as taken only if somebody else's try for it had begun before the answer."""
    if one.outcome is not Outcome.NO or one.code != "slot-taken":
        return
    for other in tries:
        rival = other.cancels is None and other is not one and other.calendar == one.calendar
        if rival and other.outcome is not Outcome.NO and other.overlaps(one.start, one.end) and other.began < one.ended:
            return
    verdict.note("K8 refused without cause", one.name)
