"""Mail and long tasks: nothing lost, nothing for ever in the way of the next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.features import FEATURES
from app.infra import outbox, tasks
from app.infra.db import session
from app.infra.engines import Intent, intent
from app.infra.feature import Feature, install
from app.infra.outbox import HIDDEN, MOST_TRIES, Channel, Message, OutboxMessage
from app.infra.tasks import Task, TaskState, Work
from app.infra.transactions import transaction
from app.jobs.queues import advance_task, send_mail
from app.kernel.errors import refuse
from tests.conftest import Clock


def write(now: datetime) -> None:
    with transaction():
        outbox.post(Message(Channel.MAIL, "somebody@example.org", "Code", "123456"), now=now)


def only() -> OutboxMessage:
    session.rollback()
    return session.scalars(select(OutboxMessage)).one()


def test_a_dead_mail_server_is_tried_again_ever_later_and_not_for_ever(app: Flask, clock: Clock) -> None:
    app.config["SMTP_URL"] = "smtp://127.0.0.1:1"
    try:
        write(clock())
        tries = 0
        for _ in range(1000):
            tries += send_mail(clock())
            clock.move(minutes=1)
    finally:
        app.config["SMTP_URL"] = ""
    assert tries == MOST_TRIES
    assert "refused" in (only().failure or "")
    assert (only().sent_at, only().next_try_at) == (None, None)


def test_a_crash_between_sending_and_noting_repeats_the_letter(app: Flask, clock: Clock) -> None:
    write(clock())
    with transaction():
        first = outbox.take_next(now=clock())
    with transaction():
        assert outbox.take_next(now=clock()) is None
        again = outbox.take_next(now=clock() + timedelta(minutes=3))
    assert first == again


def _count(task: Task, _now: datetime) -> bool:
    task.done += 1
    return task.done < 3


def _refused(task: Task, _now: datetime) -> bool:
    raise refuse("no-such-column", "columns")


def _defect(task: Task, _now: datetime) -> bool:
    return bool(1 / 0)


def _looking(task: Task, _now: datetime) -> int:
    assert intent.get() is Intent.READ
    if task.params.get("overtaken"):
        with transaction():  # as another process would, that looked at the same time
            session.get_one(Task, task.id).done = 1
    if task.params.get("broken"):
        raise refuse("no-such-column", "columns")
    return 7


def _act(task: Task, prepared: int, _now: datetime) -> bool:
    assert intent.get() is Intent.WRITE
    task.done += prepared
    return False


@pytest.mark.parametrize(
    ("params", "state", "done"),
    [
        ({}, TaskState.DONE, 7),
        ({"broken": True}, TaskState.FAILED, 0),
        ({"overtaken": True}, TaskState.RUNNING, 1),
    ],
)
def test_what_takes_long_to_read_is_read_before_anybody_is_kept_from_writing(
    app: Flask, now: datetime, params: dict[str, bool], state: TaskState, done: int
) -> None:
    with transaction():
        tasks.start("test.look", params, owner_id=None, now=now)
    assert advance_task(now)
    session.rollback()
    task = session.scalars(select(Task)).one()
    assert (task.state, task.done) == (state, done)


def test_a_task_of_a_kind_that_no_version_has_any_more_is_not_in_the_way(app: Flask, now: datetime) -> None:
    with pytest.raises(LookupError, match=r"test\.gone"), transaction():
        tasks.start("test.gone", {}, owner_id=None, now=now)
    with transaction():
        session.add(Task(kind="test.gone", params={}, created_at=now))
        tasks.start("test.count", {}, owner_id=None, now=now)
    while advance_task(now):
        pass
    session.rollback()
    states = {task.kind: (task.state, task.result) for task in session.scalars(select(Task))}
    assert states == {"test.gone": (TaskState.FAILED, {"defect": "LookupError"}), "test.count": (TaskState.DONE, None)}


class Deadlock(Exception):
    sqlstate = "40P01"


def _deadlock(task: Task, _now: datetime) -> bool:
    task.done += 1
    if task.params["tries"]:
        raise OperationalError("", {}, Deadlock())
    return False


def test_a_task_the_database_interrupts_is_tried_again_from_where_it_was(app: Flask, now: datetime) -> None:
    with transaction():
        key = tasks.start("test.deadlock", {"tries": 1}, owner_id=None, now=now).id
    with pytest.raises(OperationalError):
        advance_task(now)
    session.rollback()
    task = session.get_one(Task, key)
    assert (task.state, task.done, task.ended_at) == (TaskState.WAITING, 0, None)
    with transaction():
        session.get_one(Task, key).params = {"tries": 0}
    assert advance_task(now)
    assert (task.state, task.done) == (TaskState.DONE, 1)


def test_tasks_run_in_order_and_a_broken_one_does_not_stop_the_next(app: Flask, now: datetime) -> None:
    with transaction():
        for kind in ("test.defect", "test.refused", "test.count"):
            tasks.start(kind, {}, owner_id=None, now=now)
    chunks = 0
    while advance_task(now):
        chunks += 1
    session.rollback()
    states = {task.kind: (task.state, task.done) for task in session.scalars(select(Task))}
    assert chunks == 5
    assert states == {
        "test.defect": (TaskState.FAILED, 0),
        "test.refused": (TaskState.FAILED, 0),
        "test.count": (TaskState.DONE, 3),
    }


TESTED = Feature(
    "test",
    tasks={
        "test.count": Work(_count),
        "test.refused": Work(_refused),
        "test.defect": Work(_defect),
        "test.look": Work(_act, _looking),
        "test.deadlock": Work(_deadlock),
    },
)


@pytest.fixture(autouse=True)
def with_kinds_of_its_own(app: Flask) -> Iterator[None]:
    """Kinds of work that only these tests have, beside those of the platform."""
    install((*FEATURES, TESTED))
    yield
    install(FEATURES)


def test_a_code_that_is_good_no_longer_is_erased_and_not_sent(app: Flask, clock: Clock) -> None:
    until = clock() + timedelta(minutes=15)
    with transaction():
        outbox.post(
            Message(Channel.MAIL, "a@example.org", HIDDEN, f"It is {HIDDEN}.", None, "123456", until), now=clock()
        )
    for moved, erased in ((14, 0), (1, 1), (1, 0)):
        clock.move(minutes=moved)
        with transaction():
            assert outbox.forget_secrets(now=clock()) == erased
    row = session.scalars(select(OutboxMessage)).one()
    assert (row.secret, row.whole(row.body), len(row.digest or "")) == (None, f"It is {HIDDEN}.", 64)
    with transaction():
        assert outbox.take_next(now=clock()) is None
        row.tries = MOST_TRIES
    with transaction():
        assert outbox.try_again(now=clock()) == 0
