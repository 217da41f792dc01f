"""Claiming to act for a body, with an authorisation letter; the operator decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from sqlalchemy import func, select, update

from app.access import Actor, Role, authorize
from app.accounts.queries import lock_person, user_by_id
from app.accounts.services.profile import recipient_of
from app.audit import record
from app.infra import files
from app.infra.db import session
from app.infra.locks import locked
from app.infra.sorting import sort_key
from app.kernel import uscc
from app.kernel.civil import civil_day
from app.kernel.errors import Forbidden, NotFound, refuse, refuse_all
from app.kernel.names import name_in
from app.notifications.services import tell
from app.notifications.texts import Notice
from app.organisations import queries, rules
from app.organisations.actions import ApplicationAction, OrganisationAction
from app.organisations.models import (
    AdmittedRole,
    Application,
    Kind,
    Membership,
    Organisation,
    OrganisationName,
    OrganisationRole,
    OrganisationState,
)
from app.organisations.permissions import OrganisationPermission


@dataclass(frozen=True, slots=True)
class Claim:
    """What an applicant says about the body."""

    name: str
    kind: Kind
    roles: Sequence[OrganisationRole]
    uscc: str | None = None
    name_en: str = ""
    town: str = ""
    address: str = ""
    parent_uscc: str | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """The authorisation letter (授权委托书) as uploaded."""

    content: BinaryIO
    name: str


def apply(claim: Claim, letter: Letter, *, actor: Actor, now: datetime) -> Application:
    """Note the claim for the operator. A body that is known already is not written twice."""
    user_id = _person(actor)
    lock_person(user_id)  # two applications sent at once are counted one after the other
    code = uscc.normalise(claim.uscc) if claim.uscc else None
    refuse_all([*rules.code_faults(claim.kind, code), *rules.role_faults(claim.roles)])
    _refuse_many(user_id)
    organisation = _known(code, claim) or _written(claim, code, now=now)
    _refuse_second(organisation.id, user_id)
    application = Application(
        organisation_id=organisation.id,
        user_id=user_id,
        roles=[role.value for role in claim.roles],
        letter_file_id=_kept(letter, user_id, now).id,
        created_at=now,
    )
    session.add(application)
    session.flush()
    after = {"organisation": organisation.public_id, "roles": application.roles}
    record(OrganisationAction.APPLIED, application, actor=actor, now=now, after=after)
    return application


def verify(public_id: str, *, actor: Actor, now: datetime) -> None:
    """Admit the body to the roles it applied for; the applicant becomes its administrator.

    A suspended body stays suspended: it is reinstated by an act of its own, with a reason.
    """
    application, organisation = _to_decide(public_id, actor)
    _decide(application, OrganisationState.VERIFIED, "", actor=actor, now=now)
    today = civil_day(now)
    if organisation.state is not OrganisationState.SUSPENDED:
        organisation.state = OrganisationState.VERIFIED
    have = set(queries.admitted_roles(organisation.id))
    for role in map(OrganisationRole, application.roles):
        if role not in have:
            session.add(AdmittedRole(organisation_id=organisation.id, role=role, since=today))
    if (Role.ADMINISTRATOR, organisation.id) not in queries.roles_of(application.user_id, today=today):
        session.add(
            Membership(
                user_id=application.user_id,
                organisation_id=organisation.id,
                role=Role.ADMINISTRATOR,
                starts_on=today,
                ends_on=None,
            )
        )
    session.flush()
    record(OrganisationAction.VERIFIED, organisation, actor=actor, now=now, after={"roles": application.roles})
    applicant = recipient_of(user_by_id(application.user_id))
    called = name_in(applicant.language, organisation)
    tell(applicant, Notice.ORGANISATION_VERIFIED, now=now, organisation=called)


def decline(public_id: str, reason: str, *, actor: Actor, now: datetime) -> None:
    """Refuse the claim with a reason; a body that nobody else has proved stays unverified."""
    application, organisation = _to_decide(public_id, actor)
    _close(application, reason, actor=actor, now=now)
    record(OrganisationAction.DECLINED, organisation, actor=actor, now=now, after={"application": public_id})
    applicant = recipient_of(user_by_id(application.user_id))
    called = name_in(applicant.language, organisation)
    tell(applicant, Notice.ORGANISATION_DECLINED, now=now, organisation=called, reason=reason)


def take_back(public_id: str, *, actor: Actor, now: datetime) -> None:
    """The applicant takes the claim back while nobody has decided it; NotFound for everybody else."""
    mine = select(Application).where(Application.public_id == public_id, Application.user_id == _person(actor))
    application = session.scalars(locked(mine)).one_or_none()
    if application is None:
        raise NotFound(public_id)
    _close(application, "", actor=actor, now=now)
    record(ApplicationAction.WITHDRAWN, application, actor=actor, now=now)


def _person(actor: Actor) -> int:
    if actor.user_id is None:
        raise Forbidden("only people apply")
    return actor.user_id


def _known(code: str | None, claim: Claim) -> Organisation | None:
    """The body with this code. What somebody said of it who was declined gives way to the new claim."""
    row = queries.by_code(code) if code else None
    if row is not None and row.state is OrganisationState.DECLINED:
        row.name, row.name_en, row.sort_key, row.kind = claim.name, claim.name_en, sort_key(claim.name), claim.kind
        row.town, row.address, row.parent_id = claim.town, claim.address, _parent(claim.parent_uscc)
        row.state = OrganisationState.APPLIED
        names = update(OrganisationName).where(OrganisationName.organisation_id == row.id)
        session.execute(names.values(name=claim.name))
    return row


def _written(claim: Claim, code: str | None, *, now: datetime) -> Organisation:
    row = Organisation(
        uscc=code,
        name=claim.name,
        name_en=claim.name_en,
        sort_key=sort_key(claim.name),
        kind=claim.kind,
        town=claim.town,
        address=claim.address,
        parent_id=_parent(claim.parent_uscc),
        created_at=now,
    )
    session.add(row)
    session.flush()
    session.add(OrganisationName(organisation_id=row.id, name=row.name, valid_from=civil_day(now)))
    return row


def _parent(code: str | None) -> int | None:
    if not code:
        return None
    parent = queries.by_code(uscc.normalise(code))
    if parent is None or parent.state is not OrganisationState.VERIFIED:
        raise refuse("parent-unknown", "parent_uscc")
    return parent.id


def _refuse_second(organisation_id: int, user_id: int) -> None:
    if user_id in _waiting(organisation_id):
        raise refuse("application-waiting")


def _waiting(organisation_id: int) -> Sequence[int]:
    """Whose claims for the body nobody has decided yet."""
    undecided = (Application.organisation_id == organisation_id, Application.state == OrganisationState.APPLIED)
    return session.scalars(select(Application.user_id).where(*undecided)).all()


def _refuse_many(user_id: int) -> None:
    """Each application keeps a letter of up to 32 MiB and somebody's attention."""
    waiting = select(func.count()).where(Application.user_id == user_id, Application.state == OrganisationState.APPLIED)
    if (session.scalar(waiting) or 0) >= rules.MOST_WAITING:
        raise refuse("applications-waiting", most=rules.MOST_WAITING)


def _kept(letter: Letter, user_id: int, now: datetime) -> files.StoredFile:
    head = letter.content.read(16)
    letter.content.seek(0)
    media_type = rules.letter_type(head)
    if media_type is None:
        raise refuse("letter-type", "letter")
    return files.store(letter.content, name=letter.name, media_type=media_type, owner_id=user_id, now=now)


def _to_decide(public_id: str, actor: Actor) -> tuple[Application, Organisation]:
    application = session.scalars(locked(select(Application).where(Application.public_id == public_id))).one_or_none()
    if application is None:
        raise NotFound(public_id)
    organisation = session.get_one(Organisation, application.organisation_id)
    authorize(actor, OrganisationPermission.VERIFY, organisation)
    if application.user_id == actor.user_id:
        raise refuse("own-case")
    return application, organisation


def _close(application: Application, reason: str, *, actor: Actor, now: datetime) -> None:
    """Without leave to act. A body that nobody has proved is declined with the last claim to it."""
    _decide(application, OrganisationState.DECLINED, reason, actor=actor, now=now)
    session.flush()
    body = select(Organisation).where(Organisation.id == application.organisation_id)
    organisation = session.scalars(locked(body)).one()  # two last claims closed at once see each other
    if organisation.state is OrganisationState.APPLIED and not _waiting(organisation.id):
        organisation.state = OrganisationState.DECLINED
    session.flush()


def _decide(application: Application, state: OrganisationState, reason: str, *, actor: Actor, now: datetime) -> None:
    if application.state is not OrganisationState.APPLIED:
        raise refuse("already-decided")
    application.state, application.reason = state, reason
    application.decided_at, application.decided_by_id = now, actor.user_id
