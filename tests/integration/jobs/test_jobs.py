"""The jobs as they are declared: done once a period, caught up after downtime, one leader at a time."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts.models import ThrottleCounter
from app.audit.models import AuditEntry
from app.booking.rules.states import BookingState
from app.booking.services.check import BookingRequest
from app.booking.services.request import request_booking
from app.infra import idempotency, jobs
from app.infra.clock import system_clock
from app.infra.db import session
from app.infra.transactions import transaction
from app.jobs.periods import Every, Missed
from app.jobs.scheduler import Jobs, run_due, run_period
from app.jobs.table import JOBS, Job, Tick
from tests.conftest import Clock
from tests.factories.actors import acting
from tests.factories.cast import Cast
from tests.integration.jobs import ending
from tests.rig.parts import ROOT
from tests.rig.site import Place
from tests.rig.site import jobs as running

BY_NAME = {job.name: job for job in JOBS}


@pytest.fixture
def shell(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_every_job_runs_once_a_period_and_leaves_its_mark(app: Flask, cast: Cast, clock: Clock, job: Job) -> None:
    done = run_due(job, now=clock())
    assert len(done) == 1
    assert jobs.last_period(job.name) == done[0]
    assert run_due(job, now=clock()) == []


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_two_days_of_downtime(app: Flask, cast: Cast, clock: Clock, job: Job) -> None:
    run_due(job, now=clock())
    missed = run_due(job, now=clock.move(hours=48))
    assert len(missed) == (2 if job.missed is Missed.EACH else 1)


def test_a_failed_job_leaves_neither_mark_nor_effect(app: Flask, clock: Clock) -> None:
    def apply(tick: Tick) -> None:
        jobs.claim("other", "effect", now=tick.now)
        raise OSError("no disk")

    job = Job("failing", Every(timedelta(hours=1)), Missed.LATEST, apply)
    with pytest.raises(OSError, match="no disk"):
        run_due(job, now=clock())
    assert not jobs.done("other", "effect")
    assert jobs.last_period("failing") is None


def test_a_period_that_somebody_else_did_is_no_error_and_has_no_effect(app: Flask, clock: Clock) -> None:
    def apply(tick: Tick) -> None:
        raise AssertionError("done twice")

    job = Job("twice", Every(timedelta(hours=1)), Missed.LATEST, apply)
    period = job.when.newest(clock())
    with transaction():
        jobs.claim("twice", period.strftime("%Y-%m-%dT%H:%M:%SZ"), now=clock())
    assert run_period(job, period, clock()) is False


def test_the_lease_passes_on_within_a_minute_of_the_last_heartbeat(app: Flask, clock: Clock) -> None:
    length = app.config["JOBS_LEASE"]

    def leads(holder: str) -> bool:
        with transaction():
            return jobs.lead(holder, length, now=clock())

    assert leads("one")
    clock.move(seconds=20)
    assert leads("one")
    assert not leads("two")
    clock.move(seconds=30)
    assert not leads("two")
    clock.move(seconds=1)
    assert leads("two")
    assert not leads("one")
    # One heartbeat in a third of the lease: the longest wait for a successor.
    assert length + length / 3 <= timedelta(seconds=60)


def test_who_ends_in_order_hands_over_at_once(app: Flask, clock: Clock) -> None:
    with transaction():
        jobs.lead("one", timedelta(seconds=30), now=clock())
        jobs.yield_lease("one")
        assert jobs.lead("two", timedelta(seconds=30), now=clock())


def test_tidying_forgets_old_keys_counters_and_marks_but_never_the_last_mark(app: Flask, clock: Clock) -> None:
    def remember(key: str) -> None:
        idempotency.remember(actor_key="user:1", route="r", key=key, body={}, status=200, answer={}, now=clock())

    with transaction():
        remember("old")
        session.add(ThrottleCounter(key="old", window_start=clock(), count=1))
    run_due(BY_NAME["expire-requests"], now=clock())
    run_due(BY_NAME["free-no-shows"], now=clock())
    run_due(BY_NAME["free-no-shows"], now=clock.move(days=40))
    with transaction():
        remember("new")
    run_due(BY_NAME["tidy"], now=clock())
    outcome = jobs.last_mark("tidy")
    assert outcome is not None
    assert outcome.outcome == {"idempotency_keys": 1, "throttle_counters": 1, "outbox_secrets": 0, "marks": 1}
    assert session.scalars(select(idempotency.IdempotencyKey.key)).all() == ["new"]
    assert jobs.last_period("expire-requests") is not None


def test_tidying_keeps_every_seal_of_the_audit(app: Flask, cast: Cast, clock: Clock) -> None:
    """Against them the chain is verified: a forgotten one would let somebody rewrite all that came before it."""
    first = run_due(BY_NAME["seal-audit"], now=clock())
    run_due(BY_NAME["seal-audit"], now=clock.move(days=40))
    run_due(BY_NAME["tidy"], now=clock())
    assert jobs.done("seal-audit", first[0])
    assert len(jobs.outcomes("seal-audit")) == 41


def test_a_defect_of_the_database_is_not_taken_for_a_period_done(app: Flask, clock: Clock) -> None:
    def apply(tick: Tick) -> None:
        jobs.claim("other", "effect", now=tick.now)
        jobs.claim("other", "effect", now=tick.now)

    with pytest.raises(IntegrityError):
        run_due(Job("doubling", Every(timedelta(hours=1)), Missed.LATEST, apply), now=clock())
    assert jobs.last_period("doubling") is None


def test_who_does_not_lead_leaves_jobs_and_queues_alone(app: Flask, clock: Clock) -> None:
    worked: list[str] = []
    job = Job("counting", Every(timedelta(hours=1)), Missed.LATEST, lambda _knock: worked.append("job"))

    def queue(_now: datetime) -> bool:
        worked.append("item")
        return len(worked) < 4

    one, two = Jobs(app, (job,)), Jobs(app, (job,))
    one.beat()
    two.beat()
    two.tick(job)
    two.drain(queue)
    assert worked == []
    one.tick(job)
    one.drain(queue)
    assert worked == ["job", "item", "item", "item"]
    one.leads_until = 0.0  # its heartbeat came too late
    one.drain(queue)
    assert len(worked) == 4


def test_what_goes_wrong_in_one_knock_is_logged_and_does_not_end_the_process(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise OSError("no disk")

    Jobs(app, ())._guarded(fail)
    assert "a job failed and is tried again" in caplog.text


def test_a_process_asked_to_end_finishes_and_hands_over(app: Flask) -> None:
    with running(Place(app.config["SQLALCHEMY_DATABASE_URI"], Path(app.config["DATA_FOLDER"]))) as process:
        last = time.monotonic() + 60
        while not leader():
            assert time.monotonic() < last, "nobody leads"
            time.sleep(0.1)
        process.terminate()
        assert process.wait(30) == 0
    assert free_to_lead(app)


def test_no_request_to_end_goes_unheard_and_no_queue_outlasts_it(app: Flask) -> None:
    place = Place(app.config["SQLALCHEMY_DATABASE_URI"], Path(app.config["DATA_FOLDER"]))
    subprocess.run([sys.executable, "-m", ending.__name__], cwd=ROOT, env=place.environment, check=True, timeout=60)
    assert free_to_lead(app)


def free_to_lead(app: Flask) -> bool:
    with transaction():
        return jobs.lead("next", app.config["JOBS_LEASE"], now=system_clock())


def leader() -> str:
    session.rollback()
    return jobs.lease().holder


def test_a_request_nobody_decided_expires_by_the_clock(app: Flask, cast: Cast, clock: Clock) -> None:
    start = clock() + timedelta(days=1)
    with transaction():
        cast.microscope.needs_approval = True
    with transaction():
        wish = BookingRequest(
            cast.microscope.public_id, cast.firm.public_id, start, start + timedelta(hours=1), "Fracture"
        )
        booking = request_booking(wish, actor=acting(cast.researcher), now=clock())
    states = []
    for instant in (clock(), clock.move(days=1)):
        run_due(BY_NAME["expire-requests"], now=instant)
        session.refresh(booking)
        states.append(booking.state)
    assert states == [BookingState.REQUESTED, BookingState.EXPIRED]
    assert session.scalars(select(AuditEntry.actor).order_by(AuditEntry.id)).all()[-1] == "system:job:expire-requests"


def test_the_shell_lists_jobs_and_does_one_once(shell: FlaskCliRunner) -> None:
    assert shell.invoke(args=["jobs", "once", "tidy"]).output.startswith("done: tidy ")
    again = shell.invoke(args=["jobs", "once", "tidy"])
    assert (again.exit_code, "not due" in again.output) == (0, True)
    assert shell.invoke(args=["jobs", "once", "nonsense"]).exit_code == 2
    listed = shell.invoke(args=["jobs", "list"])
    assert all(name in listed.output for name in BY_NAME)
