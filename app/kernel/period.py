"""Half-open periods of UTC time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


def require_utc(instant: datetime) -> datetime:
    """Refuse naive times; return the same instant in UTC."""
    if instant.tzinfo is None:
        raise ValueError("a time needs an offset")
    return instant.astimezone(UTC)


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """`[start, end)` in UTC, never empty: an empty range overlaps nothing and would slip past a constraint."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", require_utc(self.start))
        object.__setattr__(self, "end", require_utc(self.end))
        if self.start >= self.end:
            raise ValueError("a period ends after it starts")

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    @property
    def seconds(self) -> int:
        return int(self.length.total_seconds())

    def overlaps(self, other: Period) -> bool:
        return self.start < other.end and other.start < self.end

    def covers(self, other: Period) -> bool:
        return self.start <= other.start and other.end <= self.end

    def holds(self, instant: datetime) -> bool:
        return self.start <= instant < self.end

    def widened(self, before: timedelta, after: timedelta) -> Period:
        return Period(self.start - before, self.end + after)

    def minus(self, taken: Iterable[Period]) -> list[Period]:
        """What is left of this period after taking the others away, in order."""
        left: list[Period] = []
        cursor = self.start
        for other in sorted(taken):
            if other.end <= cursor or other.start >= self.end:
                continue
            if other.start > cursor:
                left.append(Period(cursor, other.start))
            cursor = max(cursor, other.end)
        if cursor < self.end:
            left.append(Period(cursor, self.end))
        return left


def union(periods: Iterable[Period]) -> list[Period]:
    """The same time as disjoint periods in order; touching ones are joined."""
    joined: list[Period] = []
    for period in sorted(periods):
        if joined and period.start <= joined[-1].end:
            joined[-1] = Period(joined[-1].start, max(joined[-1].end, period.end))
        else:
            joined.append(period)
    return joined
