"""Who may do what with results, the scoreboard and rounds."""

from __future__ import annotations

from app.access.actor import Role
from app.access.permissions import Permission
from app.access.policy import DISTRICT, OPERATOR, PROVIDER_STAFF, Policy
from app.access.predicates import Anywhere


class ResultPermission(Permission):
    VIEW = "result:view"


class ScoreboardPermission(Permission):
    VIEW = "scoreboard:view"


class RoundPermission(Permission):
    COMPUTE = "round:compute"
    DECIDE = "round:decide"  # make final, close


SCHEME_MANAGER = Anywhere((Role.SCHEME_MANAGER,))

POLICY: Policy = {
    ResultPermission.VIEW: ((PROVIDER_STAFF,), (OPERATOR,), (DISTRICT,)),
    ScoreboardPermission.VIEW: ((OPERATOR,), (DISTRICT,)),
    RoundPermission.COMPUTE: ((OPERATOR,), (SCHEME_MANAGER,)),
    RoundPermission.DECIDE: ((SCHEME_MANAGER,),),
}
