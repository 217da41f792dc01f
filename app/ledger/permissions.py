"""Who may do what with service records and imported history."""

from __future__ import annotations

from app.access.permissions import Permission
from app.access.policy import (
    CLIENT_APPROVER,
    DISTRICT,
    OPERATOR,
    OWN_FOR_CLIENT,
    PROVIDER_ADMIN,
    PROVIDER_STAFF,
    Policy,
)


class RecordPermission(Permission):
    VIEW = "record:view"


class HistoryPermission(Permission):
    IMPORT = "history:import"
    ATTEST = "history:attest"
    VERIFY = "history:verify"


POLICY: Policy = {
    RecordPermission.VIEW: ((OWN_FOR_CLIENT,), (CLIENT_APPROVER,), (PROVIDER_STAFF,), (OPERATOR,), (DISTRICT,)),
    HistoryPermission.IMPORT: ((PROVIDER_ADMIN,),),
    HistoryPermission.ATTEST: ((PROVIDER_ADMIN,),),
    HistoryPermission.VERIFY: ((OPERATOR,),),
}
