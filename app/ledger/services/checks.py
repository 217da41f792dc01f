"""Standing for imported history: the provider attests, then an operator unrelated to it verifies."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app import audit
from app.access import Actor, Permission, Role, authorize
from app.catalogue.models import ImportRun, ImportState
from app.infra.db import session
from app.infra.locks import locked
from app.kernel.civil import civil_day
from app.kernel.errors import Refusal, refuse, refuse_all
from app.ledger.actions import HistoryAction
from app.ledger.models import HistoryCheck
from app.ledger.permissions import HistoryPermission
from app.ledger.rules.attestation import HistoryStep
from app.ledger.services.history import find_run
from app.organisations.queries import legal_persons, related_on


def attest(public_id: str, note: str, *, actor: Actor, now: datetime) -> HistoryCheck:
    """The provider's administrator says that the imported use is true."""
    run = _complete(public_id, HistoryPermission.ATTEST, actor=actor)
    if HistoryStep.ATTESTED in _steps(run):
        raise refuse("attested-already")
    return _record(run, HistoryStep.ATTESTED, run.provider_id, note, actor=actor, now=now)


def verify(public_id: str, note: str, *, actor: Actor, now: datetime) -> HistoryCheck:
    """An operator has checked it. Refused with every reason: relation, same person, or nothing attested yet."""
    run = _complete(public_id, HistoryPermission.VERIFY, actor=actor)
    steps = _steps(run)
    if HistoryStep.VERIFIED in steps:
        raise refuse("verified-already")
    unrelated = _unrelated(actor, run.provider_id, now=now)
    attested = steps.get(HistoryStep.ATTESTED)
    found = []
    if attested is None:
        found.append(Refusal("not-attested-yet"))
    if not unrelated:
        found.append(Refusal("verifier-related"))
    if actor.user_id in {run.user_id, attested.user_id if attested else None}:
        found.append(Refusal("verifier-same-person"))
    refuse_all(found)
    return _record(run, HistoryStep.VERIFIED, unrelated[0], note, actor=actor, now=now)


def _complete(public_id: str, permission: Permission, *, actor: Actor) -> ImportRun:
    run = find_run(public_id, actor=actor)
    authorize(actor, permission, run)
    session.scalars(locked(select(ImportRun).where(ImportRun.id == run.id))).one()
    if run.state is not ImportState.COMPLETE:
        raise refuse("history-not-complete")
    return run


def _steps(run: ImportRun) -> dict[HistoryStep, HistoryCheck]:
    return {c.step: c for c in session.scalars(select(HistoryCheck).where(HistoryCheck.import_run_id == run.id))}


def _unrelated(actor: Actor, provider_id: int, *, now: datetime) -> list[int]:
    """Where the actor is operator, unless the actor or that body has anything to do with the provider."""
    day = civil_day(now)
    persons = legal_persons(on=day)
    provider = persons[provider_id]
    near = {persons[id_] for id_ in related_on(provider_id, day) | related_on(provider, day)} | {provider}
    if any(persons[id_] == provider for id_ in actor.organisations()):
        return []
    return sorted(id_ for id_ in actor.organisations(Role.OPERATOR) if persons[id_] not in near)


def _record(
    run: ImportRun, step: HistoryStep, organisation_id: int, note: str, *, actor: Actor, now: datetime
) -> HistoryCheck:
    row = HistoryCheck(
        import_run_id=run.id, step=step, user_id=actor.user_id, organisation_id=organisation_id, note=note, at=now
    )
    session.add(row)
    session.flush()
    action = HistoryAction.ATTESTED if step is HistoryStep.ATTESTED else HistoryAction.VERIFIED
    audit.record(action, run, actor=actor, now=now, after={"import": run.public_id, "report": run.report})
    return row
