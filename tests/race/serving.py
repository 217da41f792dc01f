"""How gunicorn serves in races: as always, with the worker's number on every answer, and blind on request."""

import os
from pathlib import Path
from typing import Any

exec(Path("gunicorn.conf.py").read_text())


def post_worker_init(worker: Any) -> None:
    """Name the worker; RACE_BLIND takes away every look at the calendar, so that only the database refuses."""
    inner = worker.wsgi

    def named(environ: Any, start: Any) -> Any:
        def begin(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start(status, [*headers, ("X-Worker", str(os.getpid()))], *rest)

        return inner(environ, begin)

    worker.wsgi = named
    if os.environ.get("RACE_BLIND"):
        from app.booking import queries

        queries.occupations_on = lambda *_calendar_within: []
