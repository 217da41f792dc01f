"""Who may do what with organisations, their members and people."""

from __future__ import annotations

from app.access.actor import Role
from app.access.permissions import Permission
from app.access.policy import DISTRICT, OPERATOR, SECURITY, Policy, View
from app.access.predicates import At


class OrganisationPermission(Permission):
    VIEW = "organisation:view"
    CHANGE = "organisation:change"
    VERIFY = "organisation:verify"


class MemberPermission(Permission):
    MANAGE = "member:manage"


class PersonPermission(Permission):
    SUSPEND = "person:suspend"  # keep a person out of the platform, or let them in again


class PlatformPermission(Permission):
    VIEW = "platform:view"  # the platform as a whole, over all institutions


POLICY: Policy = {
    PlatformPermission.VIEW: ((OPERATOR,), (DISTRICT,)),
    OrganisationPermission.VIEW: ((At("id", tuple(Role)),), (OPERATOR,), (DISTRICT,)),
    OrganisationPermission.CHANGE: ((At("id", (Role.ADMINISTRATOR,)),),),
    OrganisationPermission.VERIFY: ((OPERATOR,),),
    MemberPermission.MANAGE: ((At("organisation_id", (Role.ADMINISTRATOR,)),),),
    PersonPermission.SUSPEND: ((OPERATOR,), (SECURITY,)),
}

# Who may see the row at all: without it an act is answered as if the row were absent.
VIEW: View = {
    OrganisationPermission.CHANGE: OrganisationPermission.VIEW,
    OrganisationPermission.VERIFY: OrganisationPermission.VIEW,
}
