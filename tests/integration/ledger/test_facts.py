"""What the ledger hands to the rules: facts as they stood, rolled up, in a constant number of statements."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from app.catalogue.models import ImportKind, ImportRun, ImportState
from app.infra.db import session
from app.infra.files import StoredFile
from app.infra.transactions import transaction
from app.kernel.money import Money
from app.ledger.models import HistoryCheck
from app.ledger.queries.facts import facts, organisation_graph
from app.ledger.queries.selection import FactsQuery
from app.ledger.rules.attestation import HistoryStep
from app.ledger.rules.entries import EntryKind
from app.ledger.rules.facts import NOT_YET_FED, Confirmation, EvidenceGrade, ServiceFacts
from app.organisations.models import EvaluationUnit, Kind, OrganisationRole
from tests.factories.cast import Cast
from tests.factories.instruments import instrument
from tests.factories.organisations import BORN, organisation, related
from tests.factories.records import ENDED, entry, record, settled
from tests.factories.statements import counted
from tests.integration.booking.test_request import book
from tests.integration.usage.test_service import use

LATER = datetime(2027, 6, 1, tzinfo=UTC)


def of_year(year: int = 2026, as_of: datetime = LATER) -> dict[str, ServiceFacts]:
    session.expire_all()
    return {one.key: one for one in facts(FactsQuery(year, as_of), organisation_graph())}


def test_a_record_with_its_later_facts(cast: Cast) -> None:
    with transaction():
        key = settled(cast.microscope, cast.firm, 800, rating=4).public_id
    one = of_year()[key]
    assert (one.charged, one.invoiced, sum(m.fen for m in one.receipts)) == (80_000, 80_000, 80_000)
    assert (one.confirmation, one.rating, one.evidence) == (Confirmation.CLIENT, 4, EvidenceGrade.INTERLOCK)
    assert (one.unit, one.provider, one.client_person) == (
        cast.university.public_id,
        cast.university.public_id,
        cast.firm.public_id,
    )


def test_what_was_entered_later_is_not_seen_yet(cast: Cast) -> None:
    with transaction():
        key = settled(cast.microscope, cast.firm).public_id
    assert of_year(as_of=ENDED + timedelta(seconds=1))[key].confirmation is Confirmation.NONE
    assert of_year(as_of=ENDED) == {}


def test_a_payment_or_refund_brings_an_old_record_into_its_year(cast: Cast) -> None:
    with transaction():
        row = settled(cast.microscope, cast.firm)
        entry(row, EntryKind.REFUNDED, 400, on=date(2027, 2, 1))
        key = row.public_id
    assert key in of_year(2027)
    assert of_year(2025) == {}


@pytest.mark.parametrize(("clock", "year"), [("2026-12-31 15:59:59", 2026), ("2026-12-31 16:00:00", 2027)])
def test_the_year_ends_at_midnight_in_shanghai(cast: Cast, clock: str, year: int) -> None:
    with transaction():
        record(cast.microscope, cast.firm, ends_at=datetime.fromisoformat(clock).replace(tzinfo=UTC))
    found = [one.key for one in of_year(year).values() if one.service_year == year]
    assert len(found) == 1


def test_a_platform_record_has_the_word_of_both_parties_once_confirmed(cast: Cast, now: datetime) -> None:
    from app.usage import services
    from tests.factories.actors import acting

    booking = book(cast, now)
    ended = use(cast, booking)
    assert [f.evidence for f in of_year().values()] == [EvidenceGrade.MANUAL]
    with transaction():
        services.confirm(booking.public_id, 5, actor=acting(cast.researcher), now=ended)
    assert [f.evidence for f in of_year().values()] == [EvidenceGrade.BOTH_PARTIES]


def test_branches_count_as_their_parent_and_teams_as_nobody(cast: Cast) -> None:
    with transaction():
        branch = organisation("Branch of the firm", OrganisationRole.CLIENT, parent_id=cast.firm.id)
        team = organisation("Team", OrganisationRole.CLIENT, kind=Kind.START_UP_TEAM, uscc=None)
        keys = [record(cast.microscope, client).public_id for client in (branch, team)]
    found = of_year()
    assert [found[key].client_person for key in keys] == [cast.firm.public_id, None]


def test_relations_hold_on_their_days_and_bind_branches(cast: Cast) -> None:
    with transaction():
        branch = organisation("Branch of the firm", OrganisationRole.CLIENT, parent_id=cast.firm.id)
        related(cast.university, cast.firm, date(2026, 6, 2), valid_until=date(2026, 6, 3))
        within = record(cast.microscope, branch).public_id
        after = record(cast.microscope, cast.firm, ends_at=ENDED + timedelta(days=1)).public_id
    found = of_year()
    assert (found[within].related, found[after].related) == (True, False)


def import_run(cast: Cast, state: ImportState = ImportState.COMPLETE) -> ImportRun:
    file = StoredFile(digest="0" * 64, size=1, name="x", media_type="text/csv", created_at=BORN)
    session.add(file)
    session.flush()
    run = ImportRun(
        kind=ImportKind.HISTORY,
        provider_id=cast.university.id,
        user_id=cast.administrator.id,
        file_id=file.id,
        state=state,
        encoding="utf-8",
        columns=[],
        mapping={},
        created_at=BORN,
        completed_at=ENDED,
    )
    session.add(run)
    session.flush()
    return run


def test_imported_records_show_when_all_are_in_and_say_who_stood_for_them(cast: Cast) -> None:
    with transaction():
        run = import_run(cast, ImportState.APPLYING)
        key = record(cast.microscope, cast.firm, import_run_id=run.id, evidence=EvidenceGrade.IMPORTED).public_id
    assert of_year() == {}
    with transaction():
        run.state = ImportState.COMPLETE
        session.add(
            HistoryCheck(
                import_run_id=run.id,
                step=HistoryStep.ATTESTED,
                user_id=cast.administrator.id,
                organisation_id=cast.university.id,
                note="",
                at=ENDED,
            )
        )
    one = of_year()[key]
    assert (one.attested, one.verified, one.evidence) == (True, False, EvidenceGrade.IMPORTED)


@pytest.mark.parametrize("number", [3, 300])
def test_the_number_of_statements_does_not_grow(cast: Cast, number: int) -> None:
    with transaction():
        for _ in range(number):
            settled(cast.microscope, cast.firm)
    session.rollback()
    with counted() as told:
        assert len(of_year()) == number
    assert len(told) == 5


def fullest(cast: Cast) -> str:
    """A record with everything that a page or an import can bring in today."""
    with transaction():
        run = import_run(cast)
        unit = EvaluationUnit(organisation_id=cast.university.id, name="East", kind=Kind.UNIVERSITY)
        session.add(unit)
        session.flush()
        related(cast.university, cast.firm)
        branch = organisation("Branch", OrganisationRole.CLIENT, parent_id=cast.firm.id)
        row = settled(
            instrument(cast.university, "Other"), branch, 700, rating=3, import_run_id=run.id, user_label="P-7",
            order_number="W1", evaluation_unit_id=unit.id, purpose="teaching", internal=True, effective_minutes=7,
            evidence=EvidenceGrade.IMPORTED, booked_from=ENDED - timedelta(hours=3), booked_until=ENDED,
            posted=Money.yuan(900), ends_at=ENDED + timedelta(days=5),
        )  # fmt: skip
        run.completed_at = ENDED + timedelta(days=9)
        return row.public_id


def test_facts_that_nobody_feeds_are_those_of_the_list(cast: Cast) -> None:
    """Whatever a page can bring in differs from the facts of a bare record; the rest is on the list with its reason."""
    with transaction():
        bare = record(cast.other_microscope, cast.other_firm).public_id
    key, found = fullest(cast), of_year()
    full, least = found[key], found[bare]
    same = {name for name in ServiceFacts.__dataclass_fields__ if getattr(full, name) == getattr(least, name)}
    assert same == set(NOT_YET_FED)
