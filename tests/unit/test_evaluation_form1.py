"""Form 1: what was computed by the first rules comes out to the same bytes for ever."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.evaluation.rules.form1.exclusions import CountingRules, FirstReason
from app.evaluation.rules.form1.facts import ServiceFacts
from app.evaluation.rules.form1.scores import Result, compute
from app.evaluation.rules.form1.verdicts import CutOffs
from app.evaluation.rules.taking import first_taking
from app.kernel.civil import EARLIEST
from app.ledger.rules.exclusions import EvidenceTier, Measure
from app.ledger.rules.facts import Confirmation, EvidenceGrade
from app.ledger.rules.takings import Outcome
from tests.unit.rounds import SMALL
from tests.unit.services import GOOD_EVIDENCE, day, paid
from tests.unit.times import t

STRICT = CountingRules(
    exclusions=frozenset(FirstReason) - {FirstReason.SPLIT_ORDER, FirstReason.OTHER_YEAR, FirstReason.LATER_REFUND},
    evidence=(EvidenceTier(0, GOOD_EVIDENCE), EvidenceTier(50_000_00, frozenset({EvidenceGrade.INTERLOCK}))),
    excluded_purposes=frozenset({"statutory-test", "medical-care"}),
    minimum_fen=10_00,
    least_share_of_posted=Decimal("0.3"),
)
UNITS = [("unit", "university", 0), ("annex", "university", 0), ("clinic", "medical", 0)]


def first(key: str, **changes: Any) -> ServiceFacts:
    ended = changes.get("ended", t("2025-06-02 11:00"))
    facts: dict[str, Any] = {
        "key": key,
        "unit": "unit",
        "provider": "university",
        "instrument": "sem",
        "client": "firm",
        "client_person": "firm",
        "started": t("2025-06-02 09:00"),
        "ended": ended,
        "effective_minutes": 115,
        "charged": 1000_00,
        "evidence": EvidenceGrade.BOTH_PARTIES,
        "receipts": paid(("2025-09-01", 1000_00)),
        "confirmation": Confirmation.CLIENT,
    }
    return ServiceFacts(**facts | changes)


def run(*records: ServiceFacts) -> Result:
    found = sorted(records, key=lambda one: (one.ended, one.key))
    cut_offs = CutOffs({2025: date(2026, 3, 31)})
    return compute(SMALL, STRICT, {"fixed": "1.5"}, UNITS, found, year=2025, cut_offs=cut_offs)


def test_the_digests_of_then_are_those_of_now() -> None:
    """Written when these rules were the only ones; never changed."""
    found = run(
        first("a", rating=5, invoiced=1000_00),
        first("b", ended=t("2025-07-01 10:00"), client="mill", client_person="mill"),
        first("c", ended=t("2025-08-01 10:00"), unit="annex"),
        first("d", unit="clinic", related=True),
        first("e", unit="nowhere"),
    )
    assert (found.input_digest[:16], found.result_digest[:16]) == ("698a2a5954e3a6c4", "424b4957dc9b5012")


@pytest.mark.parametrize(
    ("changes", "outcome", "values"),
    [
        ({}, Outcome.COUNTED, (1, 1000_00)),
        ({"related": True}, Outcome.EXCLUDED, (0, 0)),
        ({"receipts": ()}, Outcome.WAITING, (0, 0)),
        ({"receipts": paid(("2026-05-01", 1000_00))}, Outcome.WAITING, (0, 0)),
        ({"refunds": paid(("2025-10-01", 400_00))}, Outcome.COUNTED, (1, 600_00)),
    ],
)
def test_what_a_first_round_took(changes: dict[str, Any], outcome: Outcome, values: tuple[int, int]) -> None:
    as_of = day("2026-04-10")
    (one,) = (first_taking(one, "round", as_of) for one in run(first("a", **changes)).judged)
    assert (one.outcome, (one.values[Measure.COUNT], one.values[Measure.INCOME])) == (outcome, values)
    assert (one.as_of, one.judged_by) == (as_of, "round")


def test_income_that_form_1_left_to_the_next_year_is_still_to_be_read() -> None:
    """It counted the service in its year and its income in that of the receipt."""
    (found,) = run(first("a", receipts=paid(("2026-03-31", 1000_00)))).judged
    one = first_taking(found, "round", day("2026-04-10"))
    assert (one.values[Measure.COUNT], one.values[Measure.INCOME]) == (1, 0)
    assert (one.outcome, one.as_of) == (Outcome.COUNTED, EARLIEST)


def test_split_orders_of_then_are_taken_as_counted_with_another() -> None:
    rules = CountingRules(STRICT.exclusions, STRICT.evidence, split_window_days=3)
    two = [first("a"), first("b", ended=t("2025-06-02 11:00") + timedelta(hours=1))]
    found = compute(SMALL, rules, {}, UNITS, two, year=2025, cut_offs=CutOffs({2025: date(2026, 3, 31)}))
    takings = [first_taking(one, "round", day("2026-04-10")) for one in found.judged]
    assert [(one.outcome, one.values[Measure.COUNT]) for one in takings] == [(Outcome.COUNTED, 1), (Outcome.COUNTED, 0)]
