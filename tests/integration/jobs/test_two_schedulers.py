"""Two jobs processes at once, killed at random: each period takes effect once, none is left out."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.infra.db import db, session
from app.infra.jobs import JobMark
from app.infra.outbox import OutboxMessage
from app.infra.transactions import transaction
from app.jobs.periods import name, read
from tests.rig.parts import ROOT

Process = subprocess.Popen[bytes]


@contextmanager
def pair(app: Flask, mode: str) -> Iterator[tuple[list[Process], Callable[[], Process]]]:
    url, folder = app.config["SQLALCHEMY_DATABASE_URI"], app.config["DATA_FOLDER"]
    command = [sys.executable, "-m", "tests.integration.jobs.child", url, folder, mode]

    def start() -> Process:
        return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    processes = [start(), start()]
    try:
        yield processes, start
    finally:
        for process in processes:
            process.kill()
        for process in processes:
            process.wait()


def kill_in_turn(app: Flask, cycles: int, mode: str, seed: int) -> None:
    """SIGKILL one of the two at a random moment, start it anew, and so on; then let the last ones catch up."""
    chance = random.Random(seed)
    with pair(app, mode) as (processes, start):
        wait_for_effects(1)
        for _ in range(cycles):
            time.sleep(chance.uniform(0.1, 1.2))
            victim = chance.randrange(2)
            processes[victim].kill()
            processes[victim].wait()
            processes[victim] = start()
        wait_for_effects(len(effects()) + 3)


def effects() -> Counter[str]:
    session.rollback()
    return Counter(session.scalars(select(OutboxMessage.subject)))


def wait_for_effects(wanted: int, seconds: float = 60) -> None:
    last = time.monotonic() + seconds
    while len(effects()) < wanted:
        if time.monotonic() > last:
            raise AssertionError(f"only {len(effects())} effects after {seconds} s")
        time.sleep(0.1)


def check_once_each() -> None:
    counted = effects()
    periods = sorted(counted)
    first = read(periods[0])
    assert periods == [name(first + timedelta(seconds=n)) for n in range(len(periods))], "a period was left out"
    assert set(counted.values()) == {1}, "a period took effect twice"
    assert set(session.scalars(select(JobMark.period).where(JobMark.job == "count"))) == set(periods)


def test_each_period_takes_effect_once_whoever_is_killed(app: Flask) -> None:
    kill_in_turn(app, 10, "lease", seed=1)
    check_once_each()


def test_even_two_that_both_believe_to_lead_do_no_period_twice(app: Flask) -> None:
    kill_in_turn(app, 3, "no-lease", seed=2)
    check_once_each()


def test_without_the_unique_mark_periods_are_done_twice(app: Flask) -> None:
    """The negative control: it shows that the tests above can fail."""
    forget_that_marks_are_unique()
    with pair(app, "no-lease"):
        last = time.monotonic() + 60
        while max(effects().values(), default=0) < 2:
            assert time.monotonic() < last, "no double in a minute: the tests above prove nothing"
            time.sleep(0.2)
    with pytest.raises(AssertionError, match="twice"):
        check_once_each()


def forget_that_marks_are_unique() -> None:
    with transaction():
        if db.engine.dialect.name == "postgresql":
            session.execute(text("ALTER TABLE job_marks DROP CONSTRAINT uq_job_marks_job_period"))
        else:
            session.execute(text("DROP TABLE job_marks"))
            columns = "id INTEGER PRIMARY KEY, job VARCHAR, period VARCHAR, done_at DATETIME, outcome TEXT"
            session.execute(text(f"CREATE TABLE job_marks ({columns})"))


@pytest.mark.slow
def test_five_hundred_kills(app: Flask) -> None:
    kill_in_turn(app, 500, "lease", seed=3)
    check_once_each()
