"""The jobs process: APScheduler only knocks; the lease says who works and the marks what is left to do."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.infra import clock, jobs
from app.infra.db import db, session
from app.infra.transactions import transaction
from app.jobs.periods import due, name
from app.jobs.queues import QUEUES, Queue
from app.jobs.table import JOBS, Job, Tick

log = logging.getLogger(__name__)

END = {signal.SIGTERM, signal.SIGINT}
SETTINGS = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}


def run_due(job: Job, *, now: datetime) -> list[str]:
    """Do every period of `job` that is due; the names of those that took effect here."""
    session.rollback()  # look with fresh eyes: another process may have worked
    last = jobs.last_period(job.name)
    return [name(period) for period in due(job.when, job.missed, last=last, now=now) if run_period(job, period, now)]


def run_period(job: Job, period: datetime, now: datetime) -> bool:
    """One period with its mark in one transaction; False if another process did it meanwhile."""
    tick = Tick(period, now, job.actor)
    if job.prepare:
        tick = Tick(period, now, job.actor, prepared=job.prepare(tick))
    try:
        with transaction():
            mark = jobs.claim(job.name, name(period), now=now)
            mark.outcome = job.apply(tick)
    except IntegrityError:
        if not jobs.done(job.name, name(period)):
            raise
        return False
    log.info("job done", extra={"job": job.name, "period": name(period)})
    return True


class Jobs:
    """One process of possibly several: it knocks on every job, and works only while it leads."""

    def __init__(self, app: Flask, table: Sequence[Job] = JOBS, queues: Sequence[Queue] = QUEUES) -> None:
        self.app, self.table = app, table
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self.lease: timedelta = app.config["JOBS_LEASE"]
        self.leads_until = 0.0
        self.ending = False
        self.scheduler = BackgroundScheduler(timezone=UTC, job_defaults=SETTINGS)
        self._every(self.lease / 3, self.beat)
        self._every(app.config["JOBS_KNOCK"], *(partial(self.tick, job) for job in table))
        self._every(app.config["JOBS_POLL"], *(partial(self.drain, one) for one in queues))

    def _every(self, seconds: timedelta, *calls: Callable[[], Any]) -> None:
        for call in calls:
            self.scheduler.add_job(
                self._guarded, "interval", args=[call], seconds=seconds.total_seconds(), next_run_time=datetime.now(UTC)
            )

    def _guarded(self, call: Callable[[], Any]) -> None:
        """Whatever goes wrong in one tick is logged, and tried again at the next."""
        with self.app.app_context():
            try:
                call()
            except Exception:
                log.exception("a job failed and is tried again")

    @property
    def leads(self) -> bool:
        return not self.ending and time.monotonic() < self.leads_until

    def beat(self) -> None:
        asked = time.monotonic()
        with transaction():
            taken = jobs.lead(self.holder, self.lease, now=clock.now())
        if taken and not self.leads:
            log.info("leading", extra={"holder": self.holder})
        self.leads_until = asked + self.lease.total_seconds() if taken else 0.0

    def tick(self, job: Job) -> None:
        if self.leads:
            run_due(job, now=clock.now())

    def drain(self, queue: Queue) -> None:
        """Work the queue off, item by item, as long as this process leads."""
        while self.leads and queue(clock.now()):
            pass

    def run(self) -> None:
        """Until SIGTERM or SIGINT; what has begun is finished first."""
        # Blocked and waited for: a handler runs only between two bytecodes, so that a signal which comes
        # as the main thread falls asleep would go unheard. Threads started from here on inherit the mask.
        signal.pthread_sigmask(signal.SIG_BLOCK, END)
        self._guarded(self.beat)  # so that the first knocks find the lease taken
        self.scheduler.start()
        signal.sigwait(END)
        self.ending = True  # queues stop after their present item
        self.scheduler.shutdown(wait=True)
        self._guarded(self.hand_over)

    def hand_over(self) -> None:
        with transaction():
            jobs.yield_lease(self.holder)
        db.engine.dispose()
