"""Work that comes as it comes: messages to send and long tasks; each item marks itself as done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app.infra import tasks
from app.notifications import delivery

# One item worked off; False when nothing waits.
Queue = Callable[[datetime], bool]


def send_mail(now: datetime) -> bool:
    return delivery.deliver_next(now=now)


def advance_task(now: datetime) -> bool:
    """One chunk of the oldest unfinished task."""
    return tasks.run_one_chunk(now=now)


QUEUES: tuple[Queue, ...] = (send_mail, advance_task)
