"""Who may do what with prices."""

from __future__ import annotations

from app.access.permissions import Permission
from app.access.policy import PROVIDER_ADMIN, Policy, View
from app.catalogue.permissions import InstrumentPermission


class PricePermission(Permission):
    CHANGE = "price:change"


POLICY: Policy = {
    PricePermission.CHANGE: ((PROVIDER_ADMIN,),),
}

# Who may see the row at all: without it an act is answered as if the row were absent.
VIEW: View = {
    PricePermission.CHANGE: InstrumentPermission.VIEW,
}
