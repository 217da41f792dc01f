"""A round's acts: who may close it or make it final, and what the database takes once it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.evaluation.models import ROUND_GUARDS, Computation, Result, Round, RoundAct, Scheme
from app.evaluation.rules.states import RoundState
from app.evaluation.services import acts, rounds
from app.infra import guards, tasks
from app.infra.db import session
from app.infra.transactions import transaction
from app.kernel.errors import Forbidden, Refused
from tests.architecture.test_guards import Place
from tests.factories.actors import acting
from tests.factories.cast import Cast
from tests.factories.pages import send
from tests.factories.records import settled
from tests.factories.rounds import compute_due, computed, made_final
from tests.factories.signing_in import signed_in_english as signed_in
from tests.integration.evaluation.conftest import SHELL

AFTER = datetime(2027, 4, 1, 2, 0, tzinfo=UTC)
CUT_OFF = datetime(2027, 3, 31, 15, 0, tzinfo=UTC)


def act(round_: Round, state: str, place: str = "1 + (SELECT count(*) FROM round_acts)") -> str:
    return (
        "INSERT INTO round_acts (round_id, place, state, at, actor, user_id, reason, public_id, computation_id) "
        f"SELECT {round_.id}, {place}, '{state}', '2027-04-02 00:00:00', 'user:1', 1, '', 'x', NULL"
    )


COPIED = "round_id, as_of, records, form, verdicts, input_digest, result_digest, basis"
COMPUTATION = f"INSERT INTO computations ({COPIED}, public_id) SELECT {COPIED}, 'x' FROM computations LIMIT 1"
RESULT = (
    'INSERT INTO results (computation_id, unit_key, provider_id, "group", assessable, parts, score, grade, rank, '
    "public_id) SELECT computation_id, 'forged', provider_id, \"group\", assessable, parts, '99.00', 'excellent', 1, "
    "'x' FROM results LIMIT 1"
)
AFTER_FREEZING = [
    COMPUTATION,
    RESULT,
    "DELETE FROM record_verdicts",
    "UPDATE record_verdicts SET count_value = 99",
    "UPDATE rounds SET cut_off = '2027-12-31'",
    "UPDATE rounds SET trial = NOT trial",
    "DELETE FROM round_acts WHERE state = 'final'",
    "UPDATE round_acts SET state = 'open' WHERE state = 'final'",
]


@pytest.fixture
def frozen(cast: Cast, running: Round) -> Round:
    with transaction():
        settled(cast.microscope, cast.firm)
    made_final(running, cast.officer, AFTER)
    return running


def refused(statement: str) -> str:
    with pytest.raises(IntegrityError) as error, transaction():
        session.execute(text(statement))
    return str(error.value.orig)


@pytest.mark.parametrize("statement", AFTER_FREEZING)
def test_after_freezing_the_database_takes_nothing_whoever_asks(frozen: Round, statement: str) -> None:
    assert refused(statement)


@pytest.mark.parametrize("state", list(RoundState))
def test_no_state_follows_a_final_one(frozen: Round, state: str) -> None:
    said = refused(act(frozen, state))  # SQLite asks its guards in another order
    assert "round_act_out_of_order" in said or (state == "final" and "round_final_by_a_person" in said)


def test_no_round_of_the_same_scheme_and_year_stands_beside_it(frozen: Round) -> None:
    columns = "scheme_id, year, cut_off, trial"
    again = f"INSERT INTO rounds ({columns}, public_id) SELECT {columns}, 'x' FROM rounds"
    assert "round_open_already" in refused(again)


def test_it_is_the_guards_that_refuse(frozen: Round) -> None:
    """The negative control: with them away a forged row goes in."""
    with transaction():
        guards.remove(Place(), ROUND_GUARDS)
        for statement in (COMPUTATION, RESULT, "UPDATE record_verdicts SET count_value = 99"):
            session.execute(text(statement))
        session.rollback()


def test_a_computation_that_is_not_the_newest_and_a_trial_do_not_become_final(
    cast: Cast, running: Round, now: datetime
) -> None:
    computed(running, AFTER)
    for statement in (act(running, "final"), act(running, "final").replace("1, '', 'x', NULL", "NULL, '', 'x', 1")):
        assert "round_final_by_a_person" in refused(statement)


def test_only_the_scheme_manager_decides(cast: Cast, running: Round) -> None:
    shown = computed(running, AFTER).public_id
    for person in (cast.clerk, cast.administrator):
        with pytest.raises(Forbidden), transaction():
            acts.finalise(running.public_id, shown, "x", actor=acting(person), now=AFTER)
        with pytest.raises(Forbidden), transaction():
            acts.close(running.public_id, "x", actor=acting(person), now=AFTER)
    assert running.state is RoundState.PROVISIONAL


def finalise(round_: Round, computation: str, cast: Cast, reason: str = "Minutes 7") -> None:
    with transaction():
        acts.finalise(round_.public_id, computation, reason, actor=acting(cast.officer), now=AFTER)


def test_what_is_not_ready_does_not_become_final(cast: Cast, running: Round) -> None:
    early = computed(running, CUT_OFF).public_id
    with pytest.raises(Refused, match="round-before-cut-off"):
        finalise(running, early, cast)
    shown = computed(running, AFTER).public_id
    with pytest.raises(Refused, match="reason-missing"):
        finalise(running, shown, cast, " ")
    computed(running, AFTER + timedelta(hours=1))
    with pytest.raises(Refused, match="round-computed-since"):
        finalise(running, shown, cast)


def test_what_was_tampered_with_does_not_become_final(cast: Cast, running: Round) -> None:
    with transaction():
        settled(cast.microscope, cast.firm)
    shown = computed(running, AFTER).public_id
    with transaction():
        session.execute(text(RESULT))
    with pytest.raises(Refused, match="round-differs"):
        finalise(running, shown, cast)


def test_a_trial_is_computed_and_never_final(cast: Cast, scheme: Scheme, now: datetime) -> None:
    with transaction():
        trial = rounds.open_round(scheme, 2025, date(2026, 3, 31), actor=SHELL, now=now)
    shown = computed(trial, AFTER)
    assert (trial.trial, trial.state) == (True, RoundState.PROVISIONAL)
    with pytest.raises(Refused, match="round-trial"):
        finalise(trial, shown.public_id, cast)
    forged = act(trial, "final").replace("NULL", str(shown.id))
    assert "round_final_by_a_person" in refused(forged)


def test_a_round_opened_by_mistake_is_closed_and_the_year_opened_anew(
    cast: Cast, scheme: Scheme, running: Round, now: datetime
) -> None:
    with transaction():
        acts.close(running.public_id, "wrong cut-off", actor=acting(cast.officer), now=now)
    assert compute_due(now) == {"computed": 0, "failed": []}
    with transaction():
        anew = rounds.open_round(scheme, 2026, date(2027, 4, 30), actor=SHELL, now=now)
    assert (anew.id == running.id, anew.state) == (False, RoundState.OPEN)
    reasons = session.scalars(select(RoundAct.reason).where(RoundAct.round_id == running.id).order_by(RoundAct.place))
    assert reasons.all() == ["", "wrong cut-off"]
    with pytest.raises(Refused, match="round-closed"), transaction():
        acts.close(running.public_id, "again", actor=acting(cast.officer), now=now)


def test_the_page_asks_for_a_reason_and_freezes_in_the_background(app: Flask, cast: Cast, running: Round) -> None:
    with transaction():
        settled(cast.microscope, cast.firm)
    shown = computed(running, AFTER).public_id
    officer, page = signed_in(app, cast.officer), f"/evaluation/{running.public_id}"
    assert "Make the round final" in officer.get(page).text
    assert "Make the round final" not in signed_in(app, cast.clerk).get(page).text
    fields = {"final-computation": shown, "final-reason": "Minutes 7", "final-sure": "1"}
    assert send(officer, f"{page}/finalise", **{**fields, "final-sure": ""}).status_code == 422
    assert send(officer, f"{page}/finalise", **fields).status_code == 302
    assert tasks.run_one_chunk(now=AFTER)
    found = officer.get(page).text
    assert "Minutes 7" in found
    assert "Make the round final" not in found
    session.rollback()
    assert session.scalars(select(Round)).one().state is RoundState.FINAL


def test_a_final_round_from_the_shell(app: Flask, cast: Cast, running: Round) -> None:
    computed(running, AFTER)
    session.rollback()
    words = ["evaluation", "finalise", "--year", "2026", "--reason", "Minutes 7", "--yes", "--as"]
    denied = app.test_cli_runner().invoke(args=[*words, cast.clerk.email])
    assert (denied.exit_code, "may not do that" in denied.output) == (2, True)
    done = app.test_cli_runner().invoke(args=[*words, cast.officer.email])
    assert (done.exit_code, "2026 is final" in done.output) == (0, True)
    closed = app.test_cli_runner().invoke(
        args=["evaluation", "close", "--year", "2026", "--reason", "x", "--as", cast.officer.email]
    )
    assert (closed.exit_code, "The round is final" in closed.output) == (2, True)


def test_rows_of_the_computation_before_are_replaced(cast: Cast, running: Round, now: datetime) -> None:
    with transaction():
        settled(cast.microscope, cast.firm)
    for night in range(3):
        computed(running, now + timedelta(days=night))
    newest = session.scalars(select(Computation.id).order_by(Computation.id.desc())).first()
    rows = session.execute(text("SELECT computation_id FROM record_verdicts")).scalars().all()
    assert rows == [newest]
    assert len(session.scalars(select(Result.id)).all()) == 3 * 2
