"""What the staff and the client decide about a booking: granted, declined, given back, expired, missed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.access import Role
from app.booking.models import Occupation, UnmetDemand
from app.booking.rules.states import BookingState
from app.booking.services import approval, cancellation, expiry
from app.booking.services.preview import preview
from app.booking.services.request import request_booking
from app.catalogue.models import Instrument
from app.infra.db import session
from app.infra.transactions import transaction
from app.kernel.errors import Forbidden, NotFound, Refused, Stale
from app.organisations.models import Membership
from tests.conftest import Clock
from tests.factories.actors import acting
from tests.factories.cast import Cast
from tests.factories.instruments import instrument, price
from tests.factories.organisations import member
from tests.factories.pages import send
from tests.factories.signing_in import signed_in, signed_in_english
from tests.integration.booking.test_request import HOUR, OWN_UNIT, book, place_of, refused, wish


@pytest.fixture
def careful(cast: Cast) -> str:
    with transaction():
        row = instrument(cast.university, "Careful", cast.manager, needs_approval=True)
        price(row, 100)
        return row.public_id


def test_a_request_blocks_nothing_and_the_first_approval_wins(cast: Cast, now: datetime, careful: str) -> None:
    first, asked = book(cast, now, instrument=careful), wish(cast, now, instrument=careful)
    with transaction():
        second = request_booking(asked, actor=acting(cast.colleague), now=now)
    with transaction():
        approval.approve(second.public_id, actor=acting(cast.manager), now=now)
    with pytest.raises(Refused, match="slot-taken"), transaction():
        approval.approve(first.public_id, actor=acting(cast.manager), now=now)
    session.expire_all()
    assert (first.state, second.state) == (BookingState.REQUESTED, BookingState.CONFIRMED)


def test_where_requests_block_the_second_is_refused(cast: Cast, now: datetime) -> None:
    with transaction():
        row = instrument(cast.university, "Jealous", cast.manager, needs_approval=True, pending_blocks=True)
        price(row, 100)
    asked = book(cast, now, instrument=row.public_id)
    assert refused(cast, now, instrument=row.public_id) == ["slot-taken"]
    with transaction():
        approval.approve(asked.public_id, actor=acting(cast.manager), now=now)
    assert (asked.state, place_of(asked)) == (BookingState.CONFIRMED, 1)


def test_nobody_grants_their_own_request_but_who_alone_decides_in_the_house(
    cast: Cast, now: datetime, careful: str
) -> None:
    with transaction():
        member(cast.manager, cast.firm, Role.MEMBER)
        price(session.scalars(select(Instrument).where(Instrument.public_id == careful)).one(), 1, OWN_UNIT)
    both = acting(cast.manager)
    with transaction():
        outside = request_booking(wish(cast, now, instrument=careful), actor=both, now=now)
        own = wish(cast, now, hours=48, instrument=careful, client=cast.university.public_id)
        inside = request_booking(own, actor=both, now=now)
    with pytest.raises(Refused, match="own-case"), transaction():
        approval.approve(outside.public_id, actor=both, now=now)
    with pytest.raises(Refused, match="own-case"), transaction():
        approval.approve(inside.public_id, actor=both, now=now)
    with transaction():
        held = select(Membership).where(Membership.role == Role.ADMINISTRATOR, Membership.user_id != cast.manager.id)
        for one in session.scalars(held.where(Membership.organisation_id == cast.university.id)):
            one.ends_on = one.starts_on
    with transaction():
        approval.approve(inside.public_id, actor=both, now=now)
    assert (outside.state, inside.state) == (BookingState.REQUESTED, BookingState.CONFIRMED)


def test_the_client_may_see_but_not_approve(cast: Cast, now: datetime, careful: str) -> None:
    booking = book(cast, now, instrument=careful)
    with pytest.raises(Forbidden), transaction():
        approval.approve(booking.public_id, actor=acting(cast.researcher), now=now)
    with pytest.raises(NotFound), transaction():
        approval.approve(booking.public_id, actor=acting(cast.stranger), now=now)


def test_a_decision_on_a_stale_page_is_refused(cast: Cast, now: datetime, careful: str) -> None:
    booking = book(cast, now, instrument=careful)
    with transaction():
        cancellation.cancel(booking.public_id, actor=acting(cast.researcher), now=now)
    with pytest.raises(Stale), transaction():
        approval.approve(booking.public_id, version=1, actor=acting(cast.manager), now=now)


def test_undecided_requests_expire_at_their_start(cast: Cast, now: datetime, careful: str) -> None:
    booking = book(cast, now, instrument=careful)
    with transaction():
        assert expiry.expire_requests(actor=acting(cast.manager), now=booking.starts_at) == 1
    assert booking.state is BookingState.EXPIRED


def test_cancelling_frees_the_slot_and_late_cancelling_is_refused(cast: Cast, now: datetime) -> None:
    booking = book(cast, now, hours=48)
    with pytest.raises(Refused, match="too-late-to-cancel"), transaction():
        cancellation.cancel(booking.public_id, actor=acting(cast.researcher), now=booking.starts_at - 23 * HOUR)
    with transaction():
        cancellation.cancel(booking.public_id, actor=acting(cast.researcher), now=now)
    assert book(cast, now, hours=48).state is BookingState.CONFIRMED


def test_a_no_show_frees_its_slot(cast: Cast, now: datetime) -> None:
    booking = book(cast, now)
    with transaction():
        late = booking.starts_at + timedelta(minutes=30)
        assert expiry.free_no_shows(actor=acting(cast.manager), now=late - timedelta(seconds=1)) == 0
        assert expiry.free_no_shows(actor=acting(cast.manager), now=late) == 1
    assert booking.state is BookingState.NO_SHOW
    assert not session.scalars(select(Occupation)).one().active


def test_what_is_refused_to_the_crew_names_the_remedy_and_changes_nothing(
    app: Flask, cast: Cast, now: datetime, clock: Clock, careful: str
) -> None:
    """On the page of the booking, with what was typed."""
    booking = book(cast, now, instrument=careful)
    crews, page = signed_in_english(app, cast.manager), f"/bookings/{booking.public_id}"
    for step in ("decline", "cancel"):
        answer = send(crews, f"{page}/{step}", reason="")
        assert (answer.status_code, "Please give a reason" in answer.text) == (422, True), step
    clock.instant = booking.starts_at + timedelta(seconds=1)
    answer = send(signed_in_english(app, cast.manager), f"{page}/approve")
    assert (answer.status_code, "decline the request, or move it" in answer.text) == (422, True)
    session.expire_all()
    assert booking.state is BookingState.REQUESTED
    clock.instant = now
    assert send(crews, f"{page}/decline", reason="Under repair then").status_code == 302
    assert "Under repair then" in signed_in(app, cast.researcher).get(page).text


def test_what_waits_for_approval_is_not_asked_for_twice(cast: Cast, now: datetime) -> None:
    """Gone back and sent anew, a form is another one; the staff would decide the same wish twice."""
    with transaction():
        cast.microscope.needs_approval = True
    first = book(cast, now)
    overlapping = {"hours": 25, "length": 3}
    assert refused(cast, now) == refused(cast, now, **overlapping) == ["already-asked"]
    assert [one.code for one in preview(wish(cast, now), actor=acting(cast.researcher), now=now).refusals] == [
        "already-asked"
    ]
    assert session.scalar(select(func.count()).select_from(UnmetDemand)) == 0
    book(cast, now, hours=26)
    with transaction():
        request_booking(wish(cast, now), actor=acting(cast.colleague), now=now)
        cancellation.cancel(first.public_id, "Asked anew", actor=acting(cast.researcher), now=now)
    book(cast, now)


@pytest.mark.parametrize(("places", "codes"), [(1, ["already-asked"]), (2, [])])
def test_time_elsewhere_and_a_second_place_are_other_wishes(
    cast: Cast, now: datetime, places: int, codes: list[str]
) -> None:
    with transaction():
        lines = [instrument(cast.university, name, needs_approval=True, places=places) for name in ("One", "Two")]
        for line in lines:
            price(line, 100)
    for line in lines:
        book(cast, now, instrument=line.public_id)
    again = preview(wish(cast, now, instrument=lines[0].public_id), actor=acting(cast.researcher), now=now)
    assert [one.code for one in again.refusals] == codes


def test_of_the_same_wish_sent_six_times_at_once_one_waits(app: Flask, cast: Cast, now: datetime) -> None:
    """Whether somebody has asked before is looked up under the calendar's lock, not before it."""
    with transaction():
        session.get_one(Instrument, cast.microscope.id).needs_approval = True
    wanted, actor, start = wish(cast, now), acting(cast.researcher), Barrier(6)
    session.remove()

    def ask(_number: int) -> str:
        with app.app_context():
            start.wait(10)
            try:
                with transaction():
                    request_booking(wanted, actor=actor, now=now)
            except Refused as refused:
                return refused.refusals[0].code
            finally:
                session.remove()
        return "asked"

    with ThreadPoolExecutor(6) as threads:
        assert sorted(threads.map(ask, range(6))) == ["already-asked"] * 5 + ["asked"]


def test_a_manager_who_belongs_to_the_client_does_not_grant_its_requests(
    cast: Cast, now: datetime, careful: str
) -> None:
    booking = book(cast, now, instrument=careful)
    with transaction():
        member(cast.manager, cast.firm, Role.MEMBER)
    with pytest.raises(Refused, match="own-case"), transaction():
        approval.approve(booking.public_id, actor=acting(cast.manager), now=now)
