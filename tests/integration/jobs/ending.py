"""A jobs process that ends a hundred times, each time asked as it begins to wait; run by the test beside it."""

from __future__ import annotations

import os
import signal
import time
from datetime import datetime

from app.factory import create_app
from app.jobs.scheduler import Jobs

ROUNDS = 100


def ask(_now: datetime) -> bool:
    """A queue that never runs dry, of which each item asks the process to end."""
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(0.001)
    return True


def main() -> None:
    app = create_app()
    with app.app_context():
        for _ in range(ROUNDS):
            Jobs(app, table=(), queues=[ask]).run()


if __name__ == "__main__":
    main()
