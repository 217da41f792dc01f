"""The policy: for each permission, any of the ways; a way needs all of its predicates.

A column named here must stand on every row the permission is asked about.
"""

from __future__ import annotations

from app.access.actor import Role
from app.access.permissions import Permission
from app.access.predicates import Anywhere, At, Has, Manages, Own, Predicate

P = Permission
Way = tuple[Predicate, ...]

OPERATOR = Anywhere((Role.OPERATOR,))
DISTRICT = Anywhere((Role.SCHEME_MANAGER, Role.REVIEWER, Role.FUND_CLERK))
AUDIT = Anywhere((Role.AUDIT_ADMINISTRATOR,))
SECURITY = Anywhere((Role.SECURITY_ADMINISTRATOR,))
SYSTEM = Anywhere((Role.SYSTEM_ADMINISTRATOR,))

PROVIDER_ADMIN = At("provider_id", (Role.ADMINISTRATOR,))
PROVIDER_FINANCE = At("provider_id", (Role.FINANCE, Role.ADMINISTRATOR))
PROVIDER_STAFF = At("provider_id", (Role.ADMINISTRATOR, Role.FINANCE, Role.INSTRUMENT_MANAGER))
CLIENT_APPROVER = At("client_id", (Role.APPROVER, Role.ADMINISTRATOR))
CLIENT_PERSON = At("client_id", (Role.MEMBER, Role.APPROVER, Role.ADMINISTRATOR, Role.INSTRUMENT_MANAGER, Role.FINANCE))

ON_SHOW = (Has("state", ("listed",)), Has("share_mode", ("external", "internal")))

POLICY: dict[P, tuple[Way, ...]] = {
    P.INSTRUMENT_VIEW: (
        ON_SHOW,
        (PROVIDER_STAFF, Has("state", ("draft", "listed", "suspended", "retired"))),
        (OPERATOR,),
    ),
    P.INSTRUMENT_CREATE: ((PROVIDER_ADMIN,),),
    P.INSTRUMENT_CHANGE: ((PROVIDER_ADMIN,), (Manages("id"),)),
    P.INSTRUMENT_IMPORT: ((PROVIDER_ADMIN,),),
    P.PRICE_CHANGE: ((PROVIDER_ADMIN,),),
    P.BOOKING_VIEW: ((Own(),), (CLIENT_APPROVER,), (Manages(),), (PROVIDER_ADMIN,), (OPERATOR,)),
    P.BOOKING_CREATE: ((CLIENT_PERSON,),),
    P.BOOKING_CANCEL: ((Own(),), (CLIENT_APPROVER,), (Manages(),), (PROVIDER_ADMIN,)),
    P.BOOKING_MOVE: ((Own(),), (CLIENT_APPROVER,), (Manages(),), (PROVIDER_ADMIN,)),
    P.BOOKING_DECIDE: ((Manages(),), (PROVIDER_ADMIN,)),
    P.BOOKING_RUN: ((Own(),), (Manages(),), (PROVIDER_ADMIN,)),
    P.BOOKING_CONFIRM: ((Own(),), (CLIENT_APPROVER,)),
    P.BOOKING_INVITE: ((Own(),), (CLIENT_APPROVER,)),
    P.SCHEDULE_MANAGE: ((Manages("id"),), (PROVIDER_ADMIN,)),
    P.CHARGE_VIEW: ((Own(),), (CLIENT_APPROVER,), (PROVIDER_FINANCE,), (OPERATOR,)),
    P.CHARGE_MARK: ((PROVIDER_FINANCE,),),
    P.RECORD_VIEW: ((Own(),), (CLIENT_APPROVER,), (PROVIDER_STAFF,), (OPERATOR,), (DISTRICT,)),
    P.HISTORY_IMPORT: ((PROVIDER_ADMIN,),),
    P.HISTORY_ATTEST: ((PROVIDER_ADMIN,),),
    P.HISTORY_VERIFY: ((OPERATOR,),),
    P.RESULT_VIEW: ((PROVIDER_STAFF,), (OPERATOR,), (DISTRICT,)),
    P.SCOREBOARD_VIEW: ((OPERATOR,), (DISTRICT,)),
    P.ROUND_COMPUTE: ((OPERATOR,), (Anywhere((Role.SCHEME_MANAGER,)),)),
    P.ORGANISATION_VIEW: ((At("id", tuple(Role)),), (OPERATOR,), (DISTRICT,)),
    P.ORGANISATION_CHANGE: ((At("id", (Role.ADMINISTRATOR,)),),),
    P.ORGANISATION_VERIFY: ((OPERATOR,),),
    P.MEMBER_MANAGE: ((At("organisation_id", (Role.ADMINISTRATOR,)),),),
    P.PERSON_SUSPEND: ((OPERATOR,), (SECURITY,)),
    P.DEMAND_VIEW: ((PROVIDER_STAFF,), (OPERATOR,), (DISTRICT,)),
    P.TASK_VIEW: ((Own("owner_id"),), (PROVIDER_ADMIN,), (OPERATOR,), (SYSTEM,)),
    P.AUDIT_SEARCH: ((AUDIT,),),
    P.OPERATION_VIEW: ((OPERATOR,), (SYSTEM,)),
}

# Who may see the row at all: without it an act is answered as if the row were absent.
VIEW: dict[P, P] = {
    P.INSTRUMENT_CHANGE: P.INSTRUMENT_VIEW,
    P.PRICE_CHANGE: P.INSTRUMENT_VIEW,
    P.SCHEDULE_MANAGE: P.INSTRUMENT_VIEW,
    P.BOOKING_CANCEL: P.BOOKING_VIEW,
    P.BOOKING_MOVE: P.BOOKING_VIEW,
    P.BOOKING_DECIDE: P.BOOKING_VIEW,
    P.BOOKING_RUN: P.BOOKING_VIEW,
    P.BOOKING_CONFIRM: P.BOOKING_VIEW,
    P.BOOKING_INVITE: P.BOOKING_VIEW,
    P.CHARGE_MARK: P.CHARGE_VIEW,
    P.ORGANISATION_CHANGE: P.ORGANISATION_VIEW,
    P.ORGANISATION_VERIFY: P.ORGANISATION_VIEW,
}
