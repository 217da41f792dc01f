"""The jobs as they are declared: done once a period, caught up after downtime, one leader at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from app.accounts.models import ThrottleCounter
from app.audit.models import AuditEntry
from app.booking.rules.states import BookingState
from app.booking.services.request import Wish, request_booking
from app.infra import idempotency, jobs
from app.infra.db import session
from app.infra.transactions import transaction
from app.jobs.periods import Every, Missed
from app.jobs.scheduler import run_due, run_period
from app.jobs.table import JOBS, Job, Knock
from tests.conftest import Clock
from tests.factories.actors import acting
from tests.factories.cast import Cast

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
    def act(knock: Knock) -> None:
        jobs.claim("other", "effect", now=knock.now)
        raise OSError("no disk")

    job = Job("failing", Every(timedelta(hours=1)), Missed.LATEST, act)
    with pytest.raises(OSError, match="no disk"):
        run_due(job, now=clock())
    assert not jobs.done("other", "effect")
    assert jobs.last_period("failing") is None


def test_a_period_that_somebody_else_did_is_no_error_and_has_no_effect(app: Flask, clock: Clock) -> None:
    def act(knock: Knock) -> None:
        raise AssertionError("done twice")

    job = Job("twice", Every(timedelta(hours=1)), Missed.LATEST, act)
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
    assert outcome.outcome == {"idempotency_keys": 1, "throttle_counters": 1, "marks": 1}
    assert session.scalars(select(idempotency.IdempotencyKey.key)).all() == ["new"]
    assert jobs.last_period("expire-requests") is not None


def test_a_request_nobody_decided_expires_by_the_clock(app: Flask, cast: Cast, clock: Clock) -> None:
    start = clock() + timedelta(days=1)
    with transaction():
        cast.microscope.needs_approval = True
    with transaction():
        wish = Wish(cast.microscope.public_id, cast.firm.public_id, start, start + timedelta(hours=1), "Fracture")
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
