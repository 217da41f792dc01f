"""One meaning of legal person: branches and mergers, everywhere, and a merger from its day on."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from app.booking.services.preview import preview
from app.infra.db import session
from app.infra.transactions import transaction
from app.kernel.civil import civil_day
from app.ledger.models import ServiceRecord
from app.organisations.models import Organisation, OrganisationRole
from app.organisations.queries import legal_person, legal_persons
from app.pricing.queries import client_class
from app.pricing.rules import ClientClass
from app.usage import services as usage
from tests.factories.actors import acting
from tests.factories.cast import Cast
from tests.factories.organisations import organisation
from tests.integration.booking.test_request import book, wish

MERGED = date(2026, 3, 1)
DAYS = (MERGED - timedelta(days=1), MERGED)


def merge(one: Organisation, into: Organisation, on: date) -> None:
    with transaction():
        row = session.get_one(Organisation, one.id)
        row.merged_into_id, row.merged_on = into.id, on


def test_one_body_and_all_bodies_are_read_alike_on_every_day(cast: Cast) -> None:
    with transaction():
        branch = organisation("Branch", OrganisationRole.CLIENT, parent_id=cast.firm.id)
        old = organisation("Old", OrganisationRole.CLIENT, parent_id=cast.other_firm.id)
        looped = organisation("Looped", OrganisationRole.CLIENT)
        looped.parent_id = organisation("Other end", OrganisationRole.CLIENT, parent_id=looped.id).id
    merge(old, branch, MERGED)
    assert [legal_person(old, on=day) for day in DAYS] == [cast.other_firm.id, cast.firm.id]
    assert legal_person(old) == cast.firm.id
    bodies = (branch, old, looped, cast.firm, cast.university)
    for day in (*DAYS, None):
        everybody = legal_persons(on=day)
        assert [legal_person(one, on=day) for one in bodies] == [everybody[one.id] for one in bodies]


def test_what_merged_into_the_provider_pays_the_own_units_price_from_that_day(cast: Cast) -> None:
    merge(cast.firm, cast.university, MERGED)
    classes = [client_class(cast.firm, cast.university, on=day) for day in DAYS]
    assert classes == [ClientClass.FIRM, ClientClass.OWN_UNIT]


def test_what_merged_books_and_uses_as_one_legal_person(cast: Cast, now: datetime) -> None:
    merge(cast.firm, cast.university, civil_day(now))
    offer = preview(wish(cast, now), actor=acting(cast.researcher), now=now).offer
    assert offer is not None
    assert offer.client_class is ClientClass.OWN_UNIT
    booking = book(cast, now)
    with transaction():
        usage.start(booking.public_id, actor=acting(cast.researcher), now=booking.starts_at)
    with transaction():
        usage.stop(booking.public_id, actor=acting(cast.researcher), now=booking.ends_at)
    assert [record.internal for record in session.query(ServiceRecord)] == [True]
