"""Once, for good: years that become final, and what later ones make of the same records, on both engines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.access.actor import Role, system
from app.accounts.models import User
from app.evaluation import queries
from app.evaluation.models import Computation, RecordTaking, Result, Round, Scheme
from app.evaluation.queries.computing import Computed, score_again, takings_of
from app.evaluation.queries.verification import differences
from app.evaluation.rules.states import RoundState
from app.evaluation.rules.taking import Taking
from app.evaluation.services import acts, rounds, schemes
from app.infra import guards
from app.infra.db import session
from app.infra.transactions import transaction
from app.kernel.civil import civil_day
from app.kernel.errors import Refused
from app.ledger.models import ServiceRecord
from app.ledger.rules.entries import EntryKind
from app.ledger.rules.takings import Outcome
from app.organisations.models import Membership
from tests.factories.actors import acting
from tests.factories.cast import Cast
from tests.factories.records import entry, record, settled
from tests.factories.rounds import computed, made_final

SHELL = system("test")
FIRST_CLOSED = datetime(2027, 4, 1, 2, 0, tzinfo=UTC)
SECOND_CLOSED = datetime(2028, 4, 1, 2, 0, tzinfo=UTC)


def open_year(scheme: Scheme, year: int, now: datetime) -> Round:
    with transaction():
        return rounds.open_round(scheme, year, date(year + 1, 3, 31), actor=SHELL, now=now)


def compute(round_: Round, at: datetime) -> Result:
    if civil_day(at) > round_.cut_off:
        manager = select(User).join(Membership).where(Membership.role == Role.SCHEME_MANAGER)
        computation = made_final(round_, session.scalars(manager).one(), at)
    else:
        computation = computed(round_, at)
    row = select(Result).where(Result.computation_id == computation.id, Result.parts.contains("service-count"))
    return max(session.scalars(row), key=lambda one: sum(part["records"] for part in one.parts))


def figures(result: Result) -> dict[str, Any]:
    return {part["code"]: part["value"] for part in result.parts[:3]}


def stored(round_: Round) -> Mapping[str, tuple[int, int, int, Outcome]]:
    rows = session.scalars(select(RecordTaking).where(RecordTaking.round_id == round_.id))
    return {row.record_key: (row.count, row.income.fen, row.clients, row.outcome) for row in rows}


@pytest.fixture
def second(scheme: Scheme, now: datetime) -> Round:
    return open_year(scheme, 2027, now)


def add(row: ServiceRecord, kind: EntryKind, yuan: int, on: date, at: datetime | None = None) -> None:
    entry(row, kind, yuan, on=on, entered_at=at or datetime(on.year, on.month, on.day, 4, tzinfo=UTC))


def test_what_a_final_round_took_is_stored_before_ceilings_and_distinctness(cast: Cast, running: Round) -> None:
    with transaction():
        one = settled(cast.microscope, cast.firm).public_id
        two = settled(cast.microscope, cast.firm, ends_at=datetime(2026, 7, 2, 3, tzinfo=UTC)).public_id
        open_one = record(cast.microscope, cast.firm, ends_at=datetime(2026, 8, 2, 3, tzinfo=UTC)).public_id
    compute(running, FIRST_CLOSED - timedelta(days=2))
    assert stored(running) == {}
    compute(running, FIRST_CLOSED)
    assert stored(running) == {
        one: (1, 1000_00, 1, Outcome.COUNTED),
        two: (1, 1000_00, 1, Outcome.COUNTED),
        open_one: (0, 0, 0, Outcome.WAITING),
    }


@pytest.mark.parametrize("change", ["UPDATE record_takings SET count = 0", "DELETE FROM record_takings"])
def test_what_was_taken_stays(cast: Cast, running: Round, change: str) -> None:
    with transaction():
        settled(cast.microscope, cast.firm)
    compute(running, FIRST_CLOSED)
    with pytest.raises(IntegrityError) as error, transaction():
        session.execute(text(change))
    assert guards.broken(error.value, guards.APPEND_ONLY)


def test_money_marked_back_and_forth_counts_in_no_second_year(cast: Cast, running: Round, second: Round) -> None:
    with transaction():
        row = settled(cast.microscope, cast.firm)
    assert figures(compute(running, FIRST_CLOSED)) == {
        "service-count": "1", "service-income": "0.1", "client-count": "1",
    }  # fmt: skip
    with transaction():
        add(row, EntryKind.RECEIVED, -1000, date(2027, 5, 2))
        add(row, EntryKind.RECEIVED, 1000, date(2027, 5, 3))
    assert figures(compute(second, SECOND_CLOSED)) == {
        "service-count": "0", "service-income": "0", "client-count": "0",
    }  # fmt: skip


def test_no_year_is_frozen_with_what_an_earlier_one_only_would_have_taken(
    cast: Cast, running: Round, second: Round
) -> None:
    """Computed while the year before was running, and frozen after that one was: its records would count twice."""
    with transaction():
        settled(cast.microscope, cast.firm)
    at = SECOND_CLOSED - timedelta(minutes=2)
    computed(running, at)
    before = computed(second, at + timedelta(minutes=1))
    made_final(running, cast.officer, SECOND_CLOSED)
    officer = acting(cast.officer)
    with pytest.raises(Refused, match="round-of-before-a-final"), transaction():
        acts.finalise(second.public_id, before.public_id, "Minutes 8", actor=officer, now=SECOND_CLOSED)
    made_final(second, cast.officer, SECOND_CLOSED + timedelta(minutes=1))
    assert sum(count for count, *_rest in [*stored(running).values(), *stored(second).values()]) == 1


def test_a_refund_of_a_final_year_is_negative_in_the_first_later_one_and_only_there(
    cast: Cast, scheme: Scheme, running: Round, second: Round, now: datetime
) -> None:
    with transaction():
        row = settled(cast.microscope, cast.firm)
        settled(cast.microscope, cast.firm, ends_at=datetime(2027, 2, 2, 3, tzinfo=UTC))
        for one in session.scalars(select(ServiceRecord).where(ServiceRecord.id != row.id)):
            add(one, EntryKind.RECEIVED, 1000, date(2027, 3, 1))
    compute(running, FIRST_CLOSED)
    with transaction():
        add(row, EntryKind.REFUNDED, 1000, date(2027, 6, 1))
    assert figures(compute(second, SECOND_CLOSED)) == {
        "service-count": "0", "service-income": "0", "client-count": "1",
    }  # fmt: skip
    third = open_year(scheme, 2028, now)
    assert figures(compute(third, datetime(2028, 6, 1, tzinfo=UTC)))["service-count"] == "0"
    found = session.execute(queries.rounds().where(Round.id == third.id)).one()
    assert found[2].records == 0


def test_another_scheme_with_another_cut_off_takes_nothing_a_second_time(
    cast: Cast, running: Round, now: datetime
) -> None:
    """Paid on 20 April 2027: out of 2026 by the first scheme, in it by the second."""
    draft = schemes.read(schemes.SEED)
    with transaction():
        row = record(cast.microscope, cast.firm, charged=settled(cast.microscope, cast.firm).charged,
                     ends_at=datetime(2026, 9, 2, 3, tzinfo=UTC))  # fmt: skip
        entry(row, EntryKind.CONFIRMED, rating=5)
        add(row, EntryKind.RECEIVED, 1000, date(2027, 4, 20))
        other = schemes.publish(replace(draft, code="other"), actor=SHELL, now=now)
        longer = rounds.open_round(other, 2026, date(2027, 4, 30), actor=SHELL, now=now)
        next_year = rounds.open_round(other, 2027, date(2028, 3, 31), actor=SHELL, now=now)
    compute(running, FIRST_CLOSED)
    took = [figures(compute(one, at))["service-count"]
            for one, at in ((longer, datetime(2027, 5, 1, 2, tzinfo=UTC)), (next_year, SECOND_CLOSED))]  # fmt: skip
    assert took == ["0", "1"]
    assert stored(running)[row.public_id][0] + stored(next_year)[row.public_id][0] == 1


def test_while_the_earlier_year_is_not_final_the_running_one_assumes_what_it_would_take(
    cast: Cast, running: Round, second: Round
) -> None:
    with transaction():
        row = settled(cast.microscope, cast.firm)
        add(row, EntryKind.REFUNDED, 300, date(2027, 2, 1))
    early = datetime(2027, 1, 20, tzinfo=UTC)
    compute(running, early)
    assert figures(compute(second, datetime(2027, 3, 1, tzinfo=UTC)))["service-income"] == "-0.03"
    found = session.execute(queries.rounds().where(Round.id == second.id)).one()
    assert [one[0] for one in found[2].basis["assumed"]] == [running.public_id]
    compute(running, datetime(2027, 3, 2, tzinfo=UTC))
    assert figures(compute(second, datetime(2027, 3, 3, tzinfo=UTC)))["service-income"] == "0"
    newest = session.scalars(queries.latest()).all()
    for computation in session.scalars(select(Computation)).all():
        if computation.id in newest:
            assert differences(computation) == []


def test_a_record_entered_when_its_year_was_final_is_late_and_counts_in_the_next(
    cast: Cast, running: Round, second: Round
) -> None:
    compute(running, FIRST_CLOSED)
    with transaction():
        row = settled(cast.microscope, cast.firm, entered_at=FIRST_CLOSED)
        key = row.public_id
    assert figures(compute(second, SECOND_CLOSED))["service-count"] == "1"
    (taking,) = takings_of(second)
    assert (taking.record, taking.late) == (key, True)


def test_a_job_over_new_year_stands_on_its_last_member_and_is_taken_once(
    cast: Cast, running: Round, second: Round
) -> None:
    with transaction():
        days = [datetime(2026, 12, 31, 3, tzinfo=UTC), datetime(2027, 1, 1, 3, tzinfo=UTC)]
        rows = [settled(cast.microscope, cast.firm, ends_at=day) for day in days]
        keys = [row.public_id for row in rows]
    assert figures(compute(running, FIRST_CLOSED))["service-count"] == "0"
    assert figures(compute(second, SECOND_CLOSED))["service-count"] == "1"
    assert [stored(running)[keys[0]][0], stored(second)[keys[1]][0]] == [0, 1]


def test_a_member_that_is_paid_later_does_not_count_a_taken_job_again(
    cast: Cast, running: Round, second: Round
) -> None:
    with transaction():
        settled(cast.microscope, cast.firm, ends_at=datetime(2026, 12, 31, 3, tzinfo=UTC))
        late = record(cast.microscope, cast.firm, ends_at=datetime(2027, 1, 1, 3, tzinfo=UTC))
        entry(late, EntryKind.CONFIRMED, rating=5)
    assert figures(compute(running, FIRST_CLOSED))["service-count"] == "1"
    with transaction():
        add(late, EntryKind.RECEIVED, 1000, date(2027, 5, 1))
    assert figures(compute(second, SECOND_CLOSED)) == {
        "service-count": "0", "service-income": "0.1", "client-count": "1",
    }  # fmt: skip


def test_a_chain_of_days_is_read_whole_however_far_it_reaches_back(cast: Cast, running: Round, second: Round) -> None:
    """Daily use from November to January is one job; its first half is read only because of the chain."""
    with transaction():
        for number in range(80):
            settled(cast.microscope, cast.firm, ends_at=datetime(2026, 11, 10, 3, tzinfo=UTC) + timedelta(days=number))
    assert figures(compute(running, FIRST_CLOSED))["service-count"] == "0"
    assert figures(compute(second, SECOND_CLOSED))["service-count"] == "1"


def test_final_rounds_come_out_again_with_what_they_took(cast: Cast, running: Round, second: Round) -> None:
    with transaction():
        row = settled(cast.microscope, cast.firm)
        record(cast.microscope, cast.firm, ends_at=datetime(2026, 9, 2, 3, tzinfo=UTC))
    compute(running, FIRST_CLOSED)
    with transaction():
        add(row, EntryKind.REFUNDED, 1000, date(2027, 6, 1))
    compute(second, SECOND_CLOSED)
    for round_, scheme, computation in session.execute(queries.rounds()).all():
        found: list[Taking] = []
        digests = score_again(Computed(computation, round_, scheme), found.append)[:2]
        assert digests == (computation.input_digest, computation.result_digest)
        by_record = sorted(found, key=lambda one: one.record)
        assert by_record == sorted(takings_of(round_), key=lambda one: one.record)
        assert by_record != []


def test_a_final_round_keeps_its_state(cast: Cast, running: Round) -> None:
    compute(running, FIRST_CLOSED)
    assert session.get_one(Round, running.id).state is RoundState.FINAL
    with transaction():
        assert rounds.compute_round(running, actor=SHELL, now=SECOND_CLOSED) is None
