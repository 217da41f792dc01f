"""Who may do what with charges."""

from __future__ import annotations

from app.access.permissions import Permission
from app.access.policy import CLIENT_APPROVER, OPERATOR, OWN_FOR_CLIENT, PROVIDER_FINANCE, Policy, View


class ChargePermission(Permission):
    VIEW = "charge:view"
    MARK = "charge:mark"


POLICY: Policy = {
    ChargePermission.VIEW: ((OWN_FOR_CLIENT,), (CLIENT_APPROVER,), (PROVIDER_FINANCE,), (OPERATOR,)),
    ChargePermission.MARK: ((PROVIDER_FINANCE,),),
}

# Who may see the row at all: without it an act is answered as if the row were absent.
VIEW: View = {
    ChargePermission.MARK: ChargePermission.VIEW,
}
