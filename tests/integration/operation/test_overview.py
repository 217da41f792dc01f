"""The operator's page of health: complete, in few statements, and open to those who run the platform only."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.infra import jobs, outbox, tasks
from app.infra.outbox import Channel, Message
from app.infra.tasks import TaskState
from app.infra.transactions import transaction
from app.jobs.scheduler import run_due
from app.jobs.table import JOBS
from app.operation.views.overview import JOB_WORDS, TASK_WORDS
from tests.conftest import Clock
from tests.factories.cast import Cast
from tests.factories.signing_in import signed_in
from tests.factories.statements import counted


def english(app: Flask, user: User) -> FlaskClient:
    client = signed_in(app, user)
    client.set_cookie("language", "en")
    return client


def test_every_job_and_task_has_words(app: Flask) -> None:
    assert set(JOB_WORDS) == {job.name for job in JOBS}
    assert {kind for kind in tasks.kinds() if not kind.startswith("test.")} - set(TASK_WORDS) == set()


def test_an_untouched_platform_says_what_is_missing(app: Flask, cast: Cast) -> None:
    page = english(app, cast.keeper).get("/operation").text
    for words in ("No jobs process is running", "has not been verified yet", "No mail server is set", "never"):
        assert words in page


def test_it_shows_leader_jobs_mail_tasks_backup_and_the_chain(app: Flask, cast: Cast, clock: Clock) -> None:
    for job in JOBS:
        run_due(job, now=clock())
    with transaction():
        jobs.lead("host:17", app.config["JOBS_LEASE"], now=clock())
        jobs.claim("backup", "2026-11-18T01:00:00Z", now=clock()).outcome = {"folder": "/srv/backups/one"}
        outbox.post(Message(Channel.MAIL, "a@example.org", "s", "b"), now=clock())
        tasks.start("catalogue.check", {}, owner_id=cast.manager.id, now=clock())
    client = english(app, cast.clerk)
    with counted() as sent:
        page = client.get("/operation").text
    for words in ("host:17", "Working", "The audit chain holds", "/srv/backups/one", "Check a list of instruments"):
        assert words in page
    assert len(sent) <= 12


@pytest.mark.parametrize(
    ("result", "told"),
    [
        ({"refusals": [{"code": "too-many-rows", "params": {"limit": 5000}}]}, "A table has at most 5000 rows"),
        ({"refusals": [{"code": "of-old", "params": {}}]}, "Refused (of-old)."),
        ({"defect": "ZeroDivisionError"}, "a defect: ZeroDivisionError"),
        (None, "Failed"),
    ],
)
def test_why_a_task_failed_is_told_in_words(app: Flask, cast: Cast, clock: Clock, result: object, told: str) -> None:
    with transaction():
        task = tasks.start("catalogue.check", {}, owner_id=cast.manager.id, now=clock())
        task.state, task.ended_at, task.result = TaskState.FAILED, clock(), result
    assert told in english(app, cast.keeper).get("/operation").text


def test_a_leader_whose_heart_stopped_is_not_called_working(app: Flask, cast: Cast, clock: Clock) -> None:
    with transaction():
        jobs.lead("host:17", app.config["JOBS_LEASE"], now=clock())
    clock.move(seconds=31)
    page = english(app, cast.keeper).get("/operation").text
    assert "No jobs process is running" in page


@pytest.mark.parametrize("who", ["researcher", "administrator", "auditor", "officer"])
def test_others_may_not_look(app: Flask, cast: Cast, who: str) -> None:
    assert signed_in(app, getattr(cast, who)).get("/operation").status_code == 403


def test_the_last_verification_stands_on_the_audit_page(app: Flask, cast: Cast, now: datetime) -> None:
    reader = english(app, cast.auditor)
    assert "not been verified yet" in reader.get("/operation/audit").text
    with transaction():
        jobs.claim("verify-audit", "2026-11-18T01:00:00Z", now=now).outcome = {"fault": "entry 2 was altered"}
    assert "entry 2 was altered" in reader.get("/operation/audit").text
