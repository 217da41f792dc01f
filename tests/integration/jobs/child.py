"""A jobs process whose one job leaves a countable effect every second: `python -m … URL FOLDER (lease|no-lease)`."""

from __future__ import annotations

import random
import sys
import time
from datetime import timedelta

from app.factory import create_app
from app.infra.db import session
from app.infra.outbox import Channel, Message, post
from app.jobs.periods import Every, Missed, name
from app.jobs.scheduler import Jobs
from app.jobs.table import Job, Tick


def effect(tick: Tick) -> str:
    post(Message(Channel.IN_APP, "somebody", name(tick.due), ""), now=tick.now)
    session.flush()
    time.sleep(random.uniform(0, 0.05))  # room to be killed in between
    return "counted"


def hesitate(_knock: Tick) -> None:
    """Between asking what is due and doing it another process may be quicker."""
    time.sleep(random.uniform(0, 0.15))


class Unled(Jobs):
    """Believes to lead whatever the lease says, as a process that was asleep too long would."""

    @property
    def leads(self) -> bool:
        return True


def main(url: str, folder: str, mode: str) -> None:
    quick = {
        "JOBS_LEASE": timedelta(seconds=2),
        "JOBS_KNOCK": timedelta(milliseconds=100),
        "JOBS_POLL": timedelta(seconds=1),
    }
    app = create_app("testing", SQLALCHEMY_DATABASE_URI=url, DATA_FOLDER=folder, **quick)
    kind = Jobs if mode == "lease" else Unled
    kind(app, (Job("count", Every(timedelta(seconds=1)), Missed.EACH, effect, hesitate),)).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
