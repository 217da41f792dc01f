<<<<<<< HEAD
"""Counting what a page asks of the database."""
=======
"""Counting the statements that a piece of work sends to the database."""
>>>>>>> d0955d7 (Compute a year's scores from the ledger: schemes published, rounds opened, nightly and once for good)

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
<<<<<<< HEAD
from typing import Any
=======
>>>>>>> d0955d7 (Compute a year's scores from the ledger: schemes published, rounds opened, nightly and once for good)

from sqlalchemy import event

from app.infra.db import db


@contextmanager
def counted() -> Iterator[list[str]]:
<<<<<<< HEAD
    """The statements sent inside the block."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
=======
    """The statements that run inside."""
    told: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        told.append(statement)

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        yield told
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
>>>>>>> d0955d7 (Compute a year's scores from the ledger: schemes published, rounds opened, nightly and once for good)
