"""The jobs in one literal table: name, when, what of missed periods, and the one service each calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from app import audit
from app.access.actor import Actor, system
from app.accounts.services import throttle
from app.booking.services import expiry
from app.evaluation.services import rounds
from app.infra import idempotency, jobs, outbox
from app.jobs.periods import Daily, Every, Missed, When

MARKS_KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Tick:
    """One period of one job: `due` is the instant it fell due, `prepared` what its preparation returned."""

    due: datetime
    now: datetime
    actor: Actor
    prepared: Any = None


@dataclass(frozen=True)
class Job:
    """`apply` runs in the transaction that marks the period and returns the outcome kept with the mark.

    `prepare` reads beforehand, outside that transaction, what takes long to read.
    """

    name: str
    when: When
    missed: Missed
    apply: Callable[[Tick], Any]
    prepare: Callable[[Tick], Any] | None = None

    @property
    def actor(self) -> Actor:
        return system(f"job:{self.name}")


def tidy(tick: Tick) -> dict[str, int]:
    return {
        "idempotency_keys": idempotency.forget(before=tick.now - timedelta(hours=24)),
        "throttle_counters": throttle.forget(before=tick.now - timedelta(hours=24)),
        "outbox_secrets": outbox.forget_secrets(now=tick.now),
        "marks": jobs.forget_marks([j.name for j in JOBS if isinstance(j.when, Every)], before=tick.now - MARKS_KEPT),
    }


def chain_fault() -> str | None:
    """What is wrong with the audit chain or with a day's seal of it, in words, or None."""
    return audit.verify() or audit.broken_seal(audit.seals())


JOBS: tuple[Job, ...] = (
    Job(
        "expire-requests",
        Every(timedelta(minutes=5)),
        Missed.LATEST,
        lambda tick: expiry.expire_requests(actor=tick.actor, now=tick.now),
    ),
    Job(
        "free-no-shows",
        Every(timedelta(minutes=5)),
        Missed.LATEST,
        lambda tick: expiry.free_no_shows(actor=tick.actor, now=tick.now),
    ),
    Job("tidy", Every(timedelta(hours=1)), Missed.LATEST, tidy),
    # The end of the chain on each day: who rewrites the whole chain would have to rewrite these too.
    Job("seal-audit", Daily(time(0, 30)), Missed.EACH, lambda tick: audit.seal(before=tick.due, now=tick.now)),
    Job(
        "verify-audit",
        Daily(time(3, 30)),
        Missed.LATEST,
        apply=lambda tick: tick.prepared,
        prepare=lambda _knock: {"fault": chain_fault()},
    ),
    Job(
        "compute-rounds",
        Daily(time(1, 30)),
        Missed.LATEST,
        apply=lambda tick: rounds.record_due(tick.prepared, actor=tick.actor, now=tick.now),
        prepare=lambda tick: rounds.prepare_due(now=tick.now),
    ),
)
