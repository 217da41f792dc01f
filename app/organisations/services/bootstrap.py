"""Setting up bodies and their first administrators at the shell: operator and district cannot apply on a page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.access import Actor, Role
from app.accounts.models import User
from app.audit import record
from app.infra.db import session
from app.infra.sorting import sort_key
from app.kernel import uscc
from app.kernel.civil import civil_day
from app.kernel.errors import refuse, refuse_all
from app.organisations import queries, rules
from app.organisations.actions import MemberAction, OrganisationAction
from app.organisations.models import (
    AdmittedRole,
    Kind,
    Membership,
    Organisation,
    OrganisationName,
    OrganisationRole,
    OrganisationState,
)


def found(
    name: str, kind: Kind, roles: Sequence[OrganisationRole], *, code: str | None = None, actor: Actor, now: datetime
) -> Organisation:
    """A body that whoever stands at the shell vouches for."""
    plain = uscc.normalise(code) if code else None
    refuse_all(rules.code_faults(kind, plain))
    if plain and queries.by_code(plain) is not None:
        raise refuse("organisation-exists", "uscc")
    today = civil_day(now)
    row = Organisation(
        name=name,
        kind=kind,
        uscc=plain,
        sort_key=sort_key(name),
        state=OrganisationState.VERIFIED,
        created_at=now,
    )
    session.add(row)
    session.flush()
    session.add(OrganisationName(organisation_id=row.id, name=name, valid_from=today))
    session.add_all(AdmittedRole(organisation_id=row.id, role=role, since=today) for role in roles)
    session.flush()
    record(OrganisationAction.VERIFIED, row, actor=actor, now=now, after={"roles": list(roles)})
    return row


def appoint(user: User, organisation: Organisation, role: Role, *, actor: Actor, now: datetime) -> Membership:
    """Give a role without an invitation; the separation of the three administrators holds here too."""
    today = civil_day(now)
    held = queries.roles_of(user.id, today=today)
    if (role, organisation.id) in held:
        raise refuse("already-member")
    if rules.separation_broken((had.value for had, _organisation in held), role.value):
        raise refuse("administrators-separated")
    row = Membership(user_id=user.id, organisation_id=organisation.id, role=role, starts_on=today, ends_on=None)
    session.add(row)
    session.flush()
    record(MemberAction.JOINED, row, actor=actor, now=now, after={"role": role})
    return row
