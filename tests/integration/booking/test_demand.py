"""Demand not met: kept from every door, told to those concerned, counted by reason."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from app.access.actor import system
from app.booking.models import UnmetDemand
from app.booking.rules.demand import count_by_reason
from app.booking.services import approval, expiry
from app.infra.db import session
from app.infra.transactions import transaction
from tests.factories.actors import acting
from tests.factories.cast import Cast
from tests.factories.signing_in import signed_in
from tests.integration.booking.test_request import book, refused


def test_a_wish_counts_for_each_of_its_reasons() -> None:
    counted = count_by_reason([(["too-short", "slot-taken"], 2), (["slot-taken"], 1), (["from-a-higher-room"], 1)])
    assert counted == [("slot-taken", 3), ("too-short", 2), ("from-a-higher-room", 1)]


def test_requests_nobody_granted_are_kept_with_what_became_of_them(cast: Cast, now: datetime) -> None:
    with transaction():
        cast.microscope.needs_approval = True
        session.merge(cast.microscope)
    declined, forgotten = book(cast, now), book(cast, now, hours=48)
    with transaction():
        approval.decline(declined.public_id, "Broken pump", actor=acting(cast.manager), now=now)
    with transaction():
        expiry.expire_requests(actor=system("jobs"), now=now + timedelta(hours=49))
    kept = session.scalars(select(UnmetDemand).order_by(UnmetDemand.id)).all()
    assert [(row.codes, row.starts_at) for row in kept] == [
        (["declined"], declined.starts_at),
        (["undecided"], forgotten.starts_at),
    ]


def test_the_provider_and_the_district_read_it_and_strangers_do_not(app: Flask, cast: Cast, now: datetime) -> None:
    book(cast, now)
    assert refused(cast, now) == ["slot-taken"]
    assert refused(cast, now, hours=30, length=0.25) == ["too-short", "off-grid"]
    for reader in (cast.administrator, cast.clerk, cast.officer):
        client = signed_in(app, reader)
        client.set_cookie("language", "en")
        page = client.get("/demand").text
        assert "Time taken" in page
        assert '<td class="shell-number" data-value="1">1</td>' in page
        assert "2 entries" in page
        narrowed = client.get("/demand?reason=slot-taken").text
        assert "1 entry" in narrowed
        assert "Firm One" in client.get("/demand?format=csv").text
    assert "Firm One" not in signed_in(app, cast.stranger).get("/demand").text
