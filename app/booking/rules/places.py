"""Seating occupations on the interchangeable places 1..N of one calendar.

Occupations not yet started and not named may be re-seated (interval colouring), because
first-fit alone refuses requests that fit by count. What `seat` promises: nothing pinned moves,
nothing overlaps in a place, and

* if every pinned occupation has started, a place is found exactly when, with the wanted one,
  never more than N occupations overlap;
* if places of later occupations are named, the search is exact up to `EFFORT` steps (the
  general problem, precolouring extension on interval graphs, is NP-complete) and refuses beyond.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from app.kernel.period import Period, union

EFFORT = 20_000


@dataclass(frozen=True, slots=True)
class Occupation:
    """One active row of held time; `named` when somebody asked for this very place."""

    key: int
    place: int
    during: Period
    named: bool = False

    def pinned(self, now: datetime) -> bool:
        return self.named or self.during.start <= now


@dataclass(frozen=True, slots=True)
class PlaceRequest:
    """What an instrument takes of its calendar: any place of `capacity`, the place `part`, or the whole of it."""

    capacity: int = 1
    component_place: int | None = None
    is_composite: bool = False

    def __post_init__(self) -> None:
        if self.capacity < 1:
            raise ValueError("there is at least one place")

    def meets(self, place: int | None) -> bool:
        """Whether what holds this place can stand in its way."""
        return self.component_place is None or place == self.component_place

    def full(self, occupations: Iterable[Occupation]) -> list[Period]:
        """When nothing of it is left, disjoint and in order."""
        alone = self.is_composite or self.component_place is not None
        return full_periods((o for o in occupations if self.meets(o.place)), 1 if alone else self.capacity)


ONE_PLACE = PlaceRequest()


@dataclass(frozen=True, slots=True)
class Move:
    key: int
    place: int


@dataclass(frozen=True, slots=True)
class Seat:
    """The place for the wanted period and the occupations that must change theirs."""

    place: int
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True)
class Allocation:
    """Every place that a claim takes: one, or all of them for a whole."""

    places: tuple[int, ...]
    moves: tuple[Move, ...] = ()


def allocate(
    wanted: Period, occupations: Iterable[Occupation], place_request: PlaceRequest, *, now: datetime
) -> Allocation | None:
    """Find what `claim` takes during `wanted`; None when something stands in its way."""
    taken = tuple(occupations)
    if not place_request.is_composite and place_request.component_place is None:
        found = seat(wanted, taken, place_request.capacity, now=now)
        return Allocation((found.place,), found.moves) if found else None
    if any(place_request.meets(o.place) and o.during.overlaps(wanted) for o in taken):
        return None
    return Allocation(
        (place_request.component_place,)
        if place_request.component_place
        else tuple(range(1, place_request.capacity + 1))
    )


def seat(
    wanted: Period, occupations: Iterable[Occupation], capacity: int, *, now: datetime, place: int | None = None
) -> Seat | None:
    """Find a place for `wanted`, re-seating others only when no place is free as things are.

    `place` asks for one place by name. None means that the calendar is full.
    """
    taken = tuple(occupations)
    candidates = range(1, capacity + 1) if place is None else (place,)
    for free in candidates:
        if not any(o.place == free and o.during.overlaps(wanted) for o in taken):
            return Seat(free)
    return _reseated(wanted, taken, capacity, now, place)


def full_periods(occupations: Iterable[Occupation], capacity: int) -> list[Period]:
    """When `capacity` or more occupations overlap, disjoint and in order."""
    taken = [o.during for o in occupations]
    edges = sorted([(p.end, -1) for p in taken] + [(p.start, 1) for p in taken])
    full: list[Period] = []
    depth, since = 0, None
    for instant, step in edges:
        depth += step
        if depth >= capacity and since is None:
            since = instant
        elif depth < capacity and since is not None:
            full.append(Period(since, instant))
            since = None
    return union(full)


def _in_order(occupations: Iterable[Occupation]) -> list[Occupation]:
    return sorted(occupations, key=lambda o: (o.during, o.key))


def _blocks(occupations: Iterable[Occupation]) -> Iterator[list[Occupation]]:
    """Groups that share no moment; what happens in one cannot matter to another."""
    block: list[Occupation] = []
    until: datetime | None = None
    for one in _in_order(occupations):
        if until is not None and one.during.start >= until:
            yield block
            block, until = [], None
        block.append(one)
        until = one.during.end if until is None else max(until, one.during.end)
    yield block


def _reseated(
    wanted: Period, taken: Sequence[Occupation], capacity: int, now: datetime, place: int | None
) -> Seat | None:
    new = Occupation(min((o.key for o in taken), default=0) - 1, place or 0, wanted, named=place is not None)
    block = next(b for b in _blocks([*taken, new]) if new in b)
    pins = [o for o in block if o.place and o.pinned(now)]
    if full_periods(block, capacity + 1) or _clash(pins):
        return None
    seats = _colour(block, pins, capacity)
    if seats is None:
        return None
    moves = tuple(Move(o.key, seats[o.key]) for o in block if o is not new and seats[o.key] != o.place)
    return Seat(seats[new.key], moves)


def _clash(pins: Sequence[Occupation]) -> bool:
    return any(a.place == b.place and a.during.overlaps(b.during) for a, b in combinations(pins, 2))


def _colour(block: Sequence[Occupation], pins: Sequence[Occupation], capacity: int) -> dict[int, int] | None:
    """Depth first by start time, each step trying the present place first; None when there is no way.

    Iterative, because a busy season is deeper than Python's recursion limit.
    """
    loose = _in_order(o for o in block if o not in pins)
    barred = [{p.place for p in pins if p.during.overlaps(o.during)} for o in loose]
    before = _earlier_neighbours(loose)
    choices: list[list[int]] = []
    for _ in range(EFFORT + len(loose)):
        if len(choices) == len(loose):
            seats = {o.key: c[-1] for o, c in zip(loose, choices, strict=True)}
            return seats | {p.key: p.place for p in pins}
        step = len(choices)
        closed = barred[step] | {choices[n][-1] for n in before[step]}
        free = (p for p in range(capacity, 0, -1) if p not in closed)
        choices.append(sorted(free, key=lambda p: p == loose[step].place))
        while choices and not choices[-1]:
            choices.pop()
            if not choices:
                return None
            choices[-1].pop()
    return None


def _earlier_neighbours(loose: Sequence[Occupation]) -> list[list[int]]:
    """For each occupation in order of start, the earlier ones that still run when it starts."""
    neighbours: list[list[int]] = []
    running: list[int] = []
    for index, one in enumerate(loose):
        running = [n for n in running if loose[n].during.end > one.during.start]
        neighbours.append(list(running))
        running.append(index)
    return neighbours
