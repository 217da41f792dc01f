"""The jobs in one literal table: name, when, what of missed periods, and the one service each calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from app import audit
from app.access.actor import Actor, system
from app.accounts.services import throttle
from app.booking.services import decide
from app.evaluation.services import rounds
from app.infra import idempotency, jobs
from app.jobs.periods import Daily, Every, Missed, When

MARKS_KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Knock:
    """One period of one job: `due` is the instant it fell due, `seen` what its look returned."""

    due: datetime
    now: datetime
    actor: Actor
    seen: Any = None


@dataclass(frozen=True)
class Job:
    """`act` runs in the transaction that marks the period and returns the outcome kept with the mark.

    `look` reads beforehand, outside that transaction, what takes long to read.
    """

    name: str
    when: When
    missed: Missed
    act: Callable[[Knock], Any]
    look: Callable[[Knock], Any] | None = None

    @property
    def actor(self) -> Actor:
        return system(f"job:{self.name}")


def tidy(knock: Knock) -> dict[str, int]:
    return {
        "idempotency_keys": idempotency.forget(before=knock.now - timedelta(hours=24)),
        "throttle_counters": throttle.forget(before=knock.now - timedelta(hours=24)),
        "marks": jobs.forget_marks([j.name for j in JOBS if isinstance(j.when, Every)], before=knock.now - MARKS_KEPT),
    }


def chain_fault() -> str | None:
    """What is wrong with the audit chain or with a day's seal of it, in words, or None."""
    return audit.verify() or audit.broken_seal(jobs.outcomes("seal-audit"))


JOBS: tuple[Job, ...] = (
    Job(
        "expire-requests",
        Every(timedelta(minutes=5)),
        Missed.LATEST,
        lambda knock: decide.expire_requests(actor=knock.actor, now=knock.now),
    ),
    Job(
        "free-no-shows",
        Every(timedelta(minutes=5)),
        Missed.LATEST,
        lambda knock: decide.free_no_shows(actor=knock.actor, now=knock.now),
    ),
    Job("tidy", Every(timedelta(hours=1)), Missed.LATEST, tidy),
    # The end of the chain on each day: who rewrites the whole chain would have to rewrite these too.
    Job("seal-audit", Daily(time(0, 30)), Missed.EACH, lambda knock: audit.seal(before=knock.due)),
    Job(
        "verify-audit",
        Daily(time(3, 30)),
        Missed.LATEST,
        act=lambda knock: knock.seen,
        look=lambda _knock: {"fault": chain_fault()},
    ),
    Job(
        "compute-rounds",
        Daily(time(1, 30)),
        Missed.LATEST,
        act=lambda knock: rounds.record_due(knock.seen, actor=knock.actor, now=knock.now),
        look=lambda knock: rounds.look_due(now=knock.now),
    ),
)
