"""A divided institution says which of its evaluation units an instrument belongs to: page, list, program, database."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.catalogue.models import ImportRow, Instrument
from app.infra.db import session
from app.infra.transactions import transaction
from app.organisations.models import EvaluationUnit, Kind, Organisation
from tests.factories.cast import Cast
from tests.factories.pages import send
from tests.factories.signing_in import signed_in
from tests.factories.tokens import bearer
from tests.integration.catalogue.test_import import bring_in, imported

FIELDS = {"asset_kind": "instrument", "share_mode": "external", "origin": "purchased", "places": "1", "class_code": ""}


def unit(of: Organisation, name: str) -> EvaluationUnit:
    row = EvaluationUnit(organisation_id=of.id, name=name, kind=Kind.UNIVERSITY)
    session.add(row)
    session.flush()
    return row


@pytest.fixture
def east(cast: Cast) -> EvaluationUnit:
    with transaction():
        return unit(cast.university, "East Campus")


def test_an_instrument_is_put_into_a_unit_and_taken_out_again(app: Flask, cast: Cast, east: EvaluationUnit) -> None:
    client, path = signed_in(app, cast.administrator), f"/manage/instruments/{cast.microscope.public_id}"
    fields = {**FIELDS, "name": "Electron microscope", "inner_id": "E-1", "class_code": "0101"}
    for chosen, expected in ((east.public_id, east.id), ("", None)):
        answer = send(client, path, **fields, evaluation_unit=chosen, version=cast.microscope.version)
        assert answer.status_code == 302, answer.text
        session.expire_all()
        assert cast.microscope.evaluation_unit_id == expected
        assert ("East Campus" in client.get("/manage/instruments?format=csv").text) is bool(chosen)


def test_who_is_scored_as_one_is_not_asked_for_a_unit(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.administrator)
    for path in ("/manage/instruments/new", f"/manage/instruments/{cast.microscope.public_id}"):
        assert "evaluation_unit" not in client.get(path).text
    assert "评价单元" not in client.get("/manage/instruments").text


def test_a_unit_of_somebody_else_is_refused(app: Flask, cast: Cast, east: EvaluationUnit, now: datetime) -> None:
    with transaction():
        theirs = unit(cast.other_university, "Their campus")
    wanted = {"provider": cast.university.public_id, "name": "新电镜", "inner_id": "N-1", **FIELDS}
    smuggled = {**wanted, "evaluation_unit": theirs.public_id}
    assert send(signed_in(app, cast.administrator), "/manage/instruments/new", **smuggled).status_code == 422
    body = {"provider": cast.university.public_id, "inner_id": "N-1", "name": "新电镜"}
    told = app.test_client().post(
        "/api/v1/instruments",
        json={**body, "evaluation_unit": theirs.public_id},
        headers=bearer(cast.administrator, now=now),
    )
    assert (told.status_code, told.get_json()["refusals"][0]["code"]) == (422, "no-such-unit")
    one = update(Instrument).where(Instrument.id == cast.microscope.id)
    with pytest.raises(IntegrityError), transaction():
        session.execute(one.values(evaluation_unit_id=theirs.id))


def test_the_preview_says_which_units_it_does_not_find(
    app: Flask, cast: Cast, east: EvaluationUnit, now: datetime
) -> None:
    client, table = signed_in(app, cast.administrator), "编号,名称,校区\nU-1,电镜,East Campus\nU-2,质谱,西校区\n"
    sent = {"provider": cast.university.public_id, "table": (io.BytesIO(table.encode()), "list.csv")}
    shown = client.get(send(client, "/manage/imports", **sent).location).text
    assert "该单位没有评价单元“西校区”" in shown
    assert "该单位没有评价单元“East Campus”" not in shown


def test_a_list_names_units_and_says_which_it_does_not_find(cast: Cast, east: EvaluationUnit, now: datetime) -> None:
    table = "编号,名称,校区\nU-1,电镜,EAST campus\nU-2,质谱,西校区\nU-3,离心机,\n"
    run = bring_in(cast, table.encode(), now)
    found = imported(cast)
    assert [found[key].evaluation_unit_id for key in ("U-1", "U-2", "U-3")] == [east.id, None, None]
    faults = session.scalars(select(ImportRow.faults).where(ImportRow.run_id == run.id).order_by(ImportRow.line)).all()
    assert [[fault["code"] for fault in row] for row in faults] == [[], ["unit-unknown"], []]
    again = bring_in(cast, "编号,名称\nU-2,质谱\nU-3,离心机\n".encode(), now, evaluation_unit="East Campus")
    assert again.report == {"changed": 2}
    session.expire_all()
    assert {row.evaluation_unit_id for row in imported(cast).values()} == {east.id}
