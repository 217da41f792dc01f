"""Taking back what was written by mistake, as long as nothing rests on it."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from app.infra.db import Base, session
from app.kernel.errors import refuse


def remove_unused(row: Base, code: str) -> None:
    """Delete `row`; Refused with `code` once anything refers to it: the foreign keys of all features know what does."""
    try:
        with session.begin_nested():
            session.delete(row)
            session.flush()
    except IntegrityError:
        raise refuse(code) from None
