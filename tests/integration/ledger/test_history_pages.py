"""The way of a list of past use through the pages, from the upload to the scoreboard's reasons."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app.catalogue.models import ImportRun, ImportState
from app.infra.db import session
from app.infra.transactions import transaction
from app.ledger.models import HistoryCheck, ServiceRecord
from app.organisations.models import EvaluationUnit, Kind
from tests.factories.cast import Cast
from tests.factories.pages import send
from tests.factories.records import settled
from tests.factories.signing_in import signed_in_english as signed_in
from tests.factories.statements import counted
from tests.integration.catalogue.test_import import run_all
from tests.integration.ledger.test_history import CONSTANTS, HEADER, SMALL, bring_in


def test_a_list_comes_in_through_the_pages_and_both_stand_for_it(app: Flask, cast: Cast, now: datetime) -> None:
    provider = signed_in(app, cast.administrator)
    table = (io.BytesIO(SMALL.encode()), "past.csv")
    sent = send(provider, "/manage/history", provider=cast.university.public_id, table=table)
    assert sent.status_code == 302
    page = sent.location
    first = provider.get(page).text
    assert "The instrument" not in first
    assert "S1 | " in first  # the client is still to be given, yet one sees what there is to map
    run = session.scalars(select(ImportRun)).one()
    chosen = {f"column_{name}": str(column) for name, column in run.mapping["columns"].items()}
    fixed = {f"constant_{name}": text for name, text in CONSTANTS.items()}
    more = {"clock": "offset-required", "create_instruments": "y", "version": str(run.version)}
    assert send(provider, page, **chosen, **fixed, **more).status_code == 302
    assert send(provider, f"{page}/apply").status_code == 422  # not checked yet
    assert send(provider, f"{page}/check").status_code == 302
    run_all(now)
    checked = provider.get(page).text
    for words in ("Bring in 4 rows", "The record number already stands in line", "The whole file"):
        assert words in checked
    assert "S3" in provider.get(f"{page}?verdict=refused&format=csv").text
    assert send(provider, f"{page}/apply").status_code == 302
    run_all(now)
    assert send(provider, f"{page}/attest", note="as listed").status_code == 302
    operator = signed_in(app, cast.clerk)
    address = f"/history-checks/{run.public_id}"
    assert address in operator.get("/history-checks").text
    assert "as listed" in operator.get(address).text
    assert send(operator, address, note="20 rows").status_code == 302
    session.expire_all()
    assert run.state is ImportState.COMPLETE
    assert session.scalars(select(HistoryCheck.step).order_by(HistoryCheck.id)).all() == ["attested", "verified"]


def test_a_record_tells_who_used_it_under_which_order_and_unit(app: Flask, cast: Cast, now: datetime) -> None:
    with transaction():
        unit = EvaluationUnit(organisation_id=cast.university.id, name="North campus", kind=Kind.UNIVERSITY)
        session.add(unit)
        session.flush()
        cast.microscope.evaluation_unit_id = unit.id
        own = settled(cast.microscope, cast.firm, user_id=cast.researcher.id, evaluation_unit_id=unit.id)
    bring_in(cast, SMALL.encode(), now, constants={**CONSTANTS, "order": "Contract 7"})
    past = session.scalars(select(ServiceRecord).where(ServiceRecord.source_key == "S1")).one()
    finance = signed_in(app, cast.finance)
    page = finance.get(f"/records/{past.public_id}").text
    assert "Contract 7" in page
    assert past.user_label
    assert f">{past.user_label}</dd>" in page
    page = finance.get(f"/records/{own.public_id}").text
    assert "North campus" in page
    assert cast.researcher.name in page


@pytest.mark.parametrize(
    ("role", "answers"), [("stranger", (404, 403)), ("researcher", (403, 403)), ("clerk", (403, 200))]
)
def test_who_has_no_part_in_it_sees_nothing_of_it(
    app: Flask, cast: Cast, now: datetime, role: str, answers: tuple[int, int]
) -> None:
    run = bring_in(cast, SMALL.encode(), now)
    client = signed_in(app, getattr(cast, role))
    assert client.get(f"/manage/history/{run.public_id}").status_code == answers[0]
    assert client.get(f"/history-checks/{run.public_id}").status_code == answers[1]


def test_a_remark_speaks_beijing_time(app: Flask, cast: Cast, now: datetime) -> None:
    """Kept in UTC, shown on the clocks of whoever reads it – also in the exported table."""
    lines = [HEADER] + [f"B{n},1-1,7,,,2026/3/2 {n}:05,2026/3/2 {n + 2}:05," for n in (7, 8)]
    run = bring_in(cast, "\n".join([*lines, ""]).encode(), now, clock="shanghai")
    assert run.report["reasons"] == {"instrument-taken": 1}
    page = f"/manage/history/{run.public_id}"
    for shown in (page, f"{page}?format=csv"):
        text = signed_in(app, cast.administrator).get(shown).text
        assert "from 2026-03-02 (Mon) 07:05 to 2026-03-02 (Mon) 09:05" in text
        assert "2026-03-01T23:05:00Z" not in text


def test_the_pages_ask_a_constant_number_of_questions(app: Flask, cast: Cast, now: datetime) -> None:
    run = bring_in(cast, SMALL.encode(), now)
    pages = [(cast.administrator, "/manage/history"), (cast.administrator, f"/manage/history/{run.public_id}"),
             (cast.clerk, "/history-checks"), (cast.clerk, f"/history-checks/{run.public_id}")]  # fmt: skip
    for who, page in pages:
        client = signed_in(app, who)
        client.get(page)
        with counted() as told:
            assert client.get(page).status_code == 200
        assert len(told) <= 12, page
