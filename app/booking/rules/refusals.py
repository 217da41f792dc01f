"""Why a request for time is refused: every rule is one function, one code and one line in RULES."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.booking.rules.grid import DAY_MINUTES, ceiling, floor, on_grid
from app.booking.rules.opening import ALWAYS_OPEN, Opening, is_open, open_periods
from app.booking.rules.places import ONE_PLACE, Occupation, PlaceRequest, allocate
from app.booking.rules.slots import SlotRequest, next_free
from app.kernel.civil import civil_day, day
from app.kernel.errors import Refusal, refuse
from app.kernel.period import Period

SUGGESTIONS = 3
SUGGEST_WITHIN = timedelta(days=14)


class RefusalCode(StrEnum):
    """Why a request for time was not met: what a rule refuses, and what became of requests that nobody granted."""

    ENDS_BEFORE_START = "ends-before-start"
    NOT_OPEN_FOR_BOOKING = "not-open-for-booking"
    NOT_SHARED_WITH_YOU = "not-shared-with-you"
    ORGANISATION_NOT_VERIFIED = "organisation-not-verified"
    OUT_OF_SERVICE = "instrument-in-maintenance"
    SUSPENDED = "suspended"
    IN_THE_PAST = "in-the-past"
    TOO_SOON = "too-soon"
    TOO_FAR = "too-far"
    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    OFF_GRID = "off-grid"
    OUTSIDE_OPENING_HOURS = "outside-opening-hours"
    SLOT_TAKEN = "slot-taken"
    TOO_LATE_TO_CANCEL = "too-late-to-cancel"
    TOO_LATE_TO_MOVE = "too-late-to-move"
    MODE_NOT_OFFERED = "mode-not-offered"
    NO_PRICE = "no-price"
    ALREADY_ASKED = "already-asked"
    DECLINED = "declined"  # by the staff
    UNDECIDED = "undecided"  # nobody decided before the start that was asked for


NO_DEMAND = frozenset({RefusalCode.TOO_LATE_TO_CANCEL, RefusalCode.ALREADY_ASKED})
"""Refusals that leave no unmet demand: nothing was asked for, or it waits for an answer already."""

NOT_YET_FED = {"suspended_until": "no page suspends bookings after violations yet"}
"""Facts that nothing records so far, each with the reason; what rests on them is not shown as a rule in force."""


@dataclass(frozen=True, slots=True)
class BookingRules:
    """What one instrument asks of a booking; domain.md §3 gives the customary values."""

    grid_minutes: int = 30
    min_minutes: int = 30
    max_minutes: int = 8 * 60
    lead_minutes: int = 0
    horizon_days: int = 90
    cancel_before_hours: int = 24
    early_start_minutes: int = 15
    late_start_minutes: int = 30
    buffer_before_minutes: int = 0
    buffer_after_minutes: int = 0
    place_request: PlaceRequest = ONE_PLACE
    needs_approval: bool = False
    pending_blocks: bool = False
    opening: Opening = ALWAYS_OPEN

    def __post_init__(self) -> None:
        if self.grid_minutes < 1 or DAY_MINUTES % self.grid_minutes:
            raise ValueError("a grid divides the day")
        if not 0 < self.min_minutes <= self.max_minutes:
            raise ValueError("the minimum length is positive and not above the maximum")

    def held(self, wanted: Period) -> Period:
        """The time an occupation takes: the booked time with its buffers."""
        return wanted.widened(
            timedelta(minutes=self.buffer_before_minutes), timedelta(minutes=self.buffer_after_minutes)
        )


@dataclass(frozen=True, slots=True)
class BookingFacts:
    """All a rule may look at. `occupations` are the active ones from `now` to some days after what was asked for."""

    wanted: Period
    now: datetime
    rules: BookingRules
    occupations: tuple[Occupation, ...]
    open_for_booking: bool
    shared_with_client: bool
    client_verified: bool
    in_service: bool
    suspended_until: datetime | None


def not_open_for_booking(facts: BookingFacts) -> Refusal | None:
    return None if facts.open_for_booking else Refusal(RefusalCode.NOT_OPEN_FOR_BOOKING)


def not_shared_with_you(facts: BookingFacts) -> Refusal | None:
    return None if facts.shared_with_client else Refusal(RefusalCode.NOT_SHARED_WITH_YOU)


def organisation_not_verified(facts: BookingFacts) -> Refusal | None:
    return None if facts.client_verified else Refusal(RefusalCode.ORGANISATION_NOT_VERIFIED)


def out_of_service(facts: BookingFacts) -> Refusal | None:
    return None if facts.in_service else Refusal(RefusalCode.OUT_OF_SERVICE)


def suspended(facts: BookingFacts) -> Refusal | None:
    if facts.suspended_until is None or facts.suspended_until <= facts.now:
        return None
    return Refusal(RefusalCode.SUSPENDED, {"until": facts.suspended_until})


def in_the_past(facts: BookingFacts) -> Refusal | None:
    if facts.wanted.start >= facts.now:
        return None
    return Refusal(RefusalCode.IN_THE_PAST, _later(facts), "starts_at")


def too_soon(facts: BookingFacts) -> Refusal | None:
    lead = facts.rules.lead_minutes
    if not facts.now <= facts.wanted.start < facts.now + timedelta(minutes=lead):
        return None
    return Refusal(RefusalCode.TOO_SOON, {"lead_minutes": lead, **_later(facts)}, "starts_at")


def too_far(facts: BookingFacts) -> Refusal | None:
    latest = facts.now + timedelta(days=facts.rules.horizon_days)
    if facts.wanted.end <= latest:
        return None
    params = {"horizon_days": facts.rules.horizon_days, "asked": facts.wanted.end, "latest": latest}
    return Refusal(RefusalCode.TOO_FAR, params, "ends_at")


def too_short(facts: BookingFacts) -> Refusal | None:
    if facts.wanted.seconds >= facts.rules.min_minutes * 60:
        return None
    return Refusal(RefusalCode.TOO_SHORT, _length(facts, facts.rules.min_minutes), "ends_at")


def too_long(facts: BookingFacts) -> Refusal | None:
    if facts.wanted.seconds <= facts.rules.max_minutes * 60:
        return None
    return Refusal(RefusalCode.TOO_LONG, _length(facts, facts.rules.max_minutes), "ends_at")


def off_grid(facts: BookingFacts) -> Refusal | None:
    grid, wanted = facts.rules.grid_minutes, facts.wanted
    if on_grid(wanted.start, grid) and on_grid(wanted.end, grid):
        return None
    nearest = _nearest(facts)
    params = {"grid_minutes": grid, "starts_at": nearest.start, "ends_at": nearest.end}
    return Refusal(RefusalCode.OFF_GRID, params, "ends_at" if on_grid(wanted.start, grid) else "starts_at")


def outside_opening_hours(facts: BookingFacts) -> Refusal | None:
    if is_open(facts.rules.opening, facts.wanted):
        return None
    opened = open_periods(facts.rules.opening, day(civil_day(facts.wanted.start)))
    params = {"open": [(p.start, p.end) for p in opened], "next_free": _next_free(facts)}
    return Refusal(RefusalCode.OUTSIDE_OPENING_HOURS, params, "starts_at")


def slot_taken(facts: BookingFacts) -> Refusal | None:
    held = facts.rules.held(facts.wanted)
    if allocate(held, facts.occupations, facts.rules.place_request, now=facts.now):
        return None
    return Refusal(RefusalCode.SLOT_TAKEN, {"next_free": _next_free(facts)}, "starts_at")


Rule = Callable[[BookingFacts], Refusal | None]

RULES: tuple[Rule, ...] = (
    not_open_for_booking,
    not_shared_with_you,
    organisation_not_verified,
    out_of_service,
    suspended,
    in_the_past,
    too_soon,
    too_far,
    too_short,
    too_long,
    off_grid,
    outside_opening_hours,
    slot_taken,
)


def refusals(facts: BookingFacts) -> tuple[Refusal, ...]:
    """Every rule that says no, at once, in the order of RULES."""
    found = (rule(facts) for rule in RULES)
    return tuple(refusal for refusal in found if refusal is not None)


def period_wanted(starts_at: datetime, ends_at: datetime) -> Period:
    """Read a request; raises Refused `ends-before-start` for zero length or an end before the start."""
    if ends_at <= starts_at:
        raise refuse(RefusalCode.ENDS_BEFORE_START, "ends_at")
    return Period(starts_at, ends_at)


def late_to_cancel(booked: Period, rules: BookingRules, *, now: datetime) -> Refusal | None:
    """A confirmed booking is cancelled free of charge until the published hours before its start."""
    until = booked.start - timedelta(hours=rules.cancel_before_hours)
    if now <= until:
        return None
    return Refusal(RefusalCode.TOO_LATE_TO_CANCEL, {"hours": rules.cancel_before_hours, "until": until})


def missed_at(starts_at: datetime, late_start_minutes: int) -> datetime:
    """From then on it is too late to start: the booking is a no-show (爽约), and what is left of it is free.

    There is always a minute to start in.
    """
    return starts_at + timedelta(minutes=max(late_start_minutes, 1))


def _earliest(facts: BookingFacts) -> datetime:
    return ceiling(facts.now + timedelta(minutes=facts.rules.lead_minutes), facts.rules.grid_minutes)


def _later(facts: BookingFacts) -> dict[str, object]:
    """The first start that is really possible: not by the notice alone, but in open and free time."""
    slots = _next_free(facts)
    earliest = slots[0][0] if slots else _earliest(facts)
    return {"asked": facts.wanted.start, "earliest": earliest, "next_free": slots}


def _nearest(facts: BookingFacts) -> Period:
    """The period on the grid around what was asked for, of a permitted length and not before the earliest start."""
    grid, wanted = facts.rules.grid_minutes, facts.wanted
    start = max(floor(wanted.start, grid), _earliest(facts))
    asked = max(ceiling(wanted.end, grid) - start, timedelta(minutes=grid))
    shortest = timedelta(minutes=-(-facts.rules.min_minutes // grid) * grid)
    longest = timedelta(minutes=facts.rules.max_minutes // grid * grid)
    return Period(start, start + max(min(asked, longest), shortest))


def _length(facts: BookingFacts, limit: int) -> dict[str, int]:
    return {"asked_minutes": -(-facts.wanted.seconds // 60), "limit_minutes": limit}


def _next_free(facts: BookingFacts) -> list[tuple[datetime, datetime]]:
    """Up to three slots of a permitted length near what was asked for, as (start, end)."""
    rules = facts.rules
    minutes = min(max(facts.wanted.seconds // 60, rules.min_minutes), rules.max_minutes)
    wanted_request = SlotRequest(minutes, rules.grid_minutes, rules.buffer_before_minutes, rules.buffer_after_minutes)
    start = max(facts.wanted.start, _earliest(facts))
    end = min(start + SUGGEST_WITHIN, facts.now + timedelta(days=rules.horizon_days))
    if start >= end:
        return []
    within = Period(start, end)
    busy = rules.place_request.full(facts.occupations)
    return [
        (p.start, p.end)
        for p in next_free(wanted_request, SUGGESTIONS, within=within, opening=rules.opening, busy=busy)
    ]
