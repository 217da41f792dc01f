"""The first screen: what waits for each, their next bookings, the staff's day – and nothing of anybody else's."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from flask import Flask

from app.access.actor import system
from app.booking.services import guests
from app.catalogue.models import Instrument
from app.evaluation.services import rounds, schemes
from app.infra.db import session
from app.infra.transactions import transaction
from app.portal import desk
from app.usage import services as usage
from tests.factories.actors import acting
from tests.factories.cast import Cast
from tests.factories.organisations import user
from tests.factories.records import settled
from tests.factories.signing_in import signed_in
from tests.factories.statements import counted
from tests.integration.booking.test_request import book


@pytest.fixture
def used(cast: Cast, now: datetime) -> None:
    """One service to confirm, one booking tomorrow with a colleague along, one of today, one request."""
    first, tomorrow = book(cast, now, hours=1), book(cast, now, hours=24)
    book(cast, now, hours=4, length=1)
    with transaction():
        usage.start(first.public_id, actor=acting(cast.researcher), now=first.starts_at)
        usage.stop(first.public_id, actor=acting(cast.researcher), now=first.ends_at)
        guests.invite(tomorrow.public_id, cast.colleague.id, actor=acting(cast.researcher), now=now)
        session.get_one(Instrument, cast.microscope.id).needs_approval = True
    book(cast, now, hours=30)


def test_errands_are_those_one_can_settle(cast: Cast, now: datetime, used: None) -> None:
    def waits(who: str) -> list[tuple[str, int]]:
        return [(one.endpoint, one.waiting) for one in desk.waiting_tasks(acting(getattr(cast, who)))]

    assert waits("researcher") == waits("approver") == [("booking.bookings", 1)]
    assert waits("manager") == [("booking.approvals", 1)]
    assert waits("administrator") == [("booking.approvals", 1), ("billing.charges", 1)]
    assert waits("finance") == [("billing.charges", 1)]
    assert [waits(who) for who in ("colleague", "rival", "stranger", "clerk", "officer")] == [[]] * 5


def test_next_bookings_are_ones_own_and_those_one_is_taken_along_to(cast: Cast, now: datetime, used: None) -> None:
    def ahead(who: str) -> int:
        return len(desk.coming(acting(getattr(cast, who)), now=now))

    assert [ahead(who) for who in ("researcher", "colleague", "approver", "manager")] == [3, 1, 0, 0]
    assert [len(desk.staff_day(acting(getattr(cast, who)), now=now)) for who in ("manager", "stranger")] == [1, 0]


def test_whoever_is_taken_along_is_led_to_a_page_they_may_open(app: Flask, cast: Cast, used: None) -> None:
    browser = signed_in(app, cast.colleague)
    page = browser.get("/desk").text
    assert "/bookings/" not in page
    assert f'href="/instruments/{cast.microscope.public_id}"' in page
    assert browser.get(f"/instruments/{cast.microscope.public_id}").status_code == 200


def test_signing_in_leads_to_it_with_few_questions(app: Flask, cast: Cast, used: None) -> None:
    client = signed_in(app, cast.manager)
    client.set_cookie("language", "en")
    with counted() as sent:
        page = client.get("/desk").text
    assert len(sent) <= 12, "\n".join(sent)
    assert "Requests to decide" in page
    assert "Electron microscope" in page


@pytest.mark.parametrize(
    ("who", "shown"),
    [
        ("clerk", ["1 records, as of"]),
        ("officer", ["1 records, as of"]),
        ("administrator", ["University", "what would still raise it", "Provisional calculation"]),
        ("finance", ["what would still raise it"]),
        ("researcher", []),
        ("manager", []),
    ],
)
def test_the_running_year_stands_there_for_those_who_answer_for_it(
    app: Flask, cast: Cast, now: datetime, who: str, shown: list[str]
) -> None:
    shell = system("test")
    with transaction():
        settled(cast.microscope, cast.firm)
        running = rounds.open_round(schemes.seed(actor=shell, now=now), 2026, date(2027, 3, 31), actor=shell, now=now)
        rounds.compute_round(running, actor=shell, now=now)
    client = signed_in(app, getattr(cast, who))
    client.set_cookie("language", "en")
    with counted() as sent:
        page = client.get("/desk").text
    assert len(sent) <= 12, "\n".join(sent)
    assert [words for words in shown if words not in page] == []
    assert ("Yearly evaluation</h2>" in page) == bool(shown)


def test_somebody_without_an_organisation_is_told_to_join_one(app: Flask, cast: Cast) -> None:
    with transaction():
        newcomer = user("newcomer")
    browser = signed_in(app, newcomer)
    refused = browser.get(f"/instruments/{cast.microscope.public_id}/book", headers={"Accept": "text/html"})
    assert refused.status_code == 403
    for page in (browser.get("/desk"), refused):
        assert 'class="btn btn-primary" href="/organisations/mine"' in page.text
    member = signed_in(app, cast.researcher)
    assert 'class="btn btn-primary" href="/organisations/mine"' not in member.get("/desk").text
