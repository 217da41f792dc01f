"""What counts: every exclusion alone, switched on and off; being paid, years, income and what may lower it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ledger.rules.amounts import eligible_income, kept, paid_on
from app.ledger.rules.exclusions import ALWAYS, EXCLUSIONS, CountingRules, Measure, Reason, established
from app.ledger.rules.facts import NOT_YET_FED, ChargeKind, Confirmation, EvidenceGrade, MoneyOn, ServiceFacts
from app.ledger.rules.verdicts import Judging, Verdict
from app.ledger.rules.years import CutOffs, year_of
from tests.unit.services import CUT_OFFS, STRICT, fresh, judged_with, paid, service
from tests.unit.times import t

M = Measure


def of(facts: ServiceFacts, measure: Measure, year: int = 2025, rules: CountingRules = STRICT) -> Verdict:
    return judged_with(fresh([facts]), year, own=Judging(rules, CUT_OFFS))[facts.key].verdicts[measure]


def test_a_good_service_counts_in_every_measure() -> None:
    assert {m: of(service(), m).value for m in M} == {"count": 1, "income": 1000_00, "clients": 1, "hours": 115}
    assert all(of(service(), m).counts for m in M)


ROWS: list[tuple[Reason, dict[str, Any]]] = [
    (Reason.OWN_LEGAL_PERSON, {"internal": True}),
    (Reason.OWN_LEGAL_PERSON, {"client": "faculty", "client_person": "university"}),
    (Reason.RELATED_PARTY, {"related": True}),
    (Reason.EXCLUDED_PURPOSE, {"purpose": "statutory-test"}),
    (Reason.CANCELLED, {"cancelled": True}),
    (Reason.NOT_A_SERVICE, {"kind": ChargeKind.NO_SHOW}),
    (Reason.NO_SUBSTANCE, {"effective_minutes": 9, "booked_minutes": 10}),
    (Reason.NO_SUBSTANCE, {"effective_minutes": 23}),
    (Reason.NO_SUBSTANCE, {"effective_minutes": 9, "booked_minutes": None, "charged": 0, "receipts": ()}),
    (Reason.FREE_OF_CHARGE, {"charged": 0, "receipts": ()}),
    (Reason.FREE_OF_CHARGE, {"charged": 0, "receipts": (), "refunds": paid(("2025-10-01", 1))}),
    (Reason.FREE_OF_CHARGE, {"adjustments": paid(("2025-10-01", -1000_00))}),
    (Reason.NET_REFUNDED, {"refunds": paid(("2025-10-01", 400_00), ("2026-12-31", 600_00))}),
    (Reason.UNPAID, {"receipts": paid(("2025-09-01", 999_99))}),
    (Reason.UNPAID, {"receipts": ()}),
    (Reason.UNCONFIRMED, {"confirmation": Confirmation.NONE}),
    (Reason.TACITLY_CONFIRMED, {"confirmation": Confirmation.TACIT}),
    (Reason.EVIDENCE_NOT_ADMITTED, {"evidence": EvidenceGrade.IMPORTED}),
    (Reason.EVIDENCE_NOT_ADMITTED, {"charged": 50_000_00, "receipts": paid(("2025-09-01", 50_000_00))}),
    (Reason.NOT_ATTESTED, {"attested": False}),
    (Reason.NOT_VERIFIED, {"verified": False}),
    (Reason.BELOW_MINIMUM, {"charged": 9_99, "receipts": paid(("2025-09-01", 9_99))}),
    (Reason.BELOW_MINIMUM, {"refunds": paid(("2025-12-31", 990_01))}),
    (Reason.BELOW_POSTED_PRICE, {"posted": 3333_34}),
    (Reason.BELOW_POSTED_PRICE, {"posted": 1000_00, "refunds": paid(("2025-12-31", 700_01))}),
    (Reason.PARTIES_DIFFER, {"parties_agree": False}),
    (Reason.CLAIMED_ELSEWHERE, {"claimed_elsewhere": True}),
    (Reason.CLIENT_NOT_A_BODY, {"client_person": None}),
]
MEASURES = {e.reason: e.measures for e in EXCLUSIONS}


@pytest.mark.parametrize(("reason", "changes"), ROWS)
@pytest.mark.parametrize("measure", M)
def test_each_reason_excludes_alone_and_only_from_its_measures(
    reason: Reason, changes: dict[str, Any], measure: Measure
) -> None:
    found = of(service(**changes), measure)
    assert found.reasons == ((reason,) if measure in MEASURES[reason] else ())
    assert found.counts is (measure not in MEASURES[reason])
    assert found.counts or found.value == 0


@pytest.mark.parametrize(("reason", "changes"), ROWS)
def test_the_scheme_may_switch_every_reason_off_but_those_beyond_it(reason: Reason, changes: dict[str, Any]) -> None:
    lenient = replace(STRICT, exclusions=STRICT.exclusions - {reason})
    assert (reason in of(service(**changes), M.CLIENTS, rules=lenient).reasons) is (reason in ALWAYS)


def test_every_exclusion_has_its_row() -> None:
    assert {reason for reason, _ in ROWS} == {e.reason for e in EXCLUSIONS}


def test_reasons_that_rest_on_what_nobody_records_are_not_shown() -> None:
    assert {one.reason for one in EXCLUSIONS if not one.established} == {
        Reason.CANCELLED, Reason.NOT_A_SERVICE, Reason.NET_REFUNDED, Reason.TACITLY_CONFIRMED,
        Reason.PARTIES_DIFFER, Reason.CLAIMED_ELSEWHERE,
    }  # fmt: skip
    assert Reason.BELOW_POSTED_PRICE in established(STRICT)
    assert not established(STRICT) & {Reason.PARTIES_DIFFER, Reason.CANCELLED}
    known = set(ServiceFacts.__dataclass_fields__)
    assert set(NOT_YET_FED) <= known
    assert all(one.needs <= known for one in EXCLUSIONS)


@pytest.mark.parametrize(
    "changes",
    [
        {"confirmation": Confirmation.TACIT, "reported": True},
        {"posted": 3333_33},
        {"posted": 1000_00, "charged": 300_00, "receipts": paid(("2025-09-01", 300_00))},
        {"charged": 10_00, "receipts": paid(("2025-09-01", 10_00))},
        {"charged": 49_999_99, "receipts": paid(("2025-09-01", 49_999_99))},
        {"refunds": paid(("2025-12-31", 990_00))},
        {"receipts": paid(("2025-09-01", 400_00), ("2025-10-01", 600_00))},
        {"receipts": paid(("2025-09-01", 400_00)), "vouchers_deducted": paid(("2025-10-01", 600_00))},
        {"effective_minutes": 10, "booked_minutes": 50},
        {"effective_minutes": 24, "booked_minutes": 120},
        {"effective_minutes": 10, "booked_minutes": None},
    ],
)
def test_just_inside_the_limits(changes: dict[str, Any]) -> None:
    assert of(service(**changes), M.COUNT).counts


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"effective_minutes": 1, "charged": 0, "receipts": ()}, Reason.NO_SUBSTANCE),
        ({"charged": 0, "receipts": ()}, Reason.FREE_OF_CHARGE),
        ({"charged": 5_00, "receipts": ()}, Reason.UNPAID),
        ({"charged": 5_00, "receipts": paid(("2025-09-01", 5_00)), "refunds": paid(("2025-09-02", 5_00))},
         Reason.NET_REFUNDED),
        ({"charged": 5_00, "receipts": paid(("2025-09-01", 5_00)), "posted": 100_00}, Reason.BELOW_MINIMUM),
    ],
)  # fmt: skip
def test_the_first_of_substance_charge_and_money_decides(changes: dict[str, Any], reason: Reason) -> None:
    assert of(service(**changes), M.COUNT).reasons == (reason,)


def test_all_other_reasons_are_given_and_what_is_missing_is_named() -> None:
    found = of(service(cancelled=True, receipts=(), confirmation=Confirmation.NONE), M.COUNT)
    assert found.reasons == (Reason.CANCELLED, Reason.UNPAID, Reason.UNCONFIRMED)
    assert found.missing == (Reason.UNPAID, Reason.UNCONFIRMED)


@pytest.mark.parametrize(
    ("ended", "received", "year"),
    [
        ("2025-06-02 11:00", "2025-06-01", 2025),
        ("2025-12-31 23:59:59", "2026-01-01", 2025),
        ("2026-01-01 00:00:00", "2026-01-01", 2026),
        ("2025-06-02 11:00", "2026-03-31", 2025),
        ("2025-06-02 11:00", "2026-04-01", 2026),
        ("2025-06-02 11:00", "2027-02-01", 2027),
        ("2025-12-31 16:00:00", "2025-01-10", 2025),
        ("2024-06-02 11:00", "2025-01-10", 2025),
        ("2024-06-02 11:00", "2024-01-10", 2024),
        ("2026-06-02 11:00", "2025-01-10", 2026),
    ],
)
def test_all_measures_stand_in_one_year(ended: str, received: str, year: int) -> None:
    """Only 2025 has published a cut-off, 31 March."""
    facts = service(ended=t(ended), receipts=paid((received, 1000_00)))
    assert year_of(facts, CUT_OFFS) == year
    found = {y: judged_with(fresh([facts]), y) for y in range(2023, 2030)}
    counted = {m: [y for y, one in found.items() if one and one["a"].verdicts[m].counts] for m in M}
    assert counted == {m: [year] for m in M}


def test_a_service_that_stands_later_says_so() -> None:
    facts = service(receipts=paid(("2026-04-01", 1000_00)))
    assert of(facts, M.INCOME) == Verdict(M.INCOME, False, 0, (Reason.OTHER_YEAR,), 2026, None)


def test_a_cut_off_does_not_come_before_its_year_is_over() -> None:
    with pytest.raises(ValueError, match="cut-off"):
        CutOffs({2025: date(2025, 12, 30)})
    assert CutOffs({2025: date(2025, 12, 31)}).of(2025) == date(2025, 12, 31)
    assert CutOffs({}).of(2025) is None


TAKEN_BACK = (("2025-07-01", 1000_00), ("2025-07-02", -1))


@pytest.mark.parametrize(
    ("changes", "day"),
    [
        ({"receipts": ()}, None),
        ({"receipts": paid(*TAKEN_BACK)}, None),
        ({"receipts": paid(*TAKEN_BACK, ("2025-08-01", 1))}, "2025-08-01"),
        ({"receipts": paid(("2025-07-01", 1000_00), ("2025-07-02", -1000_00), ("2025-07-02", 1000_00))}, "2025-07-01"),
        ({"receipts": paid(("2025-07-01", 1000_00)), "adjustments": paid(("2025-07-05", 1))}, None),
        ({"receipts": paid(("2025-07-01", 900_00)), "adjustments": paid(("2025-07-05", -100_00))}, "2025-07-05"),
        ({"receipts": paid(("2025-07-01", 400_00)), "vouchers_deducted": paid(("2025-08-01", 600_00))}, "2025-08-01"),
        ({"receipts": paid(("2025-07-01", 400_00)), "vouchers_afterwards": paid(("2025-08-01", 600_00))}, None),
        ({"vouchers_deducted": paid(("2025-07-01", 1000_00), ("2025-07-09", -1000_00)), "receipts": ()}, None),
        ({"refunds": paid(("2025-09-02", 1000_00))}, "2025-09-01"),
        ({"receipts": paid(("2025-01-01", 1000_00))}, "2025-01-01"),
    ],
)
def test_when_a_charge_is_paid(changes: dict[str, Any], day: str | None) -> None:
    assert paid_on(service(**changes)) == (date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(
    ("changes", "fen"),
    [
        ({}, 1000_00),
        ({"receipts": paid(("2025-07-01", 1200_00))}, 1000_00),
        ({"receipts": paid(("2025-07-01", 1200_00)), "refunds": paid(("2025-07-02", 200_00))}, 1000_00),
        ({"refunds": paid(("2025-10-01", 999_99))}, 1),
        ({"refunds": paid(("2025-10-01", 1500_00))}, 0),
        ({"receipts": paid(("2025-07-01", 700_00)), "vouchers_deducted": paid(("2025-07-01", 300_00))}, 700_00),
        ({"vouchers_afterwards": paid(("2025-11-01", 300_00))}, 700_00),
        ({"vouchers_afterwards": paid(("2025-11-01", 300_00), ("2025-11-05", -300_00))}, 1000_00),
        ({"adjustments": paid(("2025-10-01", -250_00))}, 750_00),
    ],
)
def test_eligible_income(changes: dict[str, Any], fen: int) -> None:
    assert eligible_income(service(**changes), without_tax=False) == fen


@pytest.mark.parametrize(
    ("tax", "refund", "fen"), [(56_60, 0, 943_40), (56_60, 1, 943_39), (1, 999_98, 2), (0, 0, 1000_00)]
)
def test_income_without_tax_goes_in_proportion_half_up(tax: int, refund: int, fen: int) -> None:
    facts = service(tax=tax, refunds=paid(("2025-10-01", refund)))
    assert eligible_income(facts, without_tax=True) == fen


days = st.dates(date(2023, 12, 1), date(2027, 2, 1))
movements = st.lists(st.builds(MoneyOn, days, st.integers(-500_00, 2000_00)), max_size=3).map(tuple)
gifts = st.lists(st.builds(MoneyOn, days, st.integers(0, 2000_00)), max_size=2).map(tuple)


@st.composite
def services(draw: st.DrawFn) -> ServiceFacts:
    return service(
        draw(st.uuids()).hex,
        ended=t("2024-01-01 00:00") + timedelta(minutes=draw(st.integers(0, 3 * 366 * 1440))),
        charged=draw(st.integers(0, 2000_00)),
        adjustments=draw(movements),
        receipts=draw(movements),
        refunds=draw(gifts),
        vouchers_deducted=draw(gifts),
        vouchers_afterwards=draw(gifts),
        related=draw(st.booleans()),
        client_person=draw(st.sampled_from(["firm", "mill", None, "university"])),
        order=draw(st.sampled_from([None, None, "W1"])),
        evidence=draw(st.sampled_from(EvidenceGrade)),
    )


YEARS = range(2022, 2030)
LENIENT = CountingRules(exclusions=frozenset(), evidence=())


@given(services(), st.sampled_from([STRICT, LENIENT]))
def test_all_measures_of_a_record_count_in_one_year_at_most(facts: ServiceFacts, rules: CountingRules) -> None:
    found = [judged_with(fresh([facts]), y, own=Judging(rules, CUT_OFFS)) for y in YEARS]
    counted = {m: {n for n, one in enumerate(found) if one and one[facts.key].verdicts[m].counts} for m in M}
    assert len(set().union(*counted.values())) <= 1
    assert counted[M.COUNT] == counted[M.INCOME] == counted[M.HOURS]


@given(services())
def test_income_lies_between_nothing_and_what_was_kept(facts: ServiceFacts) -> None:
    assert 0 <= eligible_income(facts, without_tax=False) <= max(0, kept(facts))


@given(services(), st.integers(1, 500_00), days)
def test_a_refund_never_raises_income_and_never_changes_the_day_of_being_paid(
    facts: ServiceFacts, fen: int, on: date
) -> None:
    after = replace(facts, refunds=(*facts.refunds, MoneyOn(on, fen)))
    assert eligible_income(after, without_tax=False) <= eligible_income(facts, without_tax=False)
    assert paid_on(after) == paid_on(facts)


@given(services())
def test_the_order_of_entries_of_one_day_makes_no_difference(facts: ServiceFacts) -> None:
    assert paid_on(replace(facts, receipts=facts.receipts[::-1], adjustments=facts.adjustments[::-1])) == paid_on(facts)
