"""From a booking to a record: used, charged once, confirmed, invoiced, received – each a fact that stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app import audit
from app.access import Role
from app.audit.models import AuditEntry
from app.billing import queries
from app.billing import services as billing
from app.billing.models import Charge, ChargedFor
from app.billing.queries import charges_to_mark
from app.billing.rules import MarkKind, PaymentState, payment_status
from app.booking.models import Booking
from app.booking.rules.states import BookingState
from app.booking.services import expiry
from app.booking.services.request import request_booking
from app.infra import guards
from app.infra.db import session
from app.infra.transactions import transaction
from app.kernel.civil import civil_day
from app.kernel.errors import Forbidden, Refused
from app.kernel.money import Money
from app.ledger.models import RecordEntry, ServiceRecord
from app.ledger.queries import find_record
from app.ledger.queries.facts import facts, organisation_graph
from app.ledger.queries.selection import FactsQuery
from app.ledger.rules.entries import EntryKind
from app.ledger.rules.facts import EvidenceGrade
from app.organisations.models import Membership
from app.usage import services
from tests.factories.actors import acting
from tests.factories.cast import Cast
from tests.factories.organisations import member, related
from tests.factories.signing_in import signed_in
from tests.integration.booking.test_request import book, wish

HOUR = timedelta(hours=1)


def use(cast: Cast, booking: Booking, *, overtime: timedelta = timedelta()) -> datetime:
    """Start on time, stop at the booked end or later; the instant of the stop."""
    with transaction():
        services.start(booking.public_id, actor=acting(cast.researcher), now=booking.starts_at)
    ended = booking.ends_at + overtime
    with transaction():
        services.stop(booking.public_id, actor=acting(cast.manager), now=ended)
    return ended


def test_a_use_becomes_one_charge_and_one_record(cast: Cast, now: datetime) -> None:
    booking = book(cast, now)
    use(cast, booking)
    charge = session.scalars(select(Charge)).one()
    record = session.scalars(select(ServiceRecord)).one()
    assert (charge.amount, charge.kind) == (Money.yuan(800), ChargedFor.SERVICE)
    assert (record.source_key, record.effective_minutes, record.charged) == (booking.number, 120, Money.yuan(800))
    assert not record.internal
    assert audit.verify() is None


def test_overtime_is_billed_and_an_early_end_pays_what_was_held(cast: Cast, now: datetime) -> None:
    long, short = book(cast, now), book(cast, now, hours=48)
    use(cast, long, overtime=timedelta(minutes=30))
    with transaction():
        services.start(short.public_id, actor=acting(cast.researcher), now=short.starts_at)
    with transaction():
        services.stop(short.public_id, actor=acting(cast.researcher), now=short.starts_at + HOUR)
    amounts = session.scalars(select(Charge.amount).order_by(Charge.id)).all()
    minutes = session.scalars(select(ServiceRecord.effective_minutes).order_by(ServiceRecord.id)).all()
    assert (amounts, minutes) == ([Money.yuan(1000), Money.yuan(800)], [150, 60])


@pytest.mark.parametrize(("minutes", "code"), [(-16, "too-early-to-start"), (30, "too-late-to-start")])
def test_a_use_starts_around_its_booked_start(cast: Cast, now: datetime, minutes: int, code: str) -> None:
    booking = book(cast, now)
    with pytest.raises(Refused, match=code), transaction():
        services.start(
            booking.public_id, actor=acting(cast.researcher), now=booking.starts_at + timedelta(minutes=minutes)
        )


@pytest.mark.parametrize(("early", "offered"), [(24 * 60, False), (16, False), (15, True), (0, True)])
def test_starting_is_offered_when_it_is_time(
    cast: Cast, client: FlaskClient, clock: Any, early: int, offered: bool
) -> None:
    booking = book(cast, clock.instant, hours=48)
    clock.instant = booking.starts_at - timedelta(minutes=early)
    client = signed_in(client.application, cast.researcher)
    client.set_cookie("language", "en")
    page = client.get(f"/bookings/{booking.public_id}").text
    assert (f"/bookings/{booking.public_id}/start" in page, "It can be started from" in page) == (offered, not offered)


def test_the_client_confirms_and_rates_the_crew_does_not(cast: Cast, now: datetime) -> None:
    booking = book(cast, now)
    ended = use(cast, booking)
    with pytest.raises(Forbidden), transaction():
        services.confirm(booking.public_id, 5, actor=acting(cast.manager), now=ended)
    with transaction():
        services.confirm(booking.public_id, 4, "good", actor=acting(cast.researcher), now=ended)
    entry = session.scalars(select(RecordEntry)).one()
    assert (entry.kind, entry.rating, booking.state) == (EntryKind.CONFIRMED, 4, BookingState.COMPLETED)
    with pytest.raises(Refused, match="wrong-state"), transaction():
        services.confirm(booking.public_id, 1, actor=acting(cast.researcher), now=ended)


def test_finance_marks_what_was_invoiced_and_received_and_no_more(cast: Cast, now: datetime) -> None:
    ended = use(cast, book(cast, now))
    charge, today = session.scalars(select(Charge)).one(), civil_day(ended)
    actor = acting(cast.finance)
    with transaction():
        for kind in MarkKind:
            billing.mark(charge.public_id, kind, Money.yuan(800), today, "0042", actor=actor, now=ended)
    kinds = session.scalars(select(RecordEntry.kind).order_by(RecordEntry.id)).all()
    assert kinds == [EntryKind.INVOICED, EntryKind.RECEIVED]
    with pytest.raises(Refused, match="above-charge"), transaction():
        billing.mark(charge.public_id, MarkKind.RECEIVED, Money(1), today, "0043", actor=actor, now=ended)
    with pytest.raises(Forbidden), transaction():
        billing.mark(
            charge.public_id, MarkKind.RECEIVED, Money(1), today, "x", actor=acting(cast.researcher), now=ended
        )


def test_the_list_finds_a_charge_by_where_it_stands(app: Flask, cast: Cast, now: datetime) -> None:
    """Each of the four states is reached on the way, and the list says of it what the charge itself says."""
    ended = use(cast, book(cast, now))
    charge, actor, client = session.scalars(select(Charge)).one(), acting(cast.finance), signed_in(app, cast.finance)
    seen = []
    for kind, yuan in [(None, 0), ("invoiced", 300), ("invoiced", 500), ("received", 799), ("received", 1)]:
        if kind:
            with transaction():
                marked = MarkKind(kind), Money.yuan(yuan), civil_day(ended), f"{kind}-{yuan}"
                billing.mark(charge.public_id, *marked, actor=actor, now=ended)
        state = payment_status(charge.amount, billing.marks_of(charge)).state
        seen.append(state)
        listed = [s for s in PaymentState if charge.public_id in client.get(f"/charges?state={s.value}").text]
        assert listed == [state]
        assert len(session.scalars(charges_to_mark(actor, state)).all()) == 1
    assert [state.value for state in seen] == ["open", "open", "invoiced", "partly-received", "settled"]
    assert session.scalars(charges_to_mark(acting(cast.researcher), PaymentState.SETTLED)).all() == []


def test_a_missed_booking_is_billed_but_is_no_service(cast: Cast, now: datetime) -> None:
    booking = book(cast, now)
    with transaction():
        expiry.free_no_shows(actor=acting(cast.manager), now=booking.starts_at + HOUR)
    charge = session.scalars(select(Charge)).one()
    assert charge.kind == ChargedFor.NO_SHOW
    paid = charge.amount, civil_day(booking.ends_at), "0042"
    with transaction():
        billing.mark(charge.public_id, MarkKind.RECEIVED, *paid, actor=acting(cast.finance), now=booking.ends_at)
    assert payment_status(charge.amount, billing.marks_of(charge)).state is PaymentState.SETTLED
    assert [session.scalars(select(table)).all() for table in (ServiceRecord, RecordEntry)] == [[], []]


@pytest.mark.parametrize("change", ["UPDATE service_records SET charged = 1", "DELETE FROM record_entries"])
def test_the_ledger_refuses_to_be_rewritten(cast: Cast, now: datetime, change: str) -> None:
    booking = book(cast, now)
    ended = use(cast, booking)
    with transaction():
        services.confirm(booking.public_id, 5, actor=acting(cast.researcher), now=ended)

    with pytest.raises(IntegrityError) as error, transaction():
        session.execute(text(change))
    assert guards.broken(error.value, guards.APPEND_ONLY)


def test_a_booking_is_charged_once_whatever_the_code_does(cast: Cast, now: datetime) -> None:
    booking = book(cast, now)
    ended = use(cast, booking)
    with pytest.raises(IntegrityError), transaction():
        billing.post_charge(booking, 60, ChargedFor.SERVICE, actor=acting(cast.manager), now=ended)


@pytest.mark.parametrize("rating", [0, 6, -1])
def test_a_rating_is_one_to_five(cast: Cast, now: datetime, rating: int) -> None:
    booking = book(cast, now)
    ended = use(cast, booking)
    with pytest.raises(Refused, match="rating-out-of-range"), transaction():
        services.confirm(booking.public_id, rating, actor=acting(cast.researcher), now=ended)


def test_internal_use_closes_by_itself_and_is_never_external(cast: Cast, now: datetime) -> None:
    booked = wish(cast, now, client=cast.university.public_id)
    with transaction():
        booking = request_booking(booked, actor=acting(cast.manager), now=now)
    with transaction():
        services.start(booking.public_id, actor=acting(cast.manager), now=booking.starts_at)
    with transaction():
        services.stop(booking.public_id, actor=acting(cast.manager), now=booking.ends_at)
    record, entry = session.scalars(select(ServiceRecord)).one(), session.scalars(select(RecordEntry)).one()
    assert (booking.state, record.internal) == (BookingState.COMPLETED, True)
    assert (entry.kind, entry.rating) == (EntryKind.CONFIRMED, None)


def test_what_was_marked_on_one_charge_says_nothing_of_another(cast: Cast, now: datetime) -> None:
    first, second = book(cast, now), book(cast, now, hours=48)
    use(cast, first)
    ended, actor = use(cast, second), acting(cast.finance)
    charges = session.scalars(select(Charge).order_by(Charge.id)).all()
    for charge in charges:
        with transaction():
            wanted = (MarkKind.RECEIVED, charge.amount, civil_day(ended), "0042")
            billing.mark(charge.public_id, *wanted, actor=actor, now=ended)
    assert [len(queries.marks_with_people(charge)) for charge in charges] == [1, 1]
    told = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("record.%"))).all()
    assert sorted(told) == ["record.entry-added"] * 2 + ["record.posted"] * 2


def test_who_has_a_role_at_the_provider_does_not_confirm_for_the_client(cast: Cast, now: datetime) -> None:
    """One person booked, ran and confirmed with five stars."""
    with transaction():
        member(cast.manager, cast.firm, Role.MEMBER)
        booking = request_booking(wish(cast, now), actor=acting(cast.manager), now=now)
    with transaction():
        services.start(booking.public_id, actor=acting(cast.manager), now=booking.starts_at)
    with transaction():
        services.stop(booking.public_id, actor=acting(cast.manager), now=booking.ends_at)
    with pytest.raises(Refused, match="confirms-for-both-sides"), transaction():
        services.confirm(booking.public_id, 5, actor=acting(cast.manager), now=booking.ends_at)


def test_who_stands_on_the_side_of_the_client_does_not_mark_its_money(cast: Cast, now: datetime) -> None:
    ended = use(cast, book(cast, now))
    charge = session.scalars(select(Charge)).one()
    with transaction():
        member(cast.finance, cast.firm, Role.MEMBER)
    marked = MarkKind.RECEIVED, charge.amount, civil_day(ended), "0042"
    with pytest.raises(Refused, match="marks-for-both-sides"), transaction():
        billing.mark(charge.public_id, *marked, actor=acting(cast.finance), now=ended)


def test_who_booked_and_left_the_client_still_does_not_mark_its_money(cast: Cast, now: datetime) -> None:
    with transaction():
        member(cast.finance, cast.firm, Role.MEMBER)
        booking = request_booking(wish(cast, now), actor=acting(cast.finance), now=now)
        ended = booking.ends_at
    with transaction():
        services.start(booking.public_id, actor=acting(cast.manager), now=booking.starts_at)
    with transaction():
        services.stop(booking.public_id, actor=acting(cast.manager), now=ended)
    with transaction():
        held = select(Membership).where(
            Membership.organisation_id == cast.firm.id, Membership.user_id == cast.finance.id
        )
        one = session.scalars(held).one()
        one.ends_on = one.starts_on
    charge = session.scalars(select(Charge)).one()
    with pytest.raises(Refused, match="marks-for-both-sides"), transaction():
        billing.mark(
            charge.public_id,
            MarkKind.RECEIVED,
            charge.amount,
            civil_day(ended),
            "1",
            actor=acting(cast.finance),
            now=ended,
        )


@pytest.mark.parametrize(
    ("starter", "stopper", "grade"),
    [
        ("researcher", "manager", EvidenceGrade.BOTH_PARTIES),
        ("manager", "manager", EvidenceGrade.BOTH_PARTIES),
        ("researcher", "researcher", EvidenceGrade.MANUAL),
    ],
)
def test_the_word_of_both_parties_is_that_of_two_people(
    cast: Cast, now: datetime, starter: str, stopper: str, grade: EvidenceGrade
) -> None:
    booking = book(cast, now)
    with transaction():
        services.start(booking.public_id, actor=acting(getattr(cast, starter)), now=booking.starts_at)
    with transaction():
        services.stop(booking.public_id, actor=acting(getattr(cast, stopper)), now=booking.ends_at)
    with transaction():
        services.confirm(booking.public_id, 5, actor=acting(cast.researcher), now=booking.ends_at)
    record = session.scalars(select(ServiceRecord)).one()
    assert find_record(record.public_id, actor=acting(cast.researcher))[4] is grade
    query = FactsQuery(2026, booking.ends_at + timedelta(days=1))
    assert [one.evidence for one in facts(query, organisation_graph())] == [grade]


def test_who_belongs_to_a_body_related_to_the_provider_is_no_second_party(cast: Cast, now: datetime) -> None:
    with transaction():
        related(cast.university, cast.firm)
    booking = book(cast, now)
    ended = use(cast, booking)
    with transaction():
        services.confirm(booking.public_id, 5, actor=acting(cast.researcher), now=ended)
    assert session.scalars(select(RecordEntry.details)).one() == {"witness": "provider-alone"}


def test_money_from_before_the_service_or_long_ago_says_why(cast: Cast, now: datetime) -> None:
    ended = use(cast, book(cast, now))
    charge, actor = session.scalars(select(Charge)).one(), acting(cast.finance)
    early = MarkKind.RECEIVED, charge.amount, civil_day(ended) - timedelta(days=1), "0042"
    with pytest.raises(Refused, match="mark-reason-missing"), transaction():
        billing.mark(charge.public_id, *early, reason="  ", actor=actor, now=ended)
    with transaction():
        billing.mark(charge.public_id, *early, reason="Paid in advance by contract", actor=actor, now=ended)
    (details,) = session.scalars(select(RecordEntry.details))
    assert (details["reason"], set(details)) == ("before-service", {"mark", "document", "reason"})
    assert "advance" not in str(details)
    assert "0042" not in str(details)


def test_a_document_number_is_not_used_twice_on_one_charge(cast: Cast, now: datetime) -> None:
    ended = use(cast, book(cast, now))
    charge, actor = session.scalars(select(Charge)).one(), acting(cast.finance)
    half = MarkKind.INVOICED, Money.yuan(400), civil_day(ended), "0042"
    with transaction():
        billing.mark(charge.public_id, *half, actor=actor, now=ended)
    with pytest.raises(Refused, match="document-used-already"), transaction():
        billing.mark(charge.public_id, *half, actor=actor, now=ended)
