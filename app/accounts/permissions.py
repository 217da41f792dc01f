"""Who may do what with the audit."""

from __future__ import annotations

from app.access.permissions import Permission
from app.access.policy import AUDIT, OPERATOR, SYSTEM, Policy


class AuditPermission(Permission):
    SEARCH = "audit:search"


class OutboxPermission(Permission):
    VIEW = "outbox:view"  # what was sent to whom


POLICY: Policy = {
    OutboxPermission.VIEW: ((OPERATOR,), (SYSTEM,)),
    AuditPermission.SEARCH: ((AUDIT,),),
}
