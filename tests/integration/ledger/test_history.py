"""Past use from another system: every quirk, all or nothing, twice the same as once, and two who stand for it."""

from __future__ import annotations

import io
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app import audit
from app.access import Actor, Role
from app.access.actor import system
from app.catalogue.models import ImportRow, ImportRun, ImportState, Instrument, InstrumentState
from app.evaluation.models import Result
from app.evaluation.queries import drilldown
from app.evaluation.rules.indicators import Population
from app.evaluation.rules.rows import reasons_of
from app.evaluation.services import rounds, schemes
from app.infra import tasks
from app.infra.db import session
from app.infra.tasks import TaskState
from app.infra.transactions import transaction
from app.kernel.errors import NotFound, Refused
from app.kernel.money import Money
from app.ledger.models import HistoryCheck, RecordEntry, ServiceRecord
from app.ledger.queries import records_visible
from app.ledger.rules.exclusions import Measure, Reason
from app.ledger.services import checks, history, judging
from tests.factories.actors import acting
from tests.factories.cast import Cast
from tests.factories.instruments import instrument
from tests.factories.organisations import member, related, user
from tests.integration.catalogue.test_import import run_all
from tests.rig.plugin import EXTRA

REAL = Path(__file__).parents[4] / "shared" / "data" / "bookings" / "acn_sessions_2018-10_2019-09.csv"
HEADER = (
    "Session,ChargingStation,UserID,ConnectionStartDateTime,ConnectionEndDateTime,"
    "ChargingStartDateTime,ChargingEndDateTime,Energy"
)
# good · over midnight and over-running · overlaps the first · same key · no station · ends before it starts ·
# unreadable · touches the first · another device at the same time
SMALL = f"""{HEADER}
S1,1-1,7,2019-01-02T01:00:00Z,2019-01-02T04:00:00Z,2019-01-02T01:00:00Z,2019-01-02T03:00:00Z,6.31
S2,1-1,8,2019-01-02T15:00:00Z,2019-01-02T17:00:00Z,2019-01-02T15:30:00Z,2019-01-02T17:30:00Z,2
S3,1-1,7,2019-01-02T03:30:00Z,2019-01-02T05:00:00Z,2019-01-02T04:10:00Z,2019-01-02T05:00:00Z,1
S1,1-1,7,2019-01-03T01:00:00Z,2019-01-03T04:00:00Z,2019-01-03T01:00:00Z,2019-01-03T03:00:00Z,6.31
S5,,7,2019-01-04T01:00:00Z,2019-01-04T04:00:00Z,2019-01-04T01:00:00Z,2019-01-04T03:00:00Z,6.31
S6,1-1,7,2019-01-05T01:00:00Z,2019-01-05T04:00:00Z,2019-01-05T03:00:00Z,2019-01-05T01:00:00Z,6.31
S7,1-1,7,soon,2019-01-06T04:00:00Z,2019-01-06T01:00:00Z,2019-01-06T03:00:00Z,6.31
S8,1-1,,2019-01-02T04:00:00Z,2019-01-02T06:00:00Z,2019-01-02T04:00:00Z,2019-01-02T05:00:00Z,6.31
S9,1-2,7,2019-01-02T01:00:00Z,2019-01-02T04:00:00Z,2019-01-02T01:00:00Z,2019-01-02T03:00:00Z,6.31
"""
CONSTANTS = {"client": "Firm One", "charged": "10元", "confirmed_on": "2019-12-30", "received_on": "2019-12-31"}


def bring_in(cast: Cast, data: bytes, now: datetime, **changes: Any) -> ImportRun:
    run = checked(cast, data, now, **changes)
    with transaction():
        history.apply(run.public_id, actor=acting(cast.administrator), now=now)
    run_all(now)
    session.expire_all()
    return run


def checked(cast: Cast, data: bytes, now: datetime, **changes: Any) -> ImportRun:
    actor = acting(cast.administrator)
    with transaction():
        run = history.upload(cast.university, io.BytesIO(data), "past.csv", actor=actor, now=now)
        wanted = {**run.mapping, "constants": CONSTANTS, "create_instruments": True, **changes}
        history.set_mapping(run.public_id, wanted, version=None, actor=actor)
        history.check(run.public_id, actor=actor, now=now)
    run_all(now)
    session.expire_all()
    return run


def number() -> int:
    return session.scalar(select(func.count(ServiceRecord.id))) or 0


def test_what_is_consistent_is_in_and_the_rest_is_told_to_the_minute(cast: Cast, now: datetime) -> None:
    run = bring_in(cast, SMALL.encode(), now)
    assert run.state is ImportState.COMPLETE
    assert run.report["fates"] == {
        "new": {"rows": 4, "booked_minutes": 180 + 120 + 120 + 180, "used_minutes": 120 + 120 + 60 + 120},
        "same": {"rows": 0, "booked_minutes": 0, "used_minutes": 0},
        "refused": {"rows": 5, "booked_minutes": 90 + 180, "used_minutes": 50 + 120},
    }
    assert run.report["reasons"] == {
        "instrument-taken": 1,
        "key-repeated": 1,
        "value-missing": 1,
        "ends-before-start": 1,
        "time-unreadable": 1,
    }
    rows = {r.source_key: r for r in session.scalars(select(ServiceRecord))}
    assert set(rows) == {"S1", "S2", "S8", "S9"}
    assert (rows["S1"].charged, rows["S1"].user_label, rows["S1"].effective_minutes) == (Money.yuan(10), "7", 120)
    assert session.scalar(select(func.count(RecordEntry.id))) == 8
    drafts = select(Instrument.name).where(Instrument.state == InstrumentState.DRAFT).order_by(Instrument.name)
    assert session.scalars(drafts).all() == ["1-1", "1-2"]
    assert audit.verify() is None


def test_whoever_watches_the_check_sees_how_far_it_is(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = checked(cast, SMALL.encode(), now)
    monkeypatch.setattr(judging, "CHUNK", 4)
    with transaction():
        task = history.check(whole.public_id, actor=acting(cast.administrator), now=now)
    seen = []
    while tasks.run_one_chunk(now=now):
        seen.append((task.done, task.total, task.state))
    running = [(done, 9, TaskState.RUNNING) for done in (4, 8, 9)]
    assert seen == [*running, (9, 9, TaskState.DONE)]
    assert staged(whole) == staged(checked(cast, SMALL.encode(), now))


def staged(run: ImportRun) -> list[Any]:
    rows = select(ImportRow.line, ImportRow.row_key, ImportRow.verdict, ImportRow.faults)
    return list(session.execute(rows.where(ImportRow.run_id == run.id).order_by(ImportRow.line)))


def test_the_same_file_twice_changes_nothing(cast: Cast, now: datetime) -> None:
    bring_in(cast, SMALL.encode(), now)
    before = number()
    again = bring_in(cast, SMALL.encode(), now)
    assert again.state is ImportState.COMPLETE
    assert {fate: told["rows"] for fate, told in again.report["fates"].items()} == {"new": 0, "same": 4, "refused": 5}
    assert number() == before


def test_instruments_and_clients_that_are_not_known_are_refused_unless_asked_for(cast: Cast, now: datetime) -> None:
    strangers = {**CONSTANTS, "client": "Nobody"}
    run = checked(cast, SMALL.encode(), now, create_instruments=False, constants=strangers)
    assert (run.report["reasons"]["unknown-instrument"], run.report["reasons"]["unknown-client"]) == (6, 6)


def test_a_client_may_be_named_by_its_code_and_a_charge_come_from_the_price_list(cast: Cast, now: datetime) -> None:
    lines = f"{HEADER}\nP1,Electron microscope,7,,,2026-03-02 09:00,2026-03-02 10:30,\n"
    constants = {"client": str(cast.firm.uscc).lower(), "purpose": "法定检测"}
    bring_in(cast, lines.encode(), now, constants=constants, clock="shanghai", create_instruments=False)
    row = session.scalars(select(ServiceRecord)).one()
    assert (row.charged, row.client_id, row.instrument_id) == (Money.yuan(600), cast.firm.id, cast.microscope.id)
    assert (row.starts_at, row.purpose) == (datetime(2026, 3, 2, 1, 0, tzinfo=UTC), "statutory-test")


@pytest.mark.parametrize(("chosen", "hour"), [("utc", 9), ("shanghai", 1)])
def test_a_file_without_offsets_means_the_clock_that_was_chosen(
    cast: Cast, now: datetime, chosen: str, hour: int
) -> None:
    lines = f"{HEADER}\nP1,1-1,7,,,2019-03-02 09:00,2019-03-02T10:30:00,\n"
    bring_in(cast, lines.encode(), now, clock=chosen)
    assert session.scalars(select(ServiceRecord.starts_at)).one().hour == hour


def test_no_price_is_refused_rather_than_free(cast: Cast, now: datetime) -> None:
    run = checked(cast, SMALL.encode(), now, constants={"client": "Firm One"})
    assert run.report["reasons"]["no-listed-price"] == 6


def test_nothing_is_in_the_ledger_before_all_of_it_is(cast: Cast, now: datetime) -> None:
    rows = "".join(f"K{n},D{n},7,,,2019-01-02T01:00:00Z,2019-01-02T02:00:00Z,1\n" for n in range(history.CHUNK + 10))
    run = checked(cast, f"{HEADER}\n{rows}".encode(), now)
    with transaction():
        history.apply(run.public_id, actor=acting(cast.administrator), now=now)
    tasks.run_one_chunk(now=now)
    assert (number(), session.scalar(select(func.count()).select_from(_ids(cast)))) == (history.CHUNK, 0)
    run_all(now)
    assert session.scalar(select(func.count()).select_from(_ids(cast))) == history.CHUNK + 10


def test_what_another_import_has_not_finished_stays_hidden(cast: Cast, now: datetime) -> None:
    other = checked(cast, SMALL.encode(), now)
    with transaction():
        hidden = instrument(cast.university, "Half way", state=InstrumentState.HIDDEN, import_run_id=other.id)
    bring_in(cast, SMALL.encode(), now)
    assert hidden.state is InstrumentState.HIDDEN


def _ids(cast: Cast) -> Any:
    return records_visible(acting(cast.clerk)).with_only_columns(ServiceRecord.id).subquery()


def test_strangers_cannot_tell_an_import_from_none(cast: Cast, now: datetime) -> None:
    run = checked(cast, SMALL.encode(), now)
    for stranger in (cast.stranger, cast.clerk):
        with pytest.raises(NotFound):
            history.find_run(run.public_id, actor=acting(stranger))


def attest(run: ImportRun, cast: Cast, now: datetime) -> None:
    with transaction():
        checks.attest(run.public_id, "", actor=acting(cast.administrator), now=now)


def test_the_provider_attests_then_an_unrelated_operator_verifies(cast: Cast, now: datetime) -> None:
    run = bring_in(cast, SMALL.encode(), now)
    clerk = acting(cast.clerk)
    with pytest.raises(Refused, match="not-attested-yet"), transaction():
        checks.verify(run.public_id, "", actor=clerk, now=now)
    attest(run, cast, now)
    with pytest.raises(Refused, match="attested-already"), transaction():
        checks.attest(run.public_id, "", actor=acting(cast.administrator), now=now)
    with transaction():
        checks.verify(run.public_id, "sampled 20 rows", actor=clerk, now=now)
    assert session.scalars(select(HistoryCheck.step).order_by(HistoryCheck.id)).all() == ["attested", "verified"]
    with pytest.raises(Refused, match="verified-already"), transaction():
        checks.verify(run.public_id, "", actor=clerk, now=now)


def test_a_related_operator_or_the_same_person_cannot_verify(cast: Cast, now: datetime) -> None:
    run = bring_in(cast, SMALL.encode(), now)
    attest(run, cast, now)
    with transaction():
        member(cast.administrator, cast.operator, Role.OPERATOR)
        related(cast.university, cast.operator)
    with pytest.raises(Refused) as error, transaction():
        checks.verify(run.public_id, "", actor=acting(cast.administrator), now=now)
    assert {r.code for r in error.value.refusals} == {"verifier-related", "verifier-same-person"}
    with pytest.raises(Refused, match="verifier-related"), transaction():
        checks.verify(run.public_id, "", actor=acting(cast.clerk), now=now)


def test_nobody_verifies_what_they_uploaded_or_attested_not_even_after_changing_employers(
    cast: Cast, now: datetime
) -> None:
    run = bring_in(cast, SMALL.encode(), now)
    with transaction():
        second = member(user("second"), cast.university, Role.ADMINISTRATOR)
        checks.attest(run.public_id, "", actor=acting(second), now=now)
    for person in (cast.administrator, second):
        moved = Actor(user_id=person.id, roles=frozenset({(Role.OPERATOR, cast.operator.id)}))
        with pytest.raises(Refused) as error, transaction():
            checks.verify(run.public_id, "", actor=moved, now=now)
        assert [r.code for r in error.value.refusals] == ["verifier-same-person"]


def test_an_operator_who_also_belongs_to_the_provider_cannot_verify(cast: Cast, now: datetime) -> None:
    run = bring_in(cast, SMALL.encode(), now)
    attest(run, cast, now)
    roles = {(Role.OPERATOR, cast.operator.id), (Role.MEMBER, cast.university.id)}
    with pytest.raises(Refused) as error, transaction():
        checks.verify(run.public_id, "", actor=Actor(user_id=cast.clerk.id, roles=frozenset(roles)), now=now)
    assert [r.code for r in error.value.refusals] == ["verifier-related"]


def test_only_what_is_complete_is_attested_and_only_by_its_provider(cast: Cast, now: datetime) -> None:
    run = checked(cast, SMALL.encode(), now)
    with pytest.raises(Refused, match="history-not-complete"):
        attest(run, cast, now)
    done = bring_in(cast, SMALL.encode(), now)
    with pytest.raises(NotFound), transaction():
        checks.attest(done.public_id, "", actor=acting(cast.clerk), now=now)


ADMITS_IMPORTED = {
    "evidence": [
        {"from_fen": 0, "admitted": ["interlock", "scan", "both-parties", "campus-system", "imported"]},
    ],
}


def scored(cast: Cast, now: datetime, **counting: Any) -> Result:
    """The university's running result for 2019 under the first scheme, with these counting rules changed."""
    first = schemes.read(schemes.SEED)
    document = {**first.document, "counting": {**first.document["counting"], **counting}}
    with transaction():
        scheme = schemes.publish(replace(first, document=document), actor=system("test"), now=now)
        round_ = rounds.open_round(scheme, 2019, date(2027, 3, 31), actor=system("test"), now=now)
        computation = rounds.compute_round(round_, actor=system("test"), now=now + timedelta(minutes=1))
    assert computation is not None
    mine = select(Result).where(Result.computation_id == computation.id, Result.provider_id == cast.university.id)
    return session.scalars(mine).one()


def reasons(result: Result) -> set[Reason]:
    rows = session.execute(drilldown.rows(result, Population.CONCERNED)).all()
    return {reason for row in rows for reason in reasons_of(row.RecordVerdict.reasons, Measure.COUNT)}


def test_history_counts_only_under_a_scheme_that_admits_it_once_both_stand_for_it(cast: Cast, now: datetime) -> None:
    run = bring_in(cast, SMALL.encode(), now)
    unverified = scored(cast, now, **ADMITS_IMPORTED, minimum_fen=1000)
    assert reasons(unverified) == {Reason.NOT_ATTESTED, Reason.NOT_VERIFIED}
    attest(run, cast, now)
    with transaction():
        checks.verify(run.public_id, "", actor=acting(cast.clerk), now=now)
    admitted = scored(cast, now, **ADMITS_IMPORTED, minimum_fen=999)
    assert (admitted.assessable, admitted.parts[0]["records"]) == (True, 4)
    default = scored(cast, now)
    assert (default.assessable, reasons(default)) == (False, {Reason.EVIDENCE_NOT_ADMITTED})


@pytest.mark.slow
@pytest.mark.skipif(not REAL.exists(), reason=f"{EXTRA} the full-size sessions are not beside the checkout")
def test_a_real_year_comes_in_within_a_minute_and_is_scored(cast: Cast, now: datetime) -> None:
    began = time.monotonic()
    run = bring_in(cast, REAL.read_bytes(), now)
    assert time.monotonic() - began < 60
    fates = run.report["fates"]
    assert sum(told["rows"] for told in fates.values()) == 15_526
    assert sum(told["booked_minutes"] for told in fates.values()) == 6_787_292
    assert sum(told["used_minutes"] for told in fates.values()) == 3_876_897
    assert number() == fates["new"]["rows"]
    used = session.scalar(select(func.sum(ServiceRecord.effective_minutes)))
    assert used == fates["new"]["used_minutes"]
    attest(run, cast, now)
    with transaction():
        checks.verify(run.public_id, "", actor=acting(cast.clerk), now=now)
    result = scored(cast, now, **ADMITS_IMPORTED)
    assert result.assessable
    print(run.report, result.score, result.parts)
    assert scored(cast, now).assessable is False
