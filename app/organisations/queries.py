"""Reads about organisations, their roles, relations, members and applications."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from app.access import Actor, Permission, Role, authorize, scope
from app.accounts.models import SignInSession, User
from app.accounts.queries import hashed
from app.infra.db import session
from app.infra.files import StoredFile
from app.kernel.errors import NotFound
from app.organisations.models import (
    AdmittedRole,
    Application,
    EvaluationUnit,
    Invitation,
    Membership,
    Organisation,
    OrganisationName,
    OrganisationRole,
    OrganisationState,
    RelatedParty,
)
from app.organisations.permissions import OrganisationPermission


def in_force(today: date) -> ColumnElement[bool]:
    """A membership counts from its first day until the day before `ends_on`."""
    return and_(Membership.starts_on <= today, or_(Membership.ends_on.is_(None), Membership.ends_on > today))


def roles_of(user_id: int, *, today: date) -> frozenset[tuple[Role, int]]:
    """The roles a person holds today, at verified organisations only."""
    return standing_of(user_id, today=today)[0]


def standing_of(user_id: int, *, today: date) -> tuple[frozenset[tuple[Role, int]], frozenset[int]]:
    """(the same roles, those of the organisations that share instruments), by one statement."""
    shares = (
        select(AdmittedRole.id)
        .where(AdmittedRole.organisation_id == Organisation.id, AdmittedRole.role == OrganisationRole.PROVIDER)
        .exists()
    )
    rows = session.execute(
        select(Membership.role, Membership.organisation_id, shares)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.user_id == user_id, Organisation.state == OrganisationState.VERIFIED, in_force(today))
    ).all()
    roles = frozenset((role, organisation_id) for role, organisation_id, _shares in rows)
    return roles, frozenset(organisation_id for _role, organisation_id, sharing in rows if sharing)


def organisations_of(user_id: int, *, today: date) -> Sequence[Organisation]:
    """The verified organisations where a person holds any role today, by name."""
    held = select(Membership.organisation_id).where(Membership.user_id == user_id, in_force(today))
    return session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(held), Organisation.state == OrganisationState.VERIFIED)
        .order_by(Organisation.sort_key, Organisation.id)
    ).all()


def one(public_id: str, permission: Permission, *, actor: Actor) -> Organisation:
    """The organisation, if the actor may do this with it; absent and foreign are answered alike."""
    row = session.scalars(select(Organisation).where(Organisation.public_id == public_id)).one_or_none()
    return authorize(actor, permission, row)


def holders(organisation_id: int, role: Role, *, today: date) -> Sequence[User]:
    """Everybody who holds this role there today, by id."""
    held = select(User).join(Membership, Membership.user_id == User.id)
    wanted = held.where(Membership.organisation_id == organisation_id, Membership.role == role, in_force(today))
    return session.scalars(wanted.order_by(User.id)).all()


def people_of(organisation_id: int, *, today: date) -> dict[int, str]:
    """User id → name of everybody who has a role there today."""
    people = select(User.id, User.name).join(Membership, Membership.user_id == User.id)
    wanted = people.where(Membership.organisation_id == organisation_id, in_force(today))
    return {row.id: row.name for row in session.execute(wanted.order_by(User.name, User.id))}


def by_code(uscc: str) -> Organisation | None:
    return session.scalars(select(Organisation).where(Organisation.uscc == uscc)).one_or_none()


def visible(*, actor: Actor) -> Select[Any]:
    return select(Organisation).where(scope(actor, OrganisationPermission.VIEW, Organisation))


def providers() -> Select[Any]:
    """What the public sees: verified bodies that share instruments."""
    sharing = select(AdmittedRole.organisation_id).where(AdmittedRole.role == OrganisationRole.PROVIDER)
    return select(Organisation).where(Organisation.state == OrganisationState.VERIFIED, Organisation.id.in_(sharing))


def admitted_roles(organisation_id: int) -> list[OrganisationRole]:
    rows = select(AdmittedRole.role).where(AdmittedRole.organisation_id == organisation_id)
    return sorted(session.scalars(rows), key=list(OrganisationRole).index)


def members_of(organisation_id: int) -> Select[Membership, User]:
    """(membership, person), also those that have ended."""
    return (
        select(Membership, User)
        .join(User, User.id == Membership.user_id)
        .where(Membership.organisation_id == organisation_id)
    )


def open_invitations(organisation_id: int) -> Sequence[Invitation]:
    return session.scalars(
        select(Invitation)
        .where(Invitation.organisation_id == organisation_id, Invitation.accepted_at.is_(None))
        .order_by(Invitation.id.desc())
    ).all()


def invitation_behind(secret: str, *, now: datetime) -> Select[Invitation]:
    """The open invitation whose link holds this secret."""
    return select(Invitation).where(
        Invitation.secret_hash == hashed(secret), Invitation.accepted_at.is_(None), Invitation.expires_at > now
    )


def names_of(organisation_id: int) -> Sequence[OrganisationName]:
    return session.scalars(
        select(OrganisationName)
        .where(OrganisationName.organisation_id == organisation_id)
        .order_by(OrganisationName.valid_from.desc())
    ).all()


def units_of(*organisation_ids: int) -> Sequence[EvaluationUnit]:
    wanted = select(EvaluationUnit).where(EvaluationUnit.organisation_id.in_(organisation_ids))
    return session.scalars(wanted.order_by(EvaluationUnit.name, EvaluationUnit.id)).all()


def branches_of(organisation_id: int) -> Sequence[Organisation]:
    return session.scalars(
        select(Organisation).where(Organisation.parent_id == organisation_id).order_by(Organisation.sort_key)
    ).all()


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation as seen from one side: the other body's name with it."""

    row: RelatedParty
    other: Organisation


def relations_of(organisation_id: int) -> list[Relation]:
    """Every relation of a body, those that have ended too."""
    other = aliased(Organisation)
    met = or_(
        and_(RelatedParty.one_id == organisation_id, other.id == RelatedParty.other_id),
        and_(RelatedParty.other_id == organisation_id, other.id == RelatedParty.one_id),
    )
    rows = session.execute(select(RelatedParty, other).join(other, met).order_by(RelatedParty.valid_from, other.id))
    return [Relation(row, organisation) for row, organisation in rows]


def related_on(organisation_id: int, day: date) -> frozenset[int]:
    """The bodies that are not strangers to this one on that day: what the ledger's verdicts ask."""
    held = and_(RelatedParty.valid_from <= day, or_(RelatedParty.valid_until.is_(None), RelatedParty.valid_until > day))
    ones = select(RelatedParty.other_id).where(RelatedParty.one_id == organisation_id, held)
    others = select(RelatedParty.one_id).where(RelatedParty.other_id == organisation_id, held)
    return frozenset(session.scalars(ones)) | frozenset(session.scalars(others))


def legal_persons(*, on: date | None = None) -> dict[int, int]:
    """Each organisation's legal person: branches roll up to their parent, merged bodies to what they became.

    A merger counts from its day; without a day, every merger recorded counts.
    """
    rows = session.execute(select(*_DIRECTLY_ABOVE))
    return tops({row.id: _above(row, on) for row in rows})


def legal_person(organisation: Organisation, *, on: date | None = None) -> int:
    """The same for one body, read step by step: a body that stands alone asks the database nothing."""

    def above(id_: int) -> int | None:
        if id_ == organisation.id:
            return _above(organisation, on)
        return _above(session.execute(select(*_DIRECTLY_ABOVE).where(Organisation.id == id_)).one(), on)

    return _top(organisation.id, above)


_DIRECTLY_ABOVE = (Organisation.id, Organisation.parent_id, Organisation.merged_into_id, Organisation.merged_on)


def _above(row: Any, on: date | None) -> int | None:
    """What stands directly above: what a body merged into, from that day on; before, its parent."""
    merged = on is None or row.merged_on is None or row.merged_on <= on
    above: int | None = (row.merged_into_id if merged else None) or row.parent_id
    return above


def tops(above: dict[int, int | None]) -> dict[int, int]:
    """The last body above each, going by what stands directly above."""
    return {id_: _top(id_, above.get) for id_ in above}


def _top(id_: int, above: Callable[[int], int | None]) -> int:
    seen = {id_}
    while (next_up := above(id_)) is not None and next_up not in seen:
        id_ = next_up
        seen.add(id_)
    return id_


def applications() -> Select[Application, Organisation, User]:
    """(application, organisation, applicant): the operator's inbox and its past."""
    return (
        select(Application, Organisation, User)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(User, User.id == Application.user_id)
    )


def applications_by(user_id: int) -> Sequence[Any]:
    mine = applications().where(Application.user_id == user_id).order_by(Application.id.desc())
    return session.execute(mine).all()


def application(public_id: str, *, actor: Actor) -> tuple[Application, Organisation, User]:
    """An application as the operator reads it before deciding."""
    found = session.execute(applications().where(Application.public_id == public_id)).first()
    if found is None:
        raise NotFound(public_id)
    authorize(actor, OrganisationPermission.VERIFY, found[1])
    return found[0], found[1], found[2]


def parent_of(organisation: Organisation) -> Organisation | None:
    """The legal person that a branch belongs to, or is said to belong to."""
    return session.get_one(Organisation, organisation.parent_id) if organisation.parent_id else None


LAST_SEEN = (
    select(func.max(SignInSession.last_seen_at))
    .where(SignInSession.user_id == User.id)
    .correlate(User)
    .scalar_subquery()
)


def people() -> Select[Any, Any, Any, Any]:
    """(person, where they belong today, the same in English, last seen): the operator's list."""
    english = func.coalesce(func.nullif(Organisation.name_en, ""), Organisation.name)
    return select(User, _belonging(Organisation.name), _belonging(english), LAST_SEEN)


def _belonging(name: Any) -> Any:
    held = select(Membership.organisation_id).where(Membership.user_id == User.id, Membership.ends_on.is_(None))
    names = select(func.aggregate_strings(name, " · ")).where(Organisation.id.in_(held.correlate(User)))
    return names.correlate(User).scalar_subquery()


def person(public_id: str) -> User:
    row = session.scalars(select(User).where(User.public_id == public_id)).one_or_none()
    if row is None:
        raise NotFound(public_id)
    return row


def letter_of(application: Application) -> StoredFile:
    return session.get_one(StoredFile, application.letter_file_id)
