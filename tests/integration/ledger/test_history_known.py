"""What a list of past use is held against: own instruments, verified clients, held time, dated prices."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.booking.services import cancellation
from app.booking.services.check import BookingRequest
from app.booking.services.request import request_booking
from app.catalogue.models import ImportRun
from app.infra.db import session
from app.infra.transactions import transaction
from app.kernel.money import Money
from app.ledger.models import RecordEntry, ServiceRecord
from app.ledger.rules.entries import EntryKind
from app.organisations.models import OrganisationRole, OrganisationState
from tests.factories.actors import acting
from tests.factories.cast import Cast
from tests.factories.instruments import instrument, price
from tests.factories.organisations import organisation
from tests.factories.records import record
from tests.integration.ledger.test_history import CONSTANTS, HEADER, bring_in, checked


def judged(cast: Cast, now: datetime, *uses: str, client: str = "Firm One", **changes: Any) -> ImportRun:
    """`uses`: instrument and used hours of 2 March 2026 at Shanghai clocks, as in "Electron microscope 09 11"."""
    options = {"clock": "shanghai", "create_instruments": False, "constants": {**CONSTANTS, "client": client}}
    return checked(cast, table(*uses), now, **{**options, **changes})


def table(*uses: str) -> bytes:
    lines = [HEADER]
    for number, use in enumerate(uses, start=1):
        name, start, end = use.rsplit(" ", 2)
        lines.append(f"P{number},{name},7,,,2026-03-02 {start}:00,2026-03-02 {end}:00,")
    return "\n".join([*lines, ""]).encode()


def test_a_client_is_a_verified_body_and_a_name_of_two_belongs_to_neither(cast: Cast, now: datetime) -> None:
    with transaction():
        organisation("Firm New", OrganisationRole.CLIENT, state=OrganisationState.APPLIED)
        organisation("Firm Twin", OrganisationRole.CLIENT)
        organisation("Firm Twin", OrganisationRole.CLIENT)
    for name in ("Firm New", "Firm Twin"):
        assert judged(cast, now, "Electron microscope 09 11", client=name).report["reasons"] == {"unknown-client": 1}


def test_an_instrument_is_the_providers_own_and_a_name_of_two_belongs_to_neither(cast: Cast, now: datetime) -> None:
    with transaction():
        instrument(cast.university, "Furnace")
        instrument(cast.university, "Furnace")
    for name in ("Mass spectrometer", "Furnace"):
        assert judged(cast, now, f"{name} 09 11").report["reasons"] == {"unknown-instrument": 1}


def test_held_time_refuses_an_overlap_and_freed_time_does_not(cast: Cast, now: datetime) -> None:
    later = datetime(2026, 3, 2, 1, tzinfo=now.tzinfo)
    wish = BookingRequest(cast.microscope.public_id, cast.firm.public_id, later, later + timedelta(hours=2), "Fracture")
    researcher, before = acting(cast.researcher), datetime(2026, 2, 27, 1, tzinfo=now.tzinfo)
    with transaction():
        booking = request_booking(wish, actor=researcher, now=before)
    assert judged(cast, now, "Electron microscope 10 12").report["reasons"] == {"instrument-taken": 1}
    assert judged(cast, now, "Electron microscope 11 12").report["reasons"] == {}
    with transaction():
        cancellation.cancel(booking.public_id, "", actor=researcher, now=before)
    assert judged(cast, now, "Electron microscope 10 12").report["reasons"] == {}


def test_past_use_that_came_in_earlier_holds_its_time_as_long_as_it_was_booked(cast: Cast, now: datetime) -> None:
    line = "E1,Electron microscope,7,2026-03-02 09:00,2026-03-02 12:00,2026-03-02 09:30,2026-03-02 10:00,"
    options = {"clock": "shanghai", "create_instruments": False}
    assert bring_in(cast, f"{HEADER}\n{line}\n".encode(), now, **options).report["reasons"] == {}
    assert judged(cast, now, "Electron microscope 11 13").report["reasons"] == {"instrument-taken": 1}
    assert judged(cast, now, "Electron microscope 12 13").report["reasons"] == {}


def test_as_many_uses_overlap_as_there_are_places(cast: Cast, now: datetime) -> None:
    with transaction():
        instrument(cast.university, "Incubator", places=2)
    run = judged(cast, now, "Incubator 09 12", "Incubator 10 12", "Incubator 11 12")
    assert run.report["reasons"] == {"instrument-taken": 1}


def test_a_key_of_another_provider_is_no_repeat(cast: Cast, now: datetime) -> None:
    with transaction():
        record(cast.other_microscope, cast.firm, source_key="P1")
    assert judged(cast, now, "Electron microscope 09 11").report["fates"]["new"]["rows"] == 1


def test_a_charge_comes_from_the_list_that_was_in_force_that_day(cast: Cast, now: datetime) -> None:
    with transaction():
        lathe = instrument(cast.university, "Lathe")
        price(lathe, 100, valid_from=date(2026, 1, 1), valid_until=date(2026, 4, 1))
        price(lathe, 900, valid_from=date(2026, 4, 1))
    options = {"clock": "shanghai", "create_instruments": False, "constants": {"client": "Firm One"}}
    bring_in(cast, table("Lathe 09 11"), now, **options)
    assert session.scalars(select(ServiceRecord.charged)).all() == [Money.yuan(200)]


def test_use_by_the_provider_itself_is_internal_and_nothing_paid_is_no_fact(cast: Cast, now: datetime) -> None:
    for client, charged in ((cast.university.name, "0元"), (cast.firm.name, "10元")):
        constants = {"client": client, "charged": charged, "invoiced_on": "2026-03-09"}
        hours = "09 10" if charged == "0元" else "11 12"
        data = table(f"Electron microscope {hours}").replace(b"P1,", f"{client},".encode())
        bring_in(cast, data, now, clock="shanghai", create_instruments=False, constants=constants)
    rows = session.execute(select(ServiceRecord.internal, ServiceRecord.charged).order_by(ServiceRecord.id)).all()
    assert rows == [(True, Money.yuan(0)), (False, Money.yuan(10))]
    assert len(session.scalars(select(RecordEntry.id).where(RecordEntry.kind == EntryKind.INVOICED)).all()) == 1


def test_two_spellings_of_one_credit_code_are_one_client(cast: Cast, now: datetime) -> None:
    """Lower case and full width in one file: neither hides the other."""
    code = str(cast.firm.uscc)
    spellings = [code, code.lower(), "".join(chr(ord(letter) + 0xFEE0) for letter in code)]
    lines = [
        f"S{n},Electron microscope,7,,,2026-03-0{n} 09:00:00,2026-03-0{n} 11:00:00,,{spelling}"
        for n, spelling in enumerate(spellings, start=1)
    ]
    listed = "\n".join([f"{HEADER},client", *lines, ""]).encode()
    bring_in(cast, listed, now, clock="shanghai", create_instruments=False)
    clients = session.scalars(select(ServiceRecord.client_id)).all()
    assert clients == [cast.firm.id] * 3
