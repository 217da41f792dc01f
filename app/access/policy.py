"""The policy: for each permission, any of the ways; a way needs all of its predicates.

Features declare their parts of it; here are the words it is made of, and the whole once installed. A column named
in a way must stand on every row that the permission is asked about.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.access.actor import Role
from app.access.permissions import Permission
from app.access.predicates import Anywhere, At, Has, OwnAt, Predicate

Way = tuple[Predicate, ...]
Policy = Mapping[Permission, tuple[Way, ...]]
View = Mapping[Permission, Permission]

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
OWN_FOR_CLIENT = OwnAt(CLIENT_PERSON.column, CLIENT_PERSON.roles)
ON_SHOW = (Has("state", ("listed",)), Has("share_mode", ("external", "internal")))
