"""Who may do what with service records and imported history."""

from __future__ import annotations

from app.access.permissions import Permission
from app.access.policy import CLIENT_APPROVER, DISTRICT, OPERATOR, PROVIDER_ADMIN, PROVIDER_STAFF, Policy
from app.access.predicates import Own


class RecordPermission(Permission):
    VIEW = "record:view"


class HistoryPermission(Permission):
    IMPORT = "history:import"
    ATTEST = "history:attest"
    VERIFY = "history:verify"


POLICY: Policy = {
    RecordPermission.VIEW: ((Own(),), (CLIENT_APPROVER,), (PROVIDER_STAFF,), (OPERATOR,), (DISTRICT,)),
    HistoryPermission.IMPORT: ((PROVIDER_ADMIN,),),
    HistoryPermission.ATTEST: ((PROVIDER_ADMIN,),),
    HistoryPermission.VERIFY: ((OPERATOR,),),
}
