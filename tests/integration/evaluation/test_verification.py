"""Verification compares what people see, and names unit, field and both values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from app.booking.models import Booking
from app.evaluation.models import Computation, Round
from app.evaluation.queries.billing_check import Difference, billing_and_ledger
from app.evaluation.queries.verification import differences
from app.infra import guards
from app.infra.db import Base, session
from app.infra.transactions import transaction
from tests.architecture.test_guards import Place
from tests.factories.cast import Cast
from tests.factories.records import settled
from tests.factories.rounds import computed, made_final
from tests.integration.booking.test_request import book
from tests.integration.usage.test_service import use

AFTER = datetime(2027, 4, 1, 2, 0, tzinfo=UTC)


@pytest.fixture
def final(cast: Cast, running: Round) -> Computation:
    with transaction():
        for _ in range(3):
            settled(cast.microscope, cast.firm)
    return made_final(running, cast.officer, AFTER)


def behind_its_back(statement: str) -> None:
    """As the owner of the tables could do it: no guard stands in the way."""
    with transaction():
        guards.remove(Place(), Base.metadata.info["guards"])
        session.execute(text(statement))
    session.expire_all()


def test_what_is_as_it_was_computed_holds(final: Computation) -> None:
    assert differences(final) == []


TAMPERED: list[tuple[str, str, str]] = [
    ("UPDATE results SET score = '99.00' WHERE score IS NOT NULL", "unit", "score"),
    ("UPDATE results SET grade = 'excellent'", "unit", "grade"),
    ("UPDATE results SET rank = 7", "unit", "rank"),
    ("UPDATE results SET parts = replace(parts, 'records\"', 'record\"')", "unit", "service-count record"),
    ("UPDATE results SET \"group\" = 'medical'", "unit", "group"),
    ("UPDATE record_verdicts SET count_value = 99", "record", "count_value"),
    ("UPDATE record_verdicts SET reasons = '|'", "record", "reasons"),
    ("UPDATE record_takings SET count = 99", "record", "took count"),
    ("DELETE FROM record_takings", "record", "took income"),
    ("UPDATE computations SET records = 99", "computation", "records"),
    ("UPDATE computations SET input_digest = 'x'", "computation", "input_digest"),
    ('UPDATE schemes SET document = replace(document, \'"weight":"5"\', \'"weight":"6"\')', "scheme", "digest"),
    ("UPDATE schemes SET document = '{}'", "scheme", "digest"),
    ("UPDATE schemes SET document = '[]'", "scheme", "digest"),
    ("UPDATE audit_entries SET after = '{}' WHERE action = 'round.computed'", "audit entry", "result"),
    ("UPDATE service_records SET charged = 1", "computation", "input_digest"),
]


@pytest.mark.parametrize(("statement", "subject", "field"), TAMPERED)
def test_every_change_is_named_with_its_place(final: Computation, statement: str, subject: str, field: str) -> None:
    behind_its_back(statement)
    found = differences(final)
    assert any(one.subject.startswith(subject) and one.field == field for one in found), found
    assert all(one.stored != one.computed for one in found)


def test_what_was_made_final_is_the_newest_computation(final: Computation) -> None:
    columns = "round_id, as_of, records, form, verdicts, input_digest, result_digest, basis"
    behind_its_back(f"INSERT INTO computations ({columns}, public_id) SELECT {columns}, 'later' FROM computations")
    assert ("round", "computation") in {(one.subject, one.field) for one in differences(final)}


def test_what_was_billed_is_part_of_what_is_verified(cast: Cast, now: datetime, running: Round) -> None:
    use(cast, book(cast, now))
    computation = computed(running, now + timedelta(days=3))
    assert differences(computation) == []
    behind_its_back("DELETE FROM charges")
    assert "charged" in {one.field for one in differences(computation)}


def test_two_inserts_of_the_application_do_not_make_a_board_that_verifies(cast: Cast, running: Round) -> None:
    """Before freezing the tables take rows; that these are nobody's computation is found."""
    with transaction():
        settled(cast.microscope, cast.firm)
    computed(running, AFTER)
    columns = "round_id, as_of, records, form, verdicts, input_digest, result_digest, basis"
    results = 'unit_key, provider_id, evaluation_unit_id, "group", assessable, parts, grade, rank'
    with transaction():
        session.execute(
            text(f"INSERT INTO computations ({columns}, public_id) SELECT {columns}, 'forged' FROM computations")
        )
        session.execute(
            text(
                f"INSERT INTO results (computation_id, {results}, score, public_id) SELECT "
                f"(SELECT max(id) FROM computations), {results}, '99.00', unit_key FROM results"
            )
        )
    forged = session.query(Computation).order_by(Computation.id.desc()).first()
    assert forged is not None
    fields = {(one.subject.split()[0], one.field, one.stored) for one in differences(forged)}
    assert ("unit", "score", "99") in fields or ("unit", "score", "99.00") in fields


def test_the_shell_names_the_difference(app: Flask, final: Computation) -> None:
    behind_its_back("UPDATE results SET score = '99.00' WHERE score IS NOT NULL")
    session.rollback()
    done = app.test_cli_runner().invoke(args=["evaluation", "verify"])
    assert (done.exit_code, "DIFFERS" in done.output, "score: stored 99.00" in done.output) == (1, True, True)


MONEY: list[tuple[str, Callable[[Difference], bool]]] = [
    ("UPDATE service_records SET charged = 1", lambda d: (d.field, d.stored) == ("charged", "1")),
    ("DELETE FROM charges", lambda d: (d.field, d.computed) == ("charged", "")),
]


@pytest.mark.parametrize(("statement", "expected"), MONEY)
def test_billing_is_compared_with_the_ledger(
    cast: Cast, now: datetime, statement: str, expected: Callable[[Difference], bool]
) -> None:
    booking: Booking = book(cast, now)
    use(cast, booking)
    assert billing_and_ledger(2026) == []
    behind_its_back(statement)
    assert [one for one in billing_and_ledger(2026) if expected(one)]
