"""Who may do what: one table, read by services (enforce), queries (scope) and templates (hide)."""

from app.access.actor import NOBODY, Actor, Role
from app.access.authority import authorize, require, require_scope, scope, usable_scopes
from app.access.permissions import PUBLIC, SIGNED_IN, Permission

__all__ = [
    "NOBODY",
    "PUBLIC",
    "SIGNED_IN",
    "Actor",
    "Permission",
    "Role",
    "authorize",
    "require",
    "require_scope",
    "scope",
    "usable_scopes",
]
