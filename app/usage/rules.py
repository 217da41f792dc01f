"""What really happened beside what was booked: when a use may start, what it was, and what of it is billed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.booking.rules.refusals import BookingRules, missed_at
from app.kernel.errors import Refusal
from app.kernel.period import Period


class UsageCode(StrEnum):
    TOO_EARLY_TO_START = "too-early-to-start"
    TOO_LATE_TO_START = "too-late-to-start"
    ENDS_BEFORE_START = "ends-before-start"
    IN_THE_FUTURE = "in-the-future"


class UsageFlag(StrEnum):
    """What a person should look at; none of them stops anybody."""

    LATE = "late"
    OVERTIME = "overtime"
    LEFT_EARLY = "left-early"


TOLERANCE = timedelta(minutes=15)  # less than that is nobody's concern


class Basis(StrEnum):
    """Which time is billed. A missed booking is billed as booked either way."""

    USED = "used"
    BOOKED_OR_LONGER = "booked-or-longer"


def start_window(booked: Period, rules: BookingRules) -> Period:
    """From the minutes of early start to the moment from which the booking counts as missed."""
    early = timedelta(minutes=rules.early_start_minutes)
    return Period(booked.start - early, missed_at(booked.start, rules.late_start_minutes))


def refusal_to_start(booked: Period, rules: BookingRules, *, now: datetime) -> Refusal | None:
    window = start_window(booked, rules)
    if now < window.start:
        return Refusal(UsageCode.TOO_EARLY_TO_START, {"earliest": window.start})
    if now >= window.end:
        return Refusal(UsageCode.TOO_LATE_TO_START, {"latest": window.end})
    return None


def refusal_to_stop(started: datetime, ended: datetime, *, now: datetime) -> Refusal | None:
    """A stop given by hand lies after the start and not ahead of the clock."""
    if ended <= started:
        return Refusal(UsageCode.ENDS_BEFORE_START, {}, "ended_at")
    if ended > now:
        return Refusal(UsageCode.IN_THE_FUTURE, {"latest": now}, "ended_at")
    return None


@dataclass(frozen=True, slots=True)
class Use:
    """One ended session beside its booking. Minutes are whole: begun ones are billed, full ones are effective."""

    booked: Period
    used: Period
    idle_minutes: int = 0

    @property
    def effective_minutes(self) -> int:
        """Preparation, measurement and post-processing without idle running."""
        return max(0, self.used.seconds // 60 - self.idle_minutes)

    @property
    def overtime_minutes(self) -> int:
        """Time beyond the booking at its end; billed to who over-ran."""
        return _begun_minutes(max(timedelta(), self.used.end - max(self.booked.end, self.used.start)))

    def billed_minutes(self, basis: Basis) -> int:
        used = _begun_minutes(self.used.length)
        return used if basis is Basis.USED else max(used, missed_minutes(self.booked))

    def flags(self, tolerance: timedelta) -> tuple[UsageFlag, ...]:
        """Deviations from the booked time beyond `tolerance`."""
        found = {
            UsageFlag.LATE: self.used.start - self.booked.start > tolerance,
            UsageFlag.OVERTIME: self.used.end - self.booked.end > tolerance,
            UsageFlag.LEFT_EARLY: self.booked.end - self.used.end > tolerance,
        }
        return tuple(flag for flag, holds in found.items() if holds)


def missed_minutes(booked: Period) -> int:
    """What a no-show is billed for."""
    return _begun_minutes(booked.length)


def _begun_minutes(length: timedelta) -> int:
    return -(-int(length.total_seconds()) // 60)
