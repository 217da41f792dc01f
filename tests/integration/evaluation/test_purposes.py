"""What a use is declared to be for, from the booking form to the reason why it does not count."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from app.booking.models import Booking
from app.evaluation.models import Result, Round, Scheme
from app.evaluation.queries import drilldown
from app.evaluation.rules.indicators import Population
from app.evaluation.rules.rows import reasons_of
from app.evaluation.services import rounds
from app.infra.db import session
from app.infra.transactions import transaction
from app.kernel.civil import local
from app.ledger.rules.exclusions import Measure, Reason
from tests.factories.cast import Cast
from tests.factories.pages import send
from tests.factories.signing_in import signed_in
from tests.integration.evaluation.conftest import SHELL
from tests.integration.usage.test_service import use


def test_a_statutory_test_booked_and_done_is_not_counted(
    app: Flask, cast: Cast, running: Round, scheme: Scheme, now: datetime
) -> None:
    client, address = signed_in(app, cast.researcher), f"/instruments/{cast.microscope.public_id}/book"
    for hours, purpose in ((24, "research"), (48, "statutory-test")):
        start, end = (f"{local(now + timedelta(hours=n)):%Y-%m-%dT%H:%M}" for n in (hours, hours + 2))
        wish = {"client": cast.firm.public_id, "starts_at": start, "ends_at": end, "description": "Tubes"}
        assert send(client, address, **wish, purpose=purpose).status_code == 302
    for booking in session.scalars(select(Booking).order_by(Booking.id)).all():
        use(cast, booking)
    with transaction():
        computation = rounds.compute_round(running, actor=SHELL, now=now + timedelta(days=5))
    assert computation is not None
    result = session.scalars(select(Result).where(Result.provider_id == cast.university.id)).one()
    rows = session.execute(drilldown.rows(result, Population.CONCERNED)).all()
    found = {
        row.ServiceRecord.purpose: Reason.EXCLUDED_PURPOSE in reasons_of(row.RecordVerdict.reasons, Measure.COUNT)
        for row in rows
    }
    assert found == {"research": False, "statutory-test": True}
