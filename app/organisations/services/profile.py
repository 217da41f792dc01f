"""A body's own data: names with their history, place, parent, evaluation units."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select

from app.access import Actor, authorize
from app.audit import changes, record
from app.infra.db import session
from app.infra.locks import require_version
from app.infra.removal import remove_unused
from app.infra.sorting import sort_key
from app.kernel.civil import civil_day
from app.kernel.errors import NotFound, refuse
from app.organisations.actions import OrganisationAction, UnitAction
from app.organisations.models import EvaluationUnit, Kind, Organisation, OrganisationName
from app.organisations.permissions import OrganisationPermission


@dataclass(frozen=True, slots=True)
class Profile:
    name: str
    name_en: str
    town: str
    address: str
    industry_code: str


@dataclass(frozen=True, slots=True)
class Unit:
    """评价单元: a campus or branch scored for itself."""

    name: str
    kind: Kind
    town: str
    payee: str


def change(organisation: Organisation, wanted: Profile, *, version: int | None, actor: Actor, now: datetime) -> None:
    """Change the data; a new name ends the old one today and keeps it in the history."""
    authorize(actor, OrganisationPermission.CHANGE, organisation)
    require_version(organisation, version)
    renamed = wanted.name != organisation.name
    before, after = changes(organisation, **asdict(wanted))
    if renamed:
        organisation.sort_key = sort_key(wanted.name)
        _rename(organisation, now)
    session.flush()
    record(OrganisationAction.CHANGED, organisation, actor=actor, now=now, before=before, after=after)


def _rename(organisation: Organisation, now: datetime) -> None:
    today = civil_day(now)
    current = session.scalars(
        select(OrganisationName).where(
            OrganisationName.organisation_id == organisation.id, OrganisationName.valid_until.is_(None)
        )
    ).one_or_none()
    if current is not None and current.valid_from >= today:
        current.name = organisation.name  # corrected on the day it was entered
        return
    if current is not None:
        current.valid_until = today
        session.flush()
    session.add(OrganisationName(organisation_id=organisation.id, name=organisation.name, valid_from=today))


def add_unit(organisation: Organisation, unit: Unit, *, actor: Actor, now: datetime) -> EvaluationUnit:
    authorize(actor, OrganisationPermission.CHANGE, organisation)
    _refuse_same_name(organisation.id, unit.name)
    row = EvaluationUnit(organisation_id=organisation.id, **asdict(unit))
    session.add(row)
    session.flush()
    after = {"name": unit.name, "kind": unit.kind}
    record(UnitAction.CREATED, row, actor=actor, now=now, after=after)
    return row


def change_unit(public_id: str, unit: Unit, *, version: int | None, actor: Actor, now: datetime) -> EvaluationUnit:
    row, organisation = unit_of(public_id)
    authorize(actor, OrganisationPermission.CHANGE, organisation)
    require_version(row, version)
    if unit.name != row.name:
        _refuse_same_name(organisation.id, unit.name)
    before, after = changes(row, **asdict(unit))
    session.flush()
    record(UnitAction.CHANGED, row, actor=actor, now=now, before=before, after=after)
    return row


def remove_unit(public_id: str, *, actor: Actor, now: datetime) -> Organisation:
    """Take a unit back that was added by mistake; Refused `unit-in-use` once anything stands under it."""
    row, organisation = unit_of(public_id)
    authorize(actor, OrganisationPermission.CHANGE, organisation)
    before = {"name": row.name, "kind": row.kind}
    remove_unused(row, "unit-in-use")
    record(UnitAction.REMOVED, row, actor=actor, now=now, before=before)
    return organisation


def unit_of(public_id: str) -> tuple[EvaluationUnit, Organisation]:
    row = session.scalars(select(EvaluationUnit).where(EvaluationUnit.public_id == public_id)).one_or_none()
    if row is None:
        raise NotFound(public_id)
    return row, session.get_one(Organisation, row.organisation_id)


def _refuse_same_name(organisation_id: int, name: str) -> None:
    same = select(EvaluationUnit.id).where(
        EvaluationUnit.organisation_id == organisation_id, EvaluationUnit.name == name
    )
    if session.scalars(same).first() is not None:
        raise refuse("unit-exists", "name")
