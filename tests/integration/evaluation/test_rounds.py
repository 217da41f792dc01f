"""A round is computed to the same bytes on both engines, nightly until its cut-off and then once for good."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import IntegrityError

from app import audit
from app.access.actor import system
from app.audit.models import AuditEntry
from app.catalogue.models import Instrument, InstrumentState
from app.evaluation import queries
from app.evaluation.models import Computation, Result, Round, RoundAct, Scheme
from app.evaluation.queries import drilldown
from app.evaluation.queries.verification import differences
from app.evaluation.rules.states import RoundState
from app.evaluation.services import acts, rounds, schemes
from app.infra import guards, jobs, tasks
from app.infra.db import session
from app.infra.transactions import transaction
from app.kernel.errors import Forbidden, NotFound, Refused
from app.kernel.money import Money
from app.ledger.rules.entries import EntryKind
from app.ledger.rules.exclusions import Measure
from app.organisations.models import EvaluationUnit, Kind, Organisation, OrganisationRole
from tests.factories.actors import acting
from tests.factories.cast import Cast
from tests.factories.instruments import instrument
from tests.factories.organisations import organisation, related
from tests.factories.records import entry, record, settled
from tests.factories.rounds import compute_due, computed, made_final
from tests.factories.signing_in import signed_in_english as signed_in

SHELL = system("test")
AFTER = datetime(2027, 4, 1, 2, 0, tzinfo=UTC)


def compute(round_: Round, now: datetime) -> dict[str, Result]:
    with transaction():
        computation = rounds.compute_round(round_, actor=SHELL, now=now)
    assert computation is not None
    return {r.unit_key: r for r in session.scalars(select(Result).where(Result.computation_id == computation.id))}


def test_the_first_scheme_is_suggested_and_published_once(scheme: Scheme, now: datetime) -> None:
    with transaction():
        again = schemes.seed(actor=SHELL, now=now)
    assert (again.id, again.edition, again.suggested) == (scheme.id, 1, True)


def test_a_change_is_a_further_edition_and_faults_are_all_told(scheme: Scheme, now: datetime) -> None:
    draft = schemes.read(schemes.SEED)
    heavier = {**draft.document, "indicators": [*draft.document["indicators"][:-1]]}
    with pytest.raises(Refused, match="scheme-weights"), transaction():
        schemes.publish(replace(draft, document=heavier), actor=SHELL, now=now)
    counting = {**draft.document["counting"], "minimum_fen": 2000}
    with transaction():
        other = replace(draft, document={**draft.document, "counting": counting})
        second = schemes.publish(other, actor=SHELL, now=now)
        first_of_another = schemes.publish(replace(draft, code="operator"), actor=SHELL, now=now)
    assert (second.edition, first_of_another.edition) == (2, 1)
    told = select(AuditEntry.after).where(AuditEntry.action == "scheme.published").order_by(AuditEntry.id)
    assert [(after["code"], after["edition"]) for after in session.scalars(told)] == [
        (draft.code, 1), (draft.code, 2), ("operator", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "change", ["UPDATE schemes SET edition = 9", "DELETE FROM results", "DELETE FROM computations"]
)
def test_what_was_published_or_computed_stays(cast: Cast, running: Round, now: datetime, change: str) -> None:
    compute(running, now)
    with pytest.raises(IntegrityError) as error, transaction():
        session.execute(text(change))
    assert guards.broken(error.value, guards.APPEND_ONLY)


def test_a_cut_off_does_not_come_before_the_year_is_over(scheme: Scheme, now: datetime) -> None:
    with pytest.raises(Refused, match="cut-off-too-early"), transaction():
        rounds.open_round(scheme, 2026, date(2026, 12, 30), actor=SHELL, now=now)


def test_a_round_is_opened_once_and_its_cut_off_does_not_move(scheme: Scheme, now: datetime) -> None:
    with transaction():
        opened = rounds.open_round(scheme, 2026, date(2027, 3, 31), actor=SHELL, now=now)
        assert rounds.open_round(scheme, 2026, date(2027, 3, 31), actor=SHELL, now=now) is opened
    with pytest.raises(Refused, match="round-open-already"), transaction():
        rounds.open_round(scheme, 2026, date(2027, 4, 30), actor=SHELL, now=now)
    assert session.scalars(select(Round.cut_off)).all() == [date(2027, 3, 31)]


def test_another_scheme_for_the_same_year_is_another_round(scheme: Scheme, running: Round, now: datetime) -> None:
    draft = schemes.read(schemes.SEED)
    counting = {**draft.document["counting"], "minimum_fen": 2000}
    with transaction():
        second = schemes.publish(
            replace(draft, document={**draft.document, "counting": counting}), actor=SHELL, now=now
        )
        other = rounds.open_round(second, 2026, date(2027, 4, 30), actor=SHELL, now=now)
    assert (other.id == running.id, other.cut_off) == (False, date(2027, 4, 30))


def test_a_year_is_scored_by_hand_and_by_the_platform_alike(cast: Cast, running: Round, now: datetime) -> None:
    with transaction():
        for day in range(10):  # days apart, so that no order is split
            settled(cast.microscope, cast.firm, 1000, rating=4, ends_at=now - timedelta(days=30 + 5 * day))
        record(cast.microscope, cast.other_firm, 500)
    found = compute(running, now)[cast.university.public_id]
    points = {part["code"]: Decimal(part["points"]) for part in found.parts}
    # 10 of 120 services, 1 of 20 万元, 1 of 10 clients, 4 of 5 stars, 30 of 33 papers
    assert points == {
        "service-count": Decimal("2.5"),
        "service-income": Decimal("1.5"),
        "client-count": Decimal("3"),
        "satisfaction": Decimal("4"),
        "completeness": Decimal("4.545455"),
    }
    assert (found.score, found.grade, found.rank) == (Decimal("15.55"), "fail", 1)
    assert audit.verify() is None


def test_nothing_counted_is_not_assessable_rather_than_nought(cast: Cast, running: Round, now: datetime) -> None:
    with transaction():
        record(cast.microscope, cast.firm)
    found = compute(running, now)[cast.university.public_id]
    assert (found.assessable, found.score, found.rank) == (False, None, None)


def test_units_are_scored_apart_and_bodies_of_other_kinds_not_at_all(cast: Cast, running: Round, now: datetime) -> None:
    with transaction():
        unit = EvaluationUnit(organisation_id=cast.university.id, name="East campus", kind=Kind.MEDICAL)
        office = organisation("Office", OrganisationRole.PROVIDER, kind=Kind.PUBLIC_BODY)
        session.add(unit)
        session.flush()
        settled(cast.microscope, cast.firm, evaluation_unit_id=unit.id)
        settled(cast.microscope, cast.firm, ends_at=now - timedelta(days=30))
    found = compute(running, now)
    assert set(found) == {unit.public_id, cast.university.public_id, cast.other_university.public_id}
    assert found[unit.public_id].group == "medical"
    assert office.public_id not in found
    assert [p["records"] for p in found[unit.public_id].parts][:3] == [1, 1, 1]


def test_what_a_divided_body_served_outside_of_its_units_is_not_lost(cast: Cast, running: Round, now: datetime) -> None:
    """A past use came in under an instrument that is a draft and belongs to no unit yet."""
    with transaction():
        session.add(EvaluationUnit(organisation_id=cast.university.id, name="East campus", kind=Kind.MEDICAL))
        settled(instrument(cast.university, "Old tube", state=InstrumentState.DRAFT), cast.firm)
        cast.microscope.state = InstrumentState.RETIRED
    found = compute(running, now)
    assert found[cast.university.public_id].assessable


# One year with fixed public ids, so that its digests can be compared between databases.
YEAR = [(n, 300 + 7 * n, n % 5 + 1, n % 3 != 0) for n in range(60)]
BODIES = [
    ("University", Kind.UNIVERSITY, OrganisationRole.PROVIDER),
    ("Firm A", Kind.ENTERPRISE, OrganisationRole.CLIENT),
    ("Firm B", Kind.ENTERPRISE, OrganisationRole.CLIENT),
    ("Institute", Kind.RESEARCH_INSTITUTE, OrganisationRole.PROVIDER),
]
KNOWN: dict[str, list[str]] = {}


def fixed(number: int) -> str:
    return f"00000000-0000-7000-8000-{number:012d}"


@pytest.fixture
def timezone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("timezone", ["UTC", "Asia/Shanghai", "America/Los_Angeles"], indirect=True)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_rows_give_the_same_bytes_whatever_engine_order_and_time_zone(
    app: Flask, now: datetime, seed: int, timezone: str
) -> None:
    rows = random.Random(seed).sample(YEAR, len(YEAR))
    numbered = list(enumerate(BODIES))
    random.Random(seed).shuffle(numbered)
    with transaction():
        who = {n: organisation(name, part, kind=kind, public_id=fixed(n)) for n, (name, kind, part) in numbered}
        tools = {n: instrument(who[n], public_id=fixed(10 + n)) for n in (0, 3)}
        for n, yuan, rating, paid in rows:
            _serve(tools[3 if n % 4 == 0 else 0], who[1 + n % 2], n, yuan, rating if paid else None)
        round_ = rounds.open_round(schemes.seed(actor=SHELL, now=now), 2026, date(2027, 3, 31), actor=SHELL, now=now)
    compute(round_, AFTER - timedelta(days=30))
    digests = session.execute(select(Computation.input_digest, Computation.result_digest)).one()
    assert list(digests) == KNOWN.setdefault("digests", list(digests))


def _serve(of: object, client: Organisation, n: int, yuan: int, rating: int | None) -> None:
    ends = datetime(2026, 1, 31, 17, 0, tzinfo=UTC) + timedelta(days=5 * n)
    row = record(of, client, yuan, public_id=fixed(100 + n), ends_at=ends)  # type: ignore[arg-type]
    if rating is not None:
        entry(row, EntryKind.CONFIRMED, rating=rating, on=ends.date())
        for part in (yuan - 100, 100):
            entry(row, EntryKind.RECEIVED, part, on=ends.date())


def test_nightly_for_as_long_as_nobody_decides(cast: Cast, running: Round, now: datetime) -> None:
    """Past the cut-off too: the clock ends "provisional" and never more."""
    with transaction():
        settled(cast.microscope, cast.firm)
    for night in (now, datetime(2027, 1, 5, tzinfo=UTC), datetime(2027, 3, 31, 15, 59, 59, tzinfo=UTC), AFTER):
        assert compute_due(night) == {"computed": 1, "failed": []}
    assert running.state is RoundState.PROVISIONAL
    assert session.scalars(select(RoundAct.state).order_by(RoundAct.place)).all() == ["open", "provisional"]
    made_final(running, cast.officer, AFTER)
    assert compute_due(AFTER + timedelta(days=1)) == {"computed": 0, "failed": []}
    assert session.scalars(select(Computation.final).select_from(Computation).order_by(Computation.id)).all() == [
        *([False] * 4),
        True,
    ]


def test_a_round_is_open_while_its_year_lasts_and_provisional_from_new_year_in_shanghai(running: Round) -> None:
    states = []
    for night in (datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), datetime(2026, 12, 31, 16, tzinfo=UTC)):
        compute_due(night)
        states.append(running.state)
    assert states == [RoundState.OPEN, RoundState.PROVISIONAL]


def test_a_computation_that_comes_when_the_round_is_final_is_not_written(cast: Cast, running: Round) -> None:
    late = rounds.prepare_due(now=AFTER)
    made_final(running, cast.officer, AFTER)
    with transaction():
        assert rounds.record_due(late, actor=SHELL, now=AFTER) == {"computed": 0, "failed": []}
    assert session.scalar(select(func.count(Computation.id))) == 1


def test_a_computation_waits_for_whoever_makes_the_round_final_at_the_same_moment(
    app: Flask, cast: Cast, running: Round
) -> None:
    mine, decided = rounds.prepare_due(now=AFTER), threading.Event()
    shown, key, officer = computed(running, AFTER).public_id, running.public_id, acting(cast.officer)

    def finish_slowly() -> None:
        with app.app_context():
            with transaction():
                acts.finalise(key, shown, "Minutes 7", actor=officer, now=AFTER)
                decided.set()
                time.sleep(0.5)
            session.remove()

    session.rollback()
    other = threading.Thread(target=finish_slowly)
    other.start()
    assert decided.wait(30)
    with transaction():
        assert rounds.record_due(mine, actor=SHELL, now=AFTER) == {"computed": 0, "failed": []}
    other.join()
    assert session.scalars(select(Computation.final).select_from(Computation)).all() == [True]


def test_what_comes_after_the_last_look_does_not_change_what_was_computed(
    cast: Cast, running: Round, now: datetime
) -> None:
    with transaction():
        row = settled(cast.microscope, cast.firm)
    before = rounds.evaluate(running, now=now + timedelta(days=1)).result
    with transaction():
        entry(row, EntryKind.REFUNDED, 1000, on=date(2026, 7, 1), entered_at=now + timedelta(days=1))
    assert rounds.evaluate(running, now=now + timedelta(days=1)).result == before
    assert rounds.evaluate(running, now=now + timedelta(days=1, seconds=1)).result.result_digest != before.result_digest


def test_a_relation_or_merger_that_comes_to_light_later_leaves_what_was_computed(
    cast: Cast, running: Round, now: datetime
) -> None:
    with transaction():
        for day in range(3):
            settled(cast.microscope, cast.firm, ends_at=now - timedelta(days=30 + 5 * day))
    compute(running, AFTER)
    (_round, _scheme, computation) = session.execute(queries.rounds()).one()
    assert differences(computation) == []
    with transaction():
        related(cast.university, cast.firm)
        session.get_one(Organisation, cast.other_university.id).merged_into_id = cast.university.id
        session.get_one(Instrument, cast.microscope.id).original_value = Money(1)
    assert rounds.evaluate(running, now=AFTER).result.input_digest != computation.input_digest
    assert differences(computation) == []
    result = session.scalars(select(Result).where(Result.provider_id == cast.university.id)).one()
    assert drilldown.tallies(result)[Measure.COUNT] == (3, 0)


def test_the_operator_may_ask_for_a_computation_and_a_provider_may_not(
    cast: Cast, running: Round, now: datetime
) -> None:
    with pytest.raises(Forbidden), transaction():
        rounds.ask(running.public_id, actor=acting(cast.administrator), now=now)
    with transaction():
        rounds.ask(running.public_id, actor=acting(cast.clerk), now=now)
    assert tasks.run_one_chunk(now=now)
    assert session.execute(queries.rounds()).one()[2] is not None


def test_neither_an_absent_round_nor_a_final_one_is_computed_on_asking(cast: Cast, running: Round) -> None:
    clerk = acting(cast.clerk)
    with pytest.raises(NotFound), transaction():
        rounds.ask("01a1ff1a-0000-7000-8000-000000000000", actor=clerk, now=AFTER)
    made_final(running, cast.officer, AFTER)
    with pytest.raises(Refused, match="round-final"), transaction():
        rounds.ask(running.public_id, actor=clerk, now=AFTER)


def test_the_commands_of_the_shell(app: Flask, cast: Cast) -> None:
    shell = app.test_cli_runner()
    assert shell.invoke(args=["evaluation", "open", "--year", "2026"]).exit_code == 2  # no scheme yet
    assert "provider edition 1" in shell.invoke(args=["evaluation", "seed"]).output
    assert "cut-off 2027-03-31" in shell.invoke(args=["evaluation", "open", "--year", "2026"]).output
    for year, trial in (("2025", True), ("2028", False), ("2029", True)):
        assert ("A trial" in shell.invoke(args=["evaluation", "open", "--year", year]).output) == trial
    none = shell.invoke(args=["evaluation", "verify"])
    assert (none.exit_code, "Nothing to verify" in none.output) == (0, True)
    done = shell.invoke(args=["evaluation", "compute", "--year", "2026"])
    assert (done.exit_code, done.output.count("2026:")) == (0, 2)
    proof = shell.invoke(args=["evaluation", "verify"])
    assert (proof.exit_code, proof.output.count("holds")) == (0, 1)
    unknown = shell.invoke(args=["evaluation", "open", "--year", "2026", "--scheme", "no-such"])
    assert (unknown.exit_code, "no scheme with the code no-such" in unknown.output) == (2, True)
    for year in ("1999", "2026"):
        compute = shell.invoke(args=["evaluation", "compute", "--year", year])
        assert (compute.exit_code, "Nothing to compute" in compute.output) == (0, year == "1999")


WRONG: dict[str | bytes, str] = {
    "{": "no JSON document",
    "[]": "must be an object",
    '{"code": "x"}': "document is missing; add it",
    b"\xff": "no JSON document",
    '{"code": "x", "valid_from": 1}': 'valid_from must be a day such as "2026-04-21"',
    '{"code": "x", "code": "y"}': "named twice: code",
}


@pytest.mark.parametrize("content", list(WRONG))
def test_a_file_that_is_no_scheme_is_refused_in_words(app: Flask, tmp_path: Path, content: str | bytes) -> None:
    path = tmp_path / "scheme.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    done = app.test_cli_runner().invoke(args=["evaluation", "publish", str(path)])
    assert (done.exit_code, WRONG[content] in done.output) == (2, True)


def test_one_broken_round_stops_no_other_and_says_so(
    app: Flask, cast: Cast, running: Round, scheme: Scheme, now: datetime
) -> None:
    """An edition published before schemes were wholly checked asks for evidence that nobody knows."""
    document = json.loads(json.dumps(scheme.document))
    document["indicators"][4]["settings"]["required"] = ["reciept"]
    with transaction():
        row = {c.name: getattr(scheme, c.name) for c in Scheme.__table__.columns if c.name != "id"}
        session.execute(insert(Scheme).values(**{**row, "edition": 2, "public_id": fixed(7), "document": document}))
        session.flush()
        second = session.scalars(select(Scheme).where(Scheme.edition == 2)).one()
        broken = rounds.open_round(second, 2026, date(2027, 3, 31), actor=SHELL, now=now)
    key, done = broken.public_id, app.test_cli_runner().invoke(args=["jobs", "once", "compute-rounds"])
    assert done.exit_code == 0
    session.rollback()
    outcome = jobs.last_mark("compute-rounds").outcome  # type: ignore[union-attr]
    assert (outcome["computed"], [one["round"] for one in outcome["failed"]]) == (1, [key])
    page = signed_in(app, cast.officer).get(f"/evaluation/{key}").text
    assert "document.indicators[4].settings.required[0]: reciept is not known" in page
    assert "The last try came to nothing" in page
    shell = app.test_cli_runner().invoke(args=["evaluation", "compute"])
    assert (shell.exit_code, "FAILED" in shell.output, "2026: 0 records" in shell.output) == (1, True, True)


def test_a_defect_of_one_round_stops_no_other(
    cast: Cast, running: Round, scheme: Scheme, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction():
        trial = rounds.open_round(scheme, 2025, date(2026, 3, 31), actor=SHELL, now=now)
    whole, key = rounds.evaluate, trial.public_id

    def defective(round_: Round, *, now: datetime) -> rounds.Run:
        if round_.year == 2025:
            raise ZeroDivisionError
        return whole(round_, now=now)

    monkeypatch.setattr(rounds, "evaluate", defective)
    outcome = compute_due(now)
    assert outcome == {"computed": 1, "failed": [{"round": key, "refusals": [], "defect": "ZeroDivisionError"}]}


def test_an_older_document_is_published_again_as_a_new_edition(scheme: Scheme, now: datetime) -> None:
    draft = schemes.read(schemes.SEED)
    with transaction():
        changed = schemes.publish(replace(draft, valid_until=date(2028, 4, 20)), actor=SHELL, now=now)
        again = schemes.publish(draft, actor=SHELL, now=now)
        assert schemes.publish(draft, actor=SHELL, now=now) is again
    assert [scheme.edition, changed.edition, again.edition] == [1, 2, 3]
    assert again.digest == scheme.digest != changed.digest


def test_a_year_asked_for_is_computed_alone(app: Flask, cast: Cast, running: Round, scheme: Scheme) -> None:
    with transaction():
        rounds.open_round(scheme, 2025, date(2026, 3, 31), actor=SHELL, now=datetime(2026, 11, 18, tzinfo=UTC))
    assert app.test_cli_runner().invoke(args=["evaluation", "compute", "--year", "2025"]).exit_code == 0
    session.rollback()
    years = select(Round.year).join(Computation, Computation.round_id == Round.id)
    assert session.scalars(years).all() == [2025]
