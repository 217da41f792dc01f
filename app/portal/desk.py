"""What a person's first screen counts and shows: what waits, bookings to come, the staff's day, how the year runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select

from app.access import Actor, Permission, scope
from app.access.authority import may
from app.access.policy import CLIENT_PERSON
from app.billing.permissions import ChargePermission
from app.billing.queries import charges_to_mark
from app.billing.rules import PaymentState
from app.booking.models import Booking, BookingGuest
from app.booking.permissions import BookingPermission, SchedulePermission
from app.booking.rules.states import BookingState
from app.catalogue.models import ImportKind, ImportRun, ImportState, Instrument
from app.evaluation import queries as evaluation
from app.evaluation.models import Result, Round
from app.evaluation.permissions import ScoreboardPermission
from app.infra.db import session
from app.kernel.civil import civil_day, day
from app.ledger.permissions import HistoryPermission
from app.ledger.queries import stood_for
from app.ledger.rules.attestation import HistoryStep
from app.organisations.models import Application, Organisation, OrganisationState
from app.organisations.permissions import OrganisationPermission

NEXT, ROUNDS, MOST_OF_A_DAY = 6, 4, 50


@dataclass(frozen=True, slots=True)
class WaitingTask:
    """Something only this person, or one of a few, can settle: where, and how many wait."""

    endpoint: str
    waiting: int


def waiting_tasks(actor: Actor) -> list[WaitingTask]:
    """Only what waits, in the order people settle it: one statement for each thing this person may decide."""
    found = []
    for endpoint, (permission, wanted) in _WAITING_TASKS.items():
        if may(actor, permission):
            counted = session.scalar(select(func.count()).select_from(wanted(actor).subquery())) or 0
            found += [WaitingTask(endpoint, counted)] if counted else []
    return found


def _to_confirm(actor: Actor) -> Select[Any]:
    return select(Booking.id).where(
        Booking.state == BookingState.ENDED, scope(actor, BookingPermission.CONFIRM, Booking)
    )


def _to_decide(actor: Actor) -> Select[Any]:
    return select(Booking.id).where(
        Booking.state == BookingState.REQUESTED, scope(actor, BookingPermission.DECIDE, Booking)
    )


def _to_invoice(actor: Actor) -> Select[Any]:
    return charges_to_mark(actor, PaymentState.OPEN)


def _to_attest(actor: Actor) -> Select[Any]:
    return _complete_history(actor, HistoryPermission.ATTEST).where(~stood_for(HistoryStep.ATTESTED))


def _to_verify(actor: Actor) -> Select[Any]:
    attested = _complete_history(actor, HistoryPermission.VERIFY).where(stood_for(HistoryStep.ATTESTED))
    return attested.where(~stood_for(HistoryStep.VERIFIED))


def _complete_history(actor: Actor, permission: Permission) -> Select[Any]:
    complete = ImportRun.kind == ImportKind.HISTORY, ImportRun.state == ImportState.COMPLETE
    return select(ImportRun.id).where(*complete, scope(actor, permission, ImportRun))


def _to_admit(_actor: Actor) -> Select[Any]:
    return select(Application.id).where(Application.state == OrganisationState.APPLIED)


_WAITING_TASKS: Mapping[str, tuple[Permission, Callable[[Actor], Select[Any]]]] = {
    "booking.approvals": (BookingPermission.DECIDE, _to_decide),
    "booking.bookings": (BookingPermission.CONFIRM, _to_confirm),
    "billing.charges": (ChargePermission.MARK, _to_invoice),
    "ledger.history_runs": (HistoryPermission.ATTEST, _to_attest),
    "organisations.applications": (OrganisationPermission.VERIFY, _to_admit),
    "ledger.history_checks": (HistoryPermission.VERIFY, _to_verify),
}


def coming(actor: Actor, *, now: datetime) -> Sequence[Any]:
    """(booking, instrument) of the next ones this person made or is taken along to, for bodies they belong to."""
    invited = select(BookingGuest.booking_id).where(BookingGuest.user_id == actor.user_id)
    live = Booking.state.in_([BookingState.REQUESTED, BookingState.CONFIRMED, BookingState.STARTED])
    return session.execute(
        select(Booking, Instrument)
        .join(Instrument, Instrument.id == Booking.instrument_id)
        .where(live, Booking.ends_at > now, CLIENT_PERSON.where(actor, Booking))
        .where(or_(Booking.user_id == actor.user_id, Booking.id.in_(invited)))
        .order_by(Booking.starts_at, Booking.id)
        .limit(NEXT)
    ).all()


def rounds(actor: Actor) -> Sequence[Any]:
    """(round, scheme, newest computation or None) of the latest years, for those who read the scoreboards."""
    if not may(actor, ScoreboardPermission.VIEW):
        return ()
    return session.execute(evaluation.rounds().order_by(Round.year.desc(), Round.id.desc()).limit(ROUNDS)).all()


def scores(actor: Actor) -> Sequence[Any]:
    """Rows of `evaluation.queries.results`: how the year runs for what this person answers for the money of."""
    if not may(actor, ChargePermission.MARK):
        return ()
    return session.execute(evaluation.results_visible(actor).order_by(Round.year.desc(), Result.id).limit(ROUNDS)).all()


def staff_day(actor: Actor, *, now: datetime) -> Sequence[Any]:
    """(booking, instrument, client) of today on the instruments this person keeps."""
    today = day(civil_day(now))
    rows = (
        select(Booking, Instrument, Organisation)
        .join(Instrument, Instrument.id == Booking.instrument_id)
        .join(Organisation, Organisation.id == Booking.client_id)
        .where(
            scope(actor, SchedulePermission.MANAGE, Instrument),
            Booking.state.in_([BookingState.CONFIRMED, BookingState.STARTED]),
            Booking.starts_at < today.end,
            Booking.ends_at > today.start,
        )
        .order_by(Booking.starts_at, Booking.id)
        .limit(MOST_OF_A_DAY)
    )
    return session.execute(rows).all()
