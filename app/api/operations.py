"""One operation of the API as data: what OpenAPI, the documentation page and the tests read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flask import Flask, current_app
from flask_babel.speaklater import LazyString
from pydantic import BaseModel


class Versions(StrEnum):
    """Whether a change must say which version it was made against (If-Match)."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True)
class Operation:
    endpoint: str
    method: str
    rule: str  # Flask's, under /api/v1
    summary: LazyString
    permission: str
    answer: type[BaseModel]
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    status: int = 200
    versions: Versions = Versions.NONE

    @property
    def tag(self) -> str:
        return self.rule.strip("/").split("/")[0]


def all_operations() -> list[Operation]:
    return _table(current_app)


def remember(app: Flask, operation: Operation) -> None:
    _table(app).append(operation)


def _table(app: Flask) -> list[Operation]:
    table: list[Operation] = app.extensions.setdefault("api_operations", [])
    return table
