"""Who may do what with long tasks and the running platform."""

from __future__ import annotations

from app.access.permissions import Permission
from app.access.policy import OPERATOR, PROVIDER_ADMIN, SYSTEM, Policy
from app.access.predicates import Own


class TaskPermission(Permission):
    VIEW = "task:view"


class OperationPermission(Permission):
    VIEW = "operation:view"  # health, jobs, outbox


POLICY: Policy = {
    TaskPermission.VIEW: ((Own("owner_id"),), (PROVIDER_ADMIN,), (OPERATOR,), (SYSTEM,)),
    OperationPermission.VIEW: ((OPERATOR,), (SYSTEM,)),
}
