"""Which periods of a job are due: named by the instant they fell due, so that names sort like time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol

from app.kernel.civil import at, civil_day

NAMED = "%Y-%m-%dT%H:%M:%SZ"
_EPOCH = datetime(1990, 1, 1, tzinfo=UTC)


class Missed(StrEnum):
    """What becomes of periods that passed while nobody worked."""

    EACH = "each"
    LATEST = "latest"


class When(Protocol):
    def newest(self, now: datetime) -> datetime:
        """The last instant, `now` included, at which the job fell due."""
        ...

    def following(self, due: datetime) -> datetime: ...


@dataclass(frozen=True)
class Every:
    length: timedelta

    def newest(self, now: datetime) -> datetime:
        return _EPOCH + (now - _EPOCH) // self.length * self.length

    def following(self, due: datetime) -> datetime:
        return due + self.length


@dataclass(frozen=True)
class Daily:
    """At one time of the Shanghai day."""

    clock: time

    def newest(self, now: datetime) -> datetime:
        today = civil_day(now)
        due = at(today, self.clock)
        return due if due <= now else at(today - timedelta(days=1), self.clock)

    def following(self, due: datetime) -> datetime:
        return at(civil_day(due) + timedelta(days=1), self.clock)


def due(when: When, missed: Missed, *, last: str | None, now: datetime) -> list[datetime]:
    """The periods to be done now, oldest first; `last` is the newest one done. A new job starts with its newest."""
    newest = when.newest(now)
    if last is not None and name(newest) <= last:
        return []
    if last is None or missed is Missed.LATEST:
        return [newest]
    found = [when.following(read(last))]
    while found[-1] < newest:
        found.append(when.following(found[-1]))
    return found


def name(due: datetime) -> str:
    return due.strftime(NAMED)


def read(period: str) -> datetime:
    return datetime.strptime(period, NAMED).replace(tzinfo=UTC)
