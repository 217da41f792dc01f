"""The scoreboard and the way down to the rows: who sees what, from how many statements."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import func, select

from app.access.actor import system
from app.accounts.models import User
from app.api.blueprint import BASE
from app.evaluation.models import Computation, Result, Round
from app.evaluation.queries import drilldown
from app.evaluation.services import rounds
from app.infra import tasks
from app.infra.db import session
from app.infra.tasks import Task
from app.infra.transactions import transaction
from app.ledger.models import ServiceRecord
from app.ledger.rules.entries import EntryKind
from app.ledger.rules.exclusions import Measure
from app.ledger.rules.facts import EvidenceGrade
from app.organisations.models import EvaluationUnit, Kind, OrganisationRole
from tests.factories.cast import Cast
from tests.factories.instruments import instrument
from tests.factories.organisations import organisation
from tests.factories.pages import send
from tests.factories.records import entry, record, settled
from tests.factories.rounds import made_final
from tests.factories.signing_in import signed_in_english as signed_in
from tests.factories.statements import counted
from tests.factories.tokens import bearer


@pytest.fixture
def computed(cast: Cast, running: Round, now: datetime) -> Result:
    """The university's result: one service counts, one is unpaid and unconfirmed, one is imported."""
    with transaction():
        settled(cast.microscope, cast.firm, source_key="GOOD")
        record(cast.microscope, cast.firm, source_key="OPEN")
        record(cast.microscope, cast.firm, source_key="PAST", evidence=EvidenceGrade.IMPORTED)
    return compute(cast, running, now)


def compute(cast: Cast, running: Round, now: datetime) -> Result:
    with transaction():
        rounds.compute_round(running, actor=system("test"), now=now)
    return latest_of(cast)


def latest_of(cast: Cast) -> Result:
    mine = select(Result).where(Result.provider_id == cast.university.id).order_by(Result.id.desc())
    found = session.scalars(mine).first()
    assert found is not None
    return found


def computed_at(result: Result) -> datetime:
    return session.get_one(Computation, result.computation_id).as_of


@pytest.mark.parametrize("role", ["clerk", "officer"])
def test_operator_and_district_see_the_scoreboard(
    app: Flask, cast: Cast, computed: Result, running: Round, role: str
) -> None:
    client = signed_in(app, getattr(cast, role))
    assert running.public_id in client.get("/evaluation").text
    board = client.get(f"/evaluation/{running.public_id}").text
    assert 'data-chart="stacked-bars"' in board
    assert board.count("data-series") == 5
    assert "University One" in board
    assert "Provisional calculation; no basis for payment" in board
    assert "Suggested defaults" in board


@pytest.mark.parametrize(
    ("role", "answers"),
    [("administrator", (200, 403)), ("stranger", (404, 403)), ("researcher", (403, 403)), ("clerk", (200, 200))],
)
def test_a_provider_sees_its_own_result_and_no_scoreboard(
    app: Flask, cast: Cast, computed: Result, role: str, answers: tuple[int, int]
) -> None:
    own, board = answers
    round_ = session.scalars(select(Round)).one()
    client = signed_in(app, getattr(cast, role))
    assert client.get(f"/evaluation/results/{computed.public_id}").status_code == own
    assert client.get(f"/evaluation/results/{computed.public_id}/count").status_code == own
    assert client.get(f"/evaluation/{round_.public_id}").status_code == board


def test_an_institution_reads_its_running_score_and_what_would_raise_it(
    app: Flask, cast: Cast, computed: Result
) -> None:
    client = signed_in(app, cast.administrator)
    assert f"/evaluation/results/{computed.public_id}" in client.get("/evaluation/own").text
    page = client.get(f"/evaluation/results/{computed.public_id}").text
    for words in ("What would still raise it", "Payment not received", "Not confirmed by the client"):
        assert words in page


def test_of_a_final_year_nothing_raises_the_score_any_more(
    app: Flask, cast: Cast, computed: Result, running: Round
) -> None:
    made_final(running, cast.officer, datetime(2027, 4, 2, tzinfo=UTC))
    final = latest_of(cast)
    page = signed_in(app, cast.administrator).get(f"/evaluation/results/{final.public_id}").text
    assert "Not counted for want of" in page
    assert "still" not in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"GOOD", "OPEN", "PAST"}),
        ("counts=1", {"GOOD"}),
        ("counts=0", {"OPEN", "PAST"}),
        ("reason=unpaid", {"OPEN", "PAST"}),
        ("reason=evidence-not-admitted", {"PAST"}),
        ("q=open", {"OPEN"}),
    ],
)
def test_rows_say_whether_they_count_and_why_not(
    app: Flask, cast: Cast, computed: Result, query: str, shown: set[str]
) -> None:
    client = signed_in(app, cast.administrator)
    page = client.get(f"/evaluation/results/{computed.public_id}/count?{query}").text
    assert {key for key in ("GOOD", "OPEN", "PAST") if f">{key}</a>" in page} == shown


@pytest.mark.parametrize("column", ["number", "ended", "instrument", "client", "charged", "value"])
def test_rows_are_sorted_by_what_was_asked(app: Flask, cast: Cast, running: Round, now: datetime, column: str) -> None:
    with transaction():
        later = instrument(cast.university, "Zeta meter")
        for number, (of, to) in enumerate([(cast.microscope, cast.firm), (later, cast.other_firm)], start=1):
            settled(of, to, 1000 * number, source_key=f"R{number}", ends_at=now - timedelta(days=30 - 10 * number))
    page = f"/evaluation/results/{compute(cast, running, now).public_id}/income"
    client = signed_in(app, cast.administrator)
    for sort, first in ((column, "R1"), (f"{column}&dir=desc", "R2")):
        rows = list(csv.reader(io.StringIO(client.get(f"{page}?sort={sort}&format=csv").text)))
        keys = [cell for row in rows for cell in row if cell in {"R1", "R2"}]
        assert (keys[0], len(keys)) == (first, 2)


def test_a_part_of_an_order_leads_to_the_record_that_counts_for_it(
    app: Flask, cast: Cast, running: Round, now: datetime
) -> None:
    with transaction():
        first = settled(cast.microscope, cast.firm, source_key="FIRST")
        second = settled(cast.microscope, cast.firm, source_key="SECOND", ends_at=first.ends_at + timedelta(hours=3))
    client, path = signed_in(app, cast.clerk), f"/evaluation/results/{compute(cast, running, now).public_id}/count"
    rows = csv.DictReader(io.StringIO(client.get(f"{path}?format=csv").text.lstrip("\ufeff")))
    assert {row["Record number"]: row["Counted with"] for row in rows} == {"FIRST": "SECOND", "SECOND": ""}
    assert f"/records/{second.public_id}" in client.get(f"{path}?q=FIRST").text


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("service-count", ["30 × min(1, 1 ÷ 120) = 0.25", "Firm One", "Taken, at most 30"]),
        ("service-income", ["1,000.00 yuan", "30 × min(1, 0.1 ÷ 20) = 0.15"]),
        ("client-count", ["30 × min(1, 1 ÷ 10) = 3.00", "At least 500.00 yuan"]),
        ("satisfaction", ["5 / 5", "5 × 1 = 5.00", "Rating"]),
        ("completeness", ["3 / 9", "5 × 0.333333 = 1.67", "Confirmed by the client", "Invoiced in full"]),
    ],
)
def test_every_figure_is_shown_with_its_sum_and_its_arithmetic(
    app: Flask, cast: Cast, computed: Result, kind: str, words: list[str]
) -> None:
    client = signed_in(app, cast.officer)
    whole = client.get(f"/evaluation/results/{computed.public_id}").text
    assert f"/evaluation/results/{computed.public_id}/{kind}" in whole
    page = client.get(f"/evaluation/results/{computed.public_id}/{kind}").text
    assert {key for key in ("GOOD", "OPEN", "PAST") if f">{key}</a>" in page} == {"GOOD", "OPEN", "PAST"}
    for told in words:
        assert told in page


def test_rows_with_all_their_evidence_are_told_from_those_without(app: Flask, cast: Cast, computed: Result) -> None:
    client = signed_in(app, cast.officer)
    for chosen, expected in (("1", {"GOOD"}), ("0", {"OPEN", "PAST"})):
        page = client.get(f"/evaluation/results/{computed.public_id}/completeness?counts={chosen}").text
        assert {key for key in ("GOOD", "OPEN", "PAST") if f">{key}</a>" in page} == expected


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_rows_and_ranking_can_be_taken_away_as_files(
    app: Flask, cast: Cast, computed: Result, running: Round, kind: str
) -> None:
    client = signed_in(app, cast.clerk)
    for address in (f"/evaluation/{running.public_id}", f"/evaluation/results/{computed.public_id}/income"):
        answer = client.get(f"{address}?format={kind}")
        assert answer.status_code == 200
        rows = list(csv.DictReader(io.StringIO(answer.text))) if kind == "csv" else _of_sheet(answer.data)
        assert {"University One", "GOOD"} & {cell for row in rows for cell in row.values()}
        assert {row["Digest of the inputs"] for row in rows} == {_digest()}
        assert {row["State"] for row in rows} == {"Provisional calculation; no basis for payment"}
        assert all(row["As of"] and row["Scheme"].endswith(" · 1") for row in rows)


def _of_sheet(data: bytes) -> list[dict[Any, Any]]:
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    head, *rows = sheet.values
    return [dict(zip(head, row, strict=True)) for row in rows]


def _digest() -> str:
    return session.scalars(select(Computation.input_digest)).one()


def test_the_operator_has_it_computed_and_the_provider_may_not(
    app: Flask, cast: Cast, running: Round, now: datetime
) -> None:
    address = f"/evaluation/{running.public_id}/compute"
    assert send(signed_in(app, cast.administrator), address).status_code == 403
    assert send(signed_in(app, cast.clerk), address).status_code == 302
    assert "Being computed" in signed_in(app, cast.clerk).get(f"/evaluation/{running.public_id}").text
    assert tasks.run_one_chunk(now=now)
    assert "Being computed" not in signed_in(app, cast.clerk).get(f"/evaluation/{running.public_id}").text


def test_what_is_final_is_not_computed_again(app: Flask, cast: Cast, running: Round) -> None:
    made_final(running, cast.officer, datetime(2027, 4, 1, tzinfo=UTC))
    clerk, page = signed_in(app, cast.clerk), f"/evaluation/{running.public_id}"
    assert send(clerk, f"{page}/compute").location == page
    assert "The round is final" in clerk.get(page).text
    assert session.scalar(select(func.count()).select_from(Task)) == 0


@pytest.mark.parametrize("number", [10, 1000])
def test_pages_cost_the_same_however_many_rows_there_are(
    app: Flask, cast: Cast, running: Round, now: datetime, number: int
) -> None:
    with transaction():
        for n in range(number):
            if n % 100 == 0:
                organisation(f"Institute {n}", OrganisationRole.PROVIDER, kind=Kind.RESEARCH_INSTITUTE)
            settled(cast.microscope, cast.firm, ends_at=now - timedelta(hours=2 + n))
    result = compute(cast, running, now)
    client = signed_in(app, cast.clerk)
    pages = ["", f"/{running.public_id}", f"/results/{result.public_id}"]
    pages += [f"/results/{result.public_id}/{kind}" for kind in ("count", "completeness")]
    for page in (f"/evaluation{page}" for page in [*pages, "/own"]):
        client.get(page)
        with counted() as told:
            assert client.get(page).status_code == 200
        assert len(told) <= 12, page


@pytest.mark.parametrize(("role", "number"), [("clerk", 2), ("administrator", 1), ("stranger", 1)])
def test_programs_read_the_results_their_owner_may_see(
    app: Flask, cast: Cast, computed: Result, role: str, number: int
) -> None:
    user: User = getattr(cast, role)
    headers = bearer(user, "result:read", now=computed_at(computed))
    found = app.test_client().get(f"{BASE}/results", headers=headers).get_json()
    assert len(found["items"]) == number
    one = app.test_client().get(f"{BASE}/results/{computed.public_id}", headers=headers)
    assert one.status_code == (404 if role == "stranger" else 200)
    if one.status_code == 200:
        assert one.get_json()["score"] == f"{computed.score:.2f}"


def test_the_rules_of_the_scheme_can_be_read_beside_the_figures(app: Flask, cast: Cast, computed: Result) -> None:
    pages = {
        signed_in(app, cast.clerk): f"/evaluation/{_round_of(computed).public_id}",
        signed_in(app, cast.administrator): f"/evaluation/results/{computed.public_id}",
    }
    for client, path in pages.items():
        rules = client.get(path).text.partition('id="rules"')[2].partition("</details>")[0]
        for words in (
            "at most 30 of one client",
            "Large universities and institutes: 60.00 × 10,000 yuan",
            "from 90 points",
            "Statutory test, Law enforcement inspection",
            "Own legal person, Related party",
            "10 minutes",
            "20.0 %",
            "¥10.00",
        ):
            assert words in rules, words
        assert "Counts in another year" not in rules  # no exclusion of this scheme
        assert "name different parties" not in rules  # nobody records them yet, so nobody can tell


def _round_of(result: Result) -> Round:
    return session.get_one(Round, session.get_one(Computation, result.computation_id).round_id)


def test_the_page_of_a_record_shows_its_verdicts_year_and_round(app: Flask, cast: Cast, computed: Result) -> None:
    keys = {row.source_key: row.public_id for row in session.scalars(select(ServiceRecord))}
    client = signed_in(app, cast.administrator)
    good, unpaid = (client.get(f"/records/{keys[key]}").text for key in ("GOOD", "OPEN"))
    assert "Verdicts of 2026" in good
    assert f"/evaluation/results/{computed.public_id}" in good
    assert "stands in 2026" in good
    assert "Payment not received" in unpaid
    assert "Verdicts of 2026" not in signed_in(app, cast.researcher).get(f"/records/{keys['GOOD']}").text


def test_income_rows_show_the_day_of_being_paid_and_the_invoice(
    app: Flask, cast: Cast, running: Round, now: datetime
) -> None:
    with transaction():
        row = record(cast.microscope, cast.firm, source_key="PAID")
        entry(row, EntryKind.CONFIRMED, rating=5)
        entry(row, EntryKind.INVOICED, 1000, document="INV-0042")
        entry(row, EntryKind.RECEIVED, 1000, on=date(2026, 7, 9))
    path = f"/evaluation/results/{compute(cast, running, now).public_id}"
    client = signed_in(app, cast.clerk)
    rows = list(csv.DictReader(io.StringIO(client.get(f"{path}/service-income?format=csv").text.lstrip("\ufeff"))))
    assert [(r["Paid on"], r["Invoice"], r["Adds (yuan)"]) for r in rows] == [("2026-07-09", "INV-0042", "1000.00")]
    assert f"{path}/service-income?counts=1" in client.get(path).text
    assert client.get(f"{path}/charm").status_code == 404


def test_an_order_across_two_units_counts_the_same_in_figure_and_rows(
    app: Flask, cast: Cast, running: Round, now: datetime
) -> None:
    """One order, one service of it in each unit: what the figure counts is what its rows count."""
    with transaction():
        unit = EvaluationUnit(organisation_id=cast.university.id, name="East campus", kind=Kind.UNIVERSITY)
        session.add(unit)
        session.flush()
        for day, unit_id in enumerate((None, unit.id)):
            ends = now - timedelta(days=30 - 9 * day)
            settled(cast.microscope, cast.firm, order_number="A-1", evaluation_unit_id=unit_id, ends_at=ends)
    compute(cast, running, now)
    counted = 0
    for result in session.scalars(select(Result).where(Result.provider_id == cast.university.id)):
        value = next(int(part["value"]) for part in result.parts if part["code"] == "service-count")
        assert drilldown.tallies(result)[Measure.COUNT][0] == value
        counted += value
    assert counted == 1
