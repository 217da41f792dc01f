"""Who may do what with instruments and with the tables they follow."""

from __future__ import annotations

from app.access.permissions import Permission
from app.access.policy import ON_SHOW, OPERATOR, PROVIDER_ADMIN, PROVIDER_STAFF, Policy, View
from app.access.predicates import Has, Manages


class InstrumentPermission(Permission):
    VIEW = "instrument:view"
    CREATE = "instrument:create"
    CHANGE = "instrument:change"
    IMPORT = "instrument:import"


class HolidayPermission(Permission):
    CHANGE = "holiday:change"  # public holidays and make-up working days of the yearly notice


POLICY: Policy = {
    InstrumentPermission.VIEW: (
        ON_SHOW,
        (PROVIDER_STAFF, Has("state", ("draft", "listed", "suspended", "retired"))),
        (OPERATOR,),
    ),
    InstrumentPermission.CREATE: ((PROVIDER_ADMIN,),),
    InstrumentPermission.CHANGE: ((PROVIDER_ADMIN,), (Manages("id"),)),
    InstrumentPermission.IMPORT: ((PROVIDER_ADMIN,),),
    HolidayPermission.CHANGE: ((OPERATOR,),),
}

# Who may see the row at all: without it an act is answered as if the row were absent.
VIEW: View = {
    InstrumentPermission.CHANGE: InstrumentPermission.VIEW,
}
