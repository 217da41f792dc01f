"""Cursor paging by public id: born in order, so a page never repeats or skips a row."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import Select

from app.api.schemas import Body, PublicId
from app.infra.db import session

MOST = 200


class Paged(Body):
    """`after` is the `next` of the page before."""

    after: PublicId | None = None
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50


def page(statement: Select[Any], model: Any, asked: Paged) -> tuple[list[Any], str | None]:
    """(rows, cursor of the next page or None), newest last, by one statement."""
    wanted = statement.order_by(model.public_id).limit(asked.limit + 1)
    if asked.after is not None:
        wanted = wanted.where(model.public_id > asked.after)
    rows = list(session.execute(wanted))
    if len(rows) <= asked.limit:
        return rows, None
    return rows[: asked.limit], _id(rows[asked.limit - 1], model)


def _id(row: Any, model: Any) -> str:
    found = next(part for part in row if isinstance(part, model))
    return str(found.public_id)
