"""What the operator decides about a known body: whether it takes part, what it is, and what it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.access import Actor, Role, authorize
from app.accounts.services.profile import recipient_of
from app.audit import changes, record
from app.infra.db import session
from app.infra.locks import require_version
from app.kernel import uscc
from app.kernel.civil import civil_day
from app.kernel.errors import refuse
from app.kernel.names import name_in
from app.notifications.services import tell
from app.notifications.texts import Notice
from app.organisations import queries
from app.organisations.actions import OrganisationAction
from app.organisations.models import Kind, Organisation, OrganisationState
from app.organisations.permissions import OrganisationPermission


@dataclass(frozen=True, slots=True)
class Structure:
    """Kind, the legal person above, and what the body was merged into on which day."""

    kind: Kind
    parent_uscc: str | None
    merged_into_uscc: str | None
    merged_on: date | None


def suspend(organisation: Organisation, reason: str, *, version: int | None, actor: Actor, now: datetime) -> None:
    """Its members can do nothing here and its instruments take no bookings; what is booked stays."""
    _move(organisation, OrganisationState.VERIFIED, OrganisationState.SUSPENDED, reason, version, actor=actor, now=now)
    _tell(organisation, Notice.ORGANISATION_SUSPENDED, reason, now=now)


def reinstate(organisation: Organisation, reason: str, *, version: int | None, actor: Actor, now: datetime) -> None:
    """Everything is as it was before the suspension."""
    _move(organisation, OrganisationState.SUSPENDED, OrganisationState.VERIFIED, reason, version, actor=actor, now=now)
    _tell(organisation, Notice.ORGANISATION_REINSTATED, reason, now=now)


def _move(
    organisation: Organisation,
    before: OrganisationState,
    after: OrganisationState,
    reason: str,
    version: int | None,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    _require_leave(organisation, actor)
    require_version(organisation, version)
    if organisation.state is not before:
        raise refuse("wrong-standing", state=organisation.state)
    # The reason is free text and may name people: it stays on the row, the chain keeps the states alone.
    told = changes(organisation, state=after)
    organisation.state_reason = reason
    session.flush()
    suspended = after is OrganisationState.SUSPENDED
    action = OrganisationAction.SUSPENDED if suspended else OrganisationAction.REINSTATED
    record(action, organisation, actor=actor, now=now, before=told[0], after=told[1])


def restructure(
    organisation: Organisation, wanted: Structure, *, version: int | None, actor: Actor, now: datetime
) -> None:
    """Record another kind, another parent or a merger; evaluation counts by the legal person that results."""
    _require_leave(organisation, actor)
    require_version(organisation, version)
    if bool(wanted.merged_into_uscc) is not bool(wanted.merged_on):
        raise refuse("merger-incomplete", "merged_on" if wanted.merged_into_uscc else "merged_into_uscc")
    if wanted.merged_on and wanted.merged_on > civil_day(now):
        raise refuse("merger-to-come", "merged_on")
    before, after = changes(
        organisation,
        kind=wanted.kind,
        parent_id=_above(organisation, wanted.parent_uscc, "parent_uscc"),
        merged_into_id=_above(organisation, wanted.merged_into_uscc, "merged_into_uscc"),
        merged_on=wanted.merged_on,
    )
    session.flush()
    _refuse_circle(organisation)
    record(OrganisationAction.RESTRUCTURED, organisation, actor=actor, now=now, before=before, after=after)


def _above(organisation: Organisation, code: str | None, field: str) -> int | None:
    if not code:
        return None
    other = queries.by_code(uscc.normalise(code))
    if other is None or other.id == organisation.id:
        raise refuse("other-unknown", field)
    return other.id


def _refuse_circle(organisation: Organisation) -> None:
    """Nobody stands above itself: neither as a branch nor through a merger."""
    top = session.get_one(Organisation, queries.legal_persons()[organisation.id])
    if top.parent_id or top.merged_into_id:
        raise refuse("circle", "merged_into_uscc" if organisation.merged_into_id else "parent_uscc")


def _require_leave(organisation: Organisation, actor: Actor) -> None:
    authorize(actor, OrganisationPermission.VERIFY, organisation)
    if organisation.id in actor.organisations():
        raise refuse("own-case")


def _tell(organisation: Organisation, notice: Notice, reason: str, *, now: datetime) -> None:
    """Its administrators learn of it by message."""
    for person in queries.holders(organisation.id, Role.ADMINISTRATOR, today=civil_day(now)):
        called = name_in(person.language, organisation)
        tell(recipient_of(person), notice, now=now, organisation=called, reason=reason)
