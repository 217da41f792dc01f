"""The three readers of the policy: enforce, scope, hide."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, false, or_

from app.access.actor import Actor
from app.access.permissions import PUBLIC, SCOPES, SIGNED_IN, Permission, scope_of
from app.infra.feature import installed
from app.kernel.errors import Forbidden, NotFound, ScopeMissing

Row = TypeVar("Row")


def may(actor: Actor, permission: str, row: Any = None) -> bool:
    """Whether the policy allows it for this row; without a row, whether for any row at all."""
    if permission == PUBLIC:
        return True
    if permission == SIGNED_IN:
        return actor.user_id is not None
    if actor.scopes is not None and scope_of(permission) not in actor.scopes:
        return False
    ways = installed().policy[permission]
    if row is None:
        return any(all(p.possible(actor) for p in way) for way in ways)
    return any(all(p.holds(actor, row) for p in way) for way in ways)


def usable_scopes(actor: Actor) -> tuple[str, ...]:
    """What a token of this person could ever be used for."""
    allowed = {scope_of(permission) for permission in installed().policy if may(actor, permission)}
    return tuple(scope for scope in SCOPES if scope in allowed)


def require_scope(actor: Actor, permission: str) -> None:
    """Before anything is looked up, so that nothing is told but what the token lacks."""
    if actor.scopes is not None and scope_of(permission) not in actor.scopes:
        raise ScopeMissing(scope_of(permission))


def authorize(actor: Actor, permission: Permission, row: Row | None) -> Row:
    """The row, if the actor may; NotFound to who may not even see it, Forbidden to who may see but not do."""
    if row is None:
        raise NotFound(permission)
    if may(actor, permission, row):
        return row
    view = installed().view.get(permission)
    if view is not None and may(actor, view, row):
        raise Forbidden(permission)
    raise NotFound(permission)


def require(actor: Actor, permission: Permission) -> None:
    """For acts without a row: creating something, or a list of the whole platform."""
    if not may(actor, permission):
        raise Forbidden(permission)


def scope(actor: Actor, permission: Permission, model: Any) -> ColumnElement[bool]:
    """The same rule as a WHERE clause: which rows of `model` the actor may do this with."""
    if actor.scopes is not None and permission.scope not in actor.scopes:
        return false()
    return or_(*(and_(*(p.where(actor, model) for p in way)) for way in installed().policy[permission]))
