"""The provider's pages: registering, describing, listing, and the import wizard from upload to the last button."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.access import Role
from app.catalogue import queries
from app.catalogue.models import ImportRun, ImportState, Instrument, InstrumentState
from app.catalogue.services import imports, instruments
from app.infra.db import session
from app.infra.transactions import transaction
from app.kernel.civil import civil_day
from app.kernel.errors import Refused
from app.kernel.money import Money
from tests.factories.actors import acting
from tests.factories.cast import Cast
from tests.factories.organisations import member, user
from tests.factories.pages import blamed, csrf_token, send
from tests.factories.signing_in import signed_in, signed_in_english
from tests.factories.tokens import bearer
from tests.fuzz.forms import forms_of
from tests.integration.catalogue.test_import import LIST, run_all


def test_an_instrument_is_registered_described_and_listed(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.administrator)
    wanted = {"provider": cast.university.public_id, "name": "新电镜", "inner_id": "N-1"}
    choices = {"asset_kind": "instrument", "share_mode": "external", "origin": "purchased", "places": "2"}
    made = send(client, "/manage/instruments/new", **wanted, **choices, class_code="")
    assert made.status_code == 302, made.text
    row = session.scalars(select(Instrument).where(Instrument.inner_id == "N-1")).one()
    early = send(client, f"{made.location}/state/listed", version=row.version)
    assert early.status_code == 422  # no class yet: listing says what is missing, and nothing is lost
    assert "新电镜" in early.text
    assert 'id="class_code-error"' in early.text  # said beside the field that lacks it
    assert f'action="{made.location}"' in early.text  # and filling it in there saves it
    described = send(client, made.location, **wanted, **choices, class_code="0101", version=row.version)
    assert described.status_code == 302, described.text
    session.expire_all()
    assert send(client, f"{made.location}/state/listed", version=row.version).status_code == 302
    session.expire_all()
    assert row.state is InstrumentState.LISTED


def test_what_was_entered_about_an_instrument_is_shown_to_those_who_look_for_one(app: Flask, cast: Cast) -> None:
    told = {"subjects": ["Chemistry", "Physics"], "national_number": "N-77", "fee_text": "Vacuum pump extra"}
    with transaction():
        for name, value in {**told, "service_url": "https://lab.example.org/sem", "customs_supervised": True}.items():
            setattr(cast.microscope, name, value)
        cast.microscope.customs_declaration = "0" * 18
    shown, visitor = f"/instruments/{cast.microscope.public_id}", app.test_client()
    visitor.set_cookie("language", "en")
    page = visitor.get(shown).text
    for words in (
        "Chemistry, Physics",
        "N-77",
        "Vacuum pump extra",
        'href="https://lab.example.org/sem"',
        "free of tax",
    ):
        assert words in page
    with transaction():
        cast.microscope.service_url = "javascript:alert(1)"
        cast.microscope.customs_released_on = date(2026, 11, 18)
    page = visitor.get(shown).text
    assert "javascript:" not in page
    assert "free of tax" not in page


WORKING = {"email": "lab@example.org", "phone": "010-81292233", "service_url": "https://lab.example.org"}
USELESS = {"email": "lab", "phone": "ask", "service_url": "lab.example.org"}


def test_ways_to_reach_somebody_are_checked_on_the_page_and_in_the_interface(
    app: Flask, cast: Cast, now: datetime
) -> None:
    client, row = signed_in_english(app, cast.administrator), cast.microscope
    with transaction():
        row.class_code = "0101"
    described = {"name": "SEM", "inner_id": "M-1", "class_code": "0101", "places": row.places}
    chosen = {"asset_kind": "instrument", "share_mode": "external", "origin": "purchased", "version": row.version}
    page = f"/manage/instruments/{row.public_id}"
    refused = send(client, page, **described, **chosen, **USELESS)
    assert refused.status_code == 422
    assert set(blamed(refused)) == set(USELESS)
    assert "Enter a web address such as" in refused.text
    headers = {**bearer(cast.administrator, now=now), "If-Match": f'"{row.version}"'}
    api = f"/api/v1/instruments/{row.public_id}"
    sent = client.patch(api, json=USELESS, headers=headers)
    assert (sent.status_code, {one["field"] for one in sent.get_json()["refusals"]}) == (422, set(USELESS))
    assert client.patch(api, json=WORKING, headers=headers).status_code == 200


def test_the_value_is_typed_in_the_unit_it_is_shown_in(app: Flask, cast: Cast) -> None:
    with transaction():
        cast.microscope.original_value = Money.yuan("4123761.40")
    client = signed_in_english(app, cast.administrator)
    page = client.get(f"/manage/instruments/{cast.microscope.public_id}").text
    fields = next(f for _p, f in forms_of("/", page) if "original_value" in f)
    assert "Original value (10,000 yuan)" in page
    assert fields["original_value"] == "412.37614"
    shown = client.get(f"/instruments/{cast.microscope.public_id}").text
    assert "412.38 × 10,000 yuan" in shown
    sent = send(client, f"/manage/instruments/{cast.microscope.public_id}", **{**fields, "original_value": "412.38"})
    assert sent.status_code == 302, sent.text
    session.expire_all()
    assert cast.microscope.original_value == Money.yuan(4_123_800)


def test_a_provider_finds_an_instrument_by_its_own_number(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.administrator)
    found = client.get(f"/manage/instruments?q={cast.microscope.inner_id}").text
    assert cast.microscope.public_id in found


@pytest.mark.parametrize(("day", "status"), [("1985-06-01", 302), ("1899-12-31", 422), ("2100-01-01", 422)])
def test_an_instrument_may_be_older_than_its_bookings(app: Flask, cast: Cast, day: str, status: int) -> None:
    """Lists name them; a page that did not would make their data unchangeable."""
    path = f"/manage/instruments/{cast.microscope.public_id}"
    fields = {"inner_id": "X", "asset_kind": "instrument", "share_mode": "external", "origin": "purchased"}
    own = {"name": "Tube", "places": "1", "class_code": "0101", "version": cast.microscope.version}
    assert send(signed_in(app, cast.administrator), path, began_on=day, **own, **fields).status_code == status


def test_a_stale_form_is_refused_and_keeps_what_was_typed(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.administrator)
    path = f"/manage/instruments/{cast.microscope.public_id}"
    fields = {"inner_id": "X", "asset_kind": "instrument", "share_mode": "external", "origin": "purchased"}
    stale = send(client, path, name="改过的名字", places="1", class_code="0101", version=99, **fields)
    assert stale.status_code == 409
    assert "改过的名字" in stale.text


def test_managers_hold_a_role_at_the_provider_today(app: Flask, cast: Cast, now: datetime) -> None:
    with transaction():
        today = civil_day(now)
        leaving, gone = (
            member(user(name), cast.university, Role.MEMBER, ends_on=today + timedelta(days=days))
            for name, days in (("leaving", 30), ("gone", 0))
        )
    client, page = signed_in(app, cast.administrator), f"/manage/instruments/{cast.microscope.public_id}"
    assert [f">{one.name}<" in client.get(page).text for one in (leaving, gone)] == [True, False]
    assert send(client, f"{page}/managers", managers=[str(leaving.id)]).status_code == 302
    assert queries.managers_of(cast.microscope.id) == [leaving.id]
    actor, key = acting(cast.administrator), cast.microscope.public_id
    for wanted in ([gone.id], [cast.stranger.id, leaving.id]):
        with pytest.raises(Refused, match="not-of-the-provider"), transaction():
            instruments.set_managers(key, wanted, actor=actor, now=now)


@pytest.mark.parametrize("emptied", ["", " ", "\u3000"])
def test_the_number_of_places_may_be_left_out_and_not_emptied(app: Flask, cast: Cast, emptied: str) -> None:
    """Left out it stays; empty it would be no number at all, and no instrument is without a place."""
    client, path = signed_in_english(app, cast.manager), f"/manage/instruments/{cast.microscope.public_id}"
    fields = {"asset_kind": "instrument", "share_mode": "external", "origin": "purchased", "class_code": "0101"}
    fields |= {"name": "SEM", "inner_id": "M-1", "version": str(cast.microscope.version)}
    refused = send(client, path, **fields, places=emptied)
    assert (refused.status_code, "This must be filled in." in refused.text) == (422, True)
    assert send(client, path, **fields).status_code == 302
    session.refresh(cast.microscope)
    assert (cast.microscope.name, cast.microscope.places) == ("SEM", 1)


def test_who_is_no_longer_of_the_provider_is_refused_on_the_page(app: Flask, cast: Cast) -> None:
    """The page was opened while they still were."""
    client, page = signed_in_english(app, cast.administrator), f"/manage/instruments/{cast.microscope.public_id}"
    before = queries.managers_of(cast.microscope.id)
    refused = send(client, f"{page}/managers", managers=[str(cast.stranger.id)])
    assert (refused.status_code, f'action="{page}/managers"' in refused.text) == (422, True)
    assert "Managers: " in refused.text
    assert queries.managers_of(cast.microscope.id) == before


def test_a_number_names_one_instrument_of_a_provider(app: Flask, cast: Cast) -> None:
    client, taken = signed_in_english(app, cast.administrator), cast.microscope.inner_id
    fields = {"asset_kind": "instrument", "share_mode": "external", "origin": "purchased", "places": "1"}
    asked = {**fields, "name": "New one", "class_code": "0101"}
    made = send(client, "/manage/instruments/new", provider=cast.university.public_id, inner_id="N-1", **asked)
    again = {"provider": cast.university.public_id, "inner_id": taken}
    for refused in (
        send(client, "/manage/instruments/new", **again, **asked),
        send(client, made.location, inner_id=taken, version=1, **asked),
    ):
        assert (refused.status_code, 'id="inner_id-error"' in refused.text) == (422, True)
        assert f"The number {taken} is already used" in refused.text
        assert 'value="New one"' in refused.text
    mine = select(Instrument.inner_id).where(Instrument.provider_id == cast.university.id).order_by(Instrument.id)
    assert session.scalars(mine).all() == [taken, "N-1"]


def test_five_subjects_are_refused_beside_their_field_and_four_are_kept(app: Flask, cast: Cast) -> None:
    client, page = signed_in_english(app, cast.administrator), f"/manage/instruments/{cast.microscope.public_id}"
    fields = {"inner_id": "X", "asset_kind": "instrument", "share_mode": "external", "origin": "purchased"}
    asked = {**fields, "name": "SEM", "places": "1", "class_code": "0101", "version": cast.microscope.version}
    refused = send(client, page, subjects="a, b, c, d, e", **asked)
    assert (refused.status_code, 'value="a, b, c, d, e"' in refused.text) == (422, True)
    assert "at most 4 subjects" in refused.text
    assert send(client, page, subjects="a，b、 c;d", **asked).status_code == 302
    session.expire_all()
    assert cast.microscope.subjects == ["a", "b", "c", "d"]


def test_a_state_that_is_none_and_a_version_that_is_none_move_nothing(app: Flask, cast: Cast) -> None:
    client, page = signed_in_english(app, cast.administrator), f"/manage/instruments/{cast.microscope.public_id}"
    assert send(client, f"{page}/state/sold", version=cast.microscope.version).status_code == 404
    odd = send(client, f"{page}/state/suspended", version="x")
    assert (odd.status_code, f'action="{page}"' in odd.text, "whole number" in odd.text) == (422, True, True)
    session.expire_all()
    assert cast.microscope.state is InstrumentState.LISTED


def test_only_who_is_admitted_as_a_provider_registers_or_uploads(app: Flask, cast: Cast, now: datetime) -> None:
    with transaction():
        head = member(user("head"), cast.firm, Role.ADMINISTRATOR)
    client, firm = signed_in_english(app, head), {"provider": cast.firm.public_id}
    fields = {"asset_kind": "instrument", "share_mode": "external", "origin": "purchased", "places": "1"}
    table = (io.BytesIO(LIST.encode()), "list.csv")
    for refused in (
        send(client, "/manage/instruments/new", **firm, **fields, name="SEM", inner_id="N-1", class_code="0101"),
        send(client, "/manage/imports", **firm, table=table),
        send(client, "/manage/history", **firm, table=(io.BytesIO(LIST.encode()), "list.csv")),
    ):
        assert (refused.status_code, "not admitted as a provider" in refused.text) == (422, True)
        assert 'id="provider-error"' in refused.text
    sent = {**firm, "inner_id": "N-1", "name": "SEM"}
    told = app.test_client().post("/api/v1/instruments", json=sent, headers=bearer(head, now=now))
    assert (told.status_code, told.get_json()["refusals"][0]["code"]) == (422, "not-a-provider")
    assert session.scalars(select(Instrument).where(Instrument.provider_id == cast.firm.id)).all() == []
    assert session.scalars(select(ImportRun)).all() == []


def test_a_list_whose_columns_say_nothing_is_asked_about(app: Flask, cast: Cast, now: datetime) -> None:
    client = signed_in_english(app, cast.administrator)
    sent = {"provider": cast.university.public_id, "table": (io.BytesIO(b"x,y\nA-1,SEM\n"), "list.csv")}
    page = send(client, "/manage/imports", **sent).location
    refused = send(client, f"{page}/check")
    assert refused.status_code == 422
    assert "Choose a column or a constant for: Number within the unit, Name." in refused.text
    assert f'action="{page}"' in refused.text
    run = session.scalars(select(ImportRun)).one()
    for column in (-1, 2):
        wrong = {**run.mapping, "columns": {"inner_id": column}}
        with pytest.raises(Refused, match="no-such-column"), transaction():
            imports.set_mapping(run.public_id, wrong, version=None, actor=acting(cast.administrator))
    chosen = {"column_inner_id": "0", "column_name": "1"}
    assert send(client, page, **{**chosen, "column_name": "2"}, version=run.version).status_code == 422
    session.expire_all()
    assert (run.state, run.mapping["columns"]) == (ImportState.UPLOADED, {})
    assert send(client, page, **chosen, version=run.version).status_code == 302
    assert send(client, f"{page}/check").status_code == 302


def test_the_wizard_leads_from_a_file_to_instruments_on_show(app: Flask, cast: Cast, now: datetime) -> None:
    client = signed_in(app, cast.administrator)
    uploaded = upload(client, cast)
    page = client.get(uploaded.location)
    assert page.status_code == 200
    assert "扫描电子显微镜" in page.text
    assert send(client, f"{uploaded.location}/check").status_code == 302
    run_all(now)
    assert client.get(f"{uploaded.location}?verdict=refused").status_code == 200
    assert "csv" in client.get(f"{uploaded.location}?format=csv").content_type
    assert send(client, f"{uploaded.location}/apply").status_code == 302
    run_all(now)
    session.expire_all()
    assert session.scalars(select(ImportRun.state)).one() is ImportState.COMPLETE
    assert client.get(uploaded.location).status_code == 200
    again = upload(client, cast).location
    send(client, f"{again}/check")
    run_all(now)
    assert f"{again}/apply" not in client.get(again).text  # the same list once more has nothing to bring in


def upload(client: FlaskClient, cast: Cast) -> TestResponse:
    sent = {
        "csrf_token": csrf_token(client),
        "provider": cast.university.public_id,
        "table": (io.BytesIO(LIST.replace(",57,", ",57万元,").encode("gb18030", "replace")), "清单.csv"),
    }
    uploaded = client.post("/manage/imports", data=sent, content_type="multipart/form-data")
    assert uploaded.status_code == 302, uploaded.text
    return uploaded


def test_a_file_that_is_no_table_names_the_field_and_the_remedy(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.administrator)
    sent = {
        "csrf_token": csrf_token(client),
        "provider": cast.university.public_id,
        "table": (io.BytesIO(b"\x89PNG\r\n\x1a\n\x00"), "picture.png"),
    }
    refused = client.post("/manage/imports", data=sent, content_type="multipart/form-data")
    assert refused.status_code == 422
    assert "CSV" in refused.text
