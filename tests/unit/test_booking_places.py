"""Places: what seating promises, checked against a brute-force search."""

from __future__ import annotations

from datetime import datetime
from itertools import combinations, product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.booking.rules.places import Move, Occupation, PlaceRequest, Seat, allocate, full_periods, seat
from app.kernel.period import Period
from tests.unit.times import hours

NOW = hours(0, 1).start


def taken(*rows: tuple[int, float, float]) -> list[Occupation]:
    return [Occupation(key, place, hours(start, end)) for key, (place, start, end) in enumerate(rows, 1)]


def named(key: int, place: int, start: float, end: float) -> Occupation:
    return Occupation(key, place, hours(start, end), named=True)


def test_a_free_place_is_taken_without_moving_anybody() -> None:
    assert seat(hours(9, 10), taken((1, 9, 10), (3, 9, 10)), 3, now=NOW) == Seat(2)


def test_an_empty_calendar_seats_at_the_first_place() -> None:
    assert seat(hours(9, 10), [], 3, now=NOW) == Seat(1)


def test_touching_periods_share_a_place() -> None:
    assert seat(hours(10, 11), taken((1, 9, 10), (1, 11, 12)), 1, now=NOW) == Seat(1)


def test_first_fit_would_refuse_but_reseating_finds_room() -> None:
    """Place 1 is held 9-10, place 2 is held 10-11: 9-11 fits only once one of them moves."""
    seating = seat(hours(9, 11), taken((1, 9, 10), (2, 10, 11)), 2, now=NOW)
    assert seating == Seat(2, (Move(2, 1),))


def test_a_started_occupation_stays() -> None:
    seating = seat(hours(9, 11), taken((1, 8, 10), (2, 10, 11)), 2, now=hours(8.5, 9).start)
    assert seating == Seat(2, (Move(2, 1),))
    assert seat(hours(9, 11), taken((1, 8, 10), (2, 8, 11)), 2, now=NOW) is None


def test_what_starts_now_stays_and_what_starts_later_may_move() -> None:
    swap = taken((2, 8.5, 10), (1, 10, 11))
    assert seat(hours(9, 11), swap, 2, now=hours(8.5, 9).start) == Seat(1, (Move(2, 2),))


def test_time_already_begun_can_still_be_seated_anywhere() -> None:
    seating = seat(hours(9, 11), taken((1, 8, 10), (2, 10, 11)), 2, now=hours(9.5, 10).start)
    assert seating == Seat(2, (Move(2, 1),))


def test_named_places_beside_each_other_do_not_clash() -> None:
    held = [named(1, 1, 9, 10), named(2, 2, 9, 10)]
    movable = Occupation(3, 3, hours(10, 12))
    assert seat(hours(9, 11), [*held, movable], 3, now=NOW) == Seat(3, (Move(3, 1),))


@pytest.mark.parametrize(
    ("capacity", "rows", "wanted", "seating"),
    [
        (2, [named(1, 1, 7, 9), Occupation(2, 2, hours(4, 7))], hours(6, 9), Seat(2, (Move(2, 1),))),
        (
            3,
            [Occupation(1, 1, hours(2, 4)), named(2, 3, 4, 6), Occupation(3, 2, hours(2, 4))],
            hours(2, 5),
            Seat(2, (Move(3, 3),)),
        ),
        (
            3,
            [Occupation(1, 1, hours(5, 8)), named(2, 3, 5, 7), Occupation(3, 1, hours(3, 4)), named(4, 2, 3, 4)],
            hours(3, 6),
            Seat(1, (Move(3, 3), Move(1, 2))),
        ),
    ],
)
def test_a_first_guess_is_taken_back(capacity: int, rows: list[Occupation], wanted: Period, seating: Seat) -> None:
    assert seat(wanted, rows, capacity, now=NOW) == seating


def test_named_places_are_honoured() -> None:
    assert seat(hours(9, 11), [named(1, 1, 9, 10), named(2, 2, 10, 11)], 2, now=NOW) is None
    assert seat(hours(9, 10), taken((1, 9, 10)), 2, now=NOW, place=1) == Seat(1, (Move(1, 2),))
    assert seat(hours(9, 10), [named(1, 1, 9, 10)], 2, now=NOW, place=1) is None
    assert seat(hours(9, 10), taken((1, 9, 10)), 1, now=NOW, place=1) is None


@pytest.mark.parametrize(
    ("capacity", "full"),
    [(1, [hours(9, 12)]), (2, [hours(10, 11)]), (3, [])],
)
def test_full_periods(capacity: int, full: list[Period]) -> None:
    assert full_periods(taken((1, 9, 11), (2, 10, 12)), capacity) == full


def test_two_long_staggered_seasons_are_joined_by_one_wish() -> None:
    """Either half alternates between two places, but out of step: all 1,500 of the later half must change."""
    early = [(n % 2 + 1, n, n + 1.5) for n in range(1500)]
    late = [(n % 2 + 1, n + 1, n + 2.5) for n in range(1500, 3000)]
    seating = seat(hours(1500, 1501.25), taken(*early, *late), 2, now=NOW)
    assert seating is not None
    assert (seating.place, len(seating.moves)) == (1, 1500)


# Occupations are first seated as the platform itself would, so that every calendar is a legal one.
lengths = st.tuples(st.integers(1, 8), st.integers(1, 4), st.booleans())


@st.composite
def calendars(draw: st.DrawFn) -> tuple[int, list[Occupation]]:
    capacity = draw(st.integers(1, 3))
    seated: list[Occupation] = []
    for key, (start, length, is_named) in enumerate(draw(st.lists(lengths, max_size=6)), 1):
        wanted = hours(start, start + length)
        free = [p for p in range(1, capacity + 1) if not clashes(seated, p, wanted)]
        if free:
            seated.append(Occupation(key, draw(st.sampled_from(free)), wanted, is_named))
    return capacity, seated


def clashes(seated: list[Occupation], place: int, wanted: Period) -> bool:
    return any(o.place == place and o.during.overlaps(wanted) for o in seated)


def stays(one: Occupation, now: datetime) -> bool:
    """Named, or begun: said here in words of its own, so that the rule under test is not asked about itself."""
    return one.named or not one.during.start > now


def possible(wanted: Period, seated: list[Occupation], capacity: int, now: datetime) -> bool:
    """Try every way to place everybody, pins fixed."""
    choices = [[o.place] if stays(o, now) else range(1, capacity + 1) for o in seated]
    everybody = [o.during for o in seated] + [wanted]
    pairs = [(a, b) for a, b in combinations(range(len(everybody)), 2) if everybody[a].overlaps(everybody[b])]
    return any(all(seats[a] != seats[b] for a, b in pairs) for seats in product(*choices, range(1, capacity + 1)))


@settings(max_examples=1500)  # taking a guess back is needed in about one calendar of a hundred
@given(calendars(), st.integers(0, 9), st.integers(1, 5), st.integers(0, 9))
def test_a_place_is_found_exactly_when_there_is_a_way(
    calendar: tuple[int, list[Occupation]], start: int, length: int, clock: int
) -> None:
    """The clock stands before, amid and after what is held: much of a calendar has begun while people still ask."""
    capacity, seated = calendar
    wanted, now = hours(start, start + length), hours(clock, clock + 1).start
    seating = seat(wanted, seated, capacity, now=now)
    assert (seating is not None) == possible(wanted, seated, capacity, now)
    if seating is None:
        return
    moved = {m.key: m.place for m in seating.moves}
    after = [Occupation(o.key, moved.get(o.key, o.place), o.during) for o in seated]
    after.append(Occupation(0, seating.place, wanted))
    assert not any(stays(o, now) for o in seated if o.key in moved)
    assert all(1 <= o.place <= capacity for o in after)
    assert not any(a.place == b.place and a.during.overlaps(b.during) for a, b in combinations(after, 2))


@given(calendars(), st.integers(1, 9), st.integers(1, 5))
def test_without_named_places_only_the_count_decides(
    calendar: tuple[int, list[Occupation]], start: int, length: int
) -> None:
    capacity, seated = calendar
    assume(not any(o.named for o in seated))
    wanted = hours(start, start + length)
    crowded = full_periods([*seated, Occupation(0, 0, wanted)], capacity + 1)
    assert (seat(wanted, seated, capacity, now=NOW) is not None) == (not crowded)


CLAIMS = st.one_of(st.just(PlaceRequest(3, is_composite=True)), st.builds(PlaceRequest, st.just(1), st.integers(1, 3)))


@settings(max_examples=200)
@given(st.lists(st.tuples(CLAIMS, st.integers(9, 20), st.integers(1, 4)), max_size=12))
def test_a_whole_and_its_parts_never_meet(wishes: list[tuple[PlaceRequest, int, int]]) -> None:
    """Whatever the order of asking: no place is taken twice, and a claim is refused exactly when it is full."""
    seated: list[Occupation] = []
    for place_request, start, length in wishes:
        wanted = hours(start, start + length)
        full = any(wanted.overlaps(period) for period in place_request.full(seated))
        allocation = allocate(wanted, seated, place_request, now=NOW)
        assert (allocation is None) == full
        if allocation is None:
            continue
        assert allocation.places == ((place_request.component_place,) if place_request.component_place else (1, 2, 3))
        seated += [Occupation(len(seated) + n, place, wanted, named=True) for n, place in enumerate(allocation.places)]
    assert not any(a.place == b.place and a.during.overlaps(b.during) for a, b in combinations(seated, 2))


def test_there_is_at_least_one_place() -> None:
    with pytest.raises(ValueError, match="at least one place"):
        PlaceRequest(0)
