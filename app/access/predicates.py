"""The few kinds of condition a policy is made of; each is both a test of a row and a WHERE clause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, and_, false, true

from app.access.actor import Actor, Role


class Predicate(Protocol):
    def possible(self, actor: Actor) -> bool:
        """Whether any row at all could satisfy it: the coarse check before anything is loaded."""
        ...

    def holds(self, actor: Actor, row: Any) -> bool: ...

    def where(self, actor: Actor, model: Any) -> ColumnElement[bool]: ...


@dataclass(frozen=True)
class Anywhere:
    """Holds one of the roles at any organisation: for the operator and the district, who serve everybody."""

    roles: tuple[Role, ...]

    def possible(self, actor: Actor) -> bool:
        return actor.holds(*self.roles)

    def holds(self, actor: Actor, row: Any) -> bool:
        return self.possible(actor)

    def where(self, actor: Actor, model: Any) -> ColumnElement[bool]:
        return true() if self.possible(actor) else false()


@dataclass(frozen=True)
class At:
    """Holds one of the roles at the organisation that `column` of the row names."""

    column: str
    roles: tuple[Role, ...]

    def possible(self, actor: Actor) -> bool:
        return actor.holds(*self.roles)

    def holds(self, actor: Actor, row: Any) -> bool:
        return getattr(row, self.column) in actor.organisations(*self.roles)

    def where(self, actor: Actor, model: Any) -> ColumnElement[bool]:
        return _among(getattr(model, self.column), actor.organisations(*self.roles))


@dataclass(frozen=True)
class Own:
    """The row is the actor's own."""

    column: str = "user_id"

    def possible(self, actor: Actor) -> bool:
        return actor.user_id is not None

    def holds(self, actor: Actor, row: Any) -> bool:
        return actor.user_id is not None and getattr(row, self.column) == actor.user_id

    def where(self, actor: Actor, model: Any) -> ColumnElement[bool]:
        if actor.user_id is None:
            return false()
        own: ColumnElement[bool] = getattr(model, self.column) == actor.user_id
        return own


@dataclass(frozen=True)
class OwnAt:
    """The row is the actor's own, and they still hold one of the roles at the organisation that `column` names.

    What was done for an organisation stays with it: whoever left is told the same as of a foreign row.
    """

    column: str
    roles: tuple[Role, ...]

    def possible(self, actor: Actor) -> bool:
        return Own().possible(actor)

    def holds(self, actor: Actor, row: Any) -> bool:
        return Own().holds(actor, row) and At(self.column, self.roles).holds(actor, row)

    def where(self, actor: Actor, model: Any) -> ColumnElement[bool]:
        return and_(Own().where(actor, model), At(self.column, self.roles).where(actor, model))


@dataclass(frozen=True)
class Manages:
    """The actor is a manager of the instrument that `column` of the row names."""

    column: str = "instrument_id"

    def possible(self, actor: Actor) -> bool:
        return bool(actor.instruments)

    def holds(self, actor: Actor, row: Any) -> bool:
        return getattr(row, self.column) in actor.instruments

    def where(self, actor: Actor, model: Any) -> ColumnElement[bool]:
        return _among(getattr(model, self.column), actor.instruments)


@dataclass(frozen=True)
class Has:
    """A column of the row has one of these values, whoever asks."""

    column: str
    values: tuple[Any, ...]

    def possible(self, actor: Actor) -> bool:
        return True

    def holds(self, actor: Actor, row: Any) -> bool:
        return getattr(row, self.column) in self.values

    def where(self, actor: Actor, model: Any) -> ColumnElement[bool]:
        return _among(getattr(model, self.column), frozenset(self.values))


def _among(column: Any, values: frozenset[Any]) -> ColumnElement[bool]:
    among: ColumnElement[bool] = column.in_(sorted(values)) if values else false()
    return among
