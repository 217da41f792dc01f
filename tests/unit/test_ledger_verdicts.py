"""What counts: every exclusion alone, switched on and off; years, cut-off, refunds, split orders."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ledger.rules.exclusions import EXCLUSIONS, CountingRules, Measure, Reason
from app.ledger.rules.facts import ChargeKind, Confirmation, EvidenceGrade, MoneyOn, ServiceFacts, paid_on
from app.ledger.rules.orders import Orders
from app.ledger.rules.verdicts import Judgement, Verdict, judge, verdict
from app.ledger.rules.years import CutOffs
from tests.unit.services import CUT_OFFS, STRICT, in_order, paid, service
from tests.unit.times import t

M = Measure


def of(facts: ServiceFacts, measure: Measure, year: int = 2025, rules: CountingRules = STRICT) -> Verdict:
    return verdict(facts, measure, rules, year=year, cut_offs=CUT_OFFS)


def judged(records: list[ServiceFacts], year: int = 2025) -> list[Judgement]:
    return list(judge(in_order(records), STRICT, year=year, cut_offs=CUT_OFFS))


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
    (Reason.FREE_OF_CHARGE, {"charged": 0, "receipts": ()}),
    (Reason.FREE_OF_CHARGE, {"charged": 0, "receipts": (), "refunds": paid(("2025-10-01", 1))}),
    (Reason.NET_REFUNDED, {"refunds": paid(("2025-10-01", 400_00), ("2025-12-31", 600_00))}),
    (Reason.UNPAID, {"receipts": paid(("2025-09-01", 999_99))}),
    (Reason.UNCONFIRMED, {"confirmation": Confirmation.NONE}),
    (Reason.TACITLY_CONFIRMED, {"confirmation": Confirmation.TACIT}),
    (Reason.EVIDENCE_NOT_ADMITTED, {"evidence": EvidenceGrade.IMPORTED}),
    (Reason.EVIDENCE_NOT_ADMITTED, {"charged": 50_000_00, "receipts": paid(("2025-09-01", 50_000_00))}),
    (Reason.NOT_ATTESTED, {"attested": False}),
    (Reason.NOT_VERIFIED, {"verified": False}),
    (Reason.BELOW_MINIMUM, {"charged": 9_99, "receipts": paid(("2025-09-01", 9_99))}),
    (Reason.BELOW_MINIMUM, {"charged": 1, "receipts": paid(("2025-09-01", 1))}),
    (Reason.BELOW_POSTED_PRICE, {"posted": 3333_34}),
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
def test_the_scheme_may_switch_every_reason_off_but_one(reason: Reason, changes: dict[str, Any]) -> None:
    lenient = replace(STRICT, exclusions=STRICT.exclusions - {reason})
    found = of(service(**changes), M.CLIENTS, rules=lenient)
    assert found.counts is (reason is not Reason.OWN_LEGAL_PERSON)


def test_every_exclusion_has_its_row() -> None:
    assert {reason for reason, _ in ROWS} == {e.reason for e in EXCLUSIONS}


@pytest.mark.parametrize(
    "changes",
    [
        {"confirmation": Confirmation.TACIT, "reported": True},
        {"posted": 3333_33},
        {"posted": 1000_00, "charged": 300_00, "receipts": paid(("2025-09-01", 300_00))},
        {"charged": 10_00, "receipts": paid(("2025-09-01", 10_00))},
        {"charged": 49_999_99, "receipts": paid(("2025-09-01", 49_999_99))},
        {"refunds": paid(("2025-12-31", 999_99))},
        {"refunds": paid(("2026-01-01", 1000_00))},
        {"receipts": paid(("2025-09-01", 400_00), ("2025-10-01", 600_00))},
    ],
)
def test_just_inside_the_limits(changes: dict[str, Any]) -> None:
    assert of(service(**changes), M.COUNT).counts


def test_silence_about_a_free_service_proves_nothing() -> None:
    free = service(charged=0, receipts=(), confirmation=Confirmation.TACIT, reported=True)
    assert of(free, M.COUNT).reasons == (Reason.FREE_OF_CHARGE, Reason.TACITLY_CONFIRMED)


def test_all_reasons_are_told_and_what_is_missing_is_named() -> None:
    found = of(service(cancelled=True, receipts=(), confirmation=Confirmation.NONE), M.COUNT)
    assert found.reasons == (Reason.CANCELLED, Reason.UNPAID, Reason.UNCONFIRMED)
    assert found.missing == (Reason.UNPAID, Reason.UNCONFIRMED)


@pytest.mark.parametrize(
    ("ended", "received", "count", "income"),
    [
        ("2025-06-02 11:00", "2025-06-01", 2025, 2025),
        ("2025-06-02 11:00", "2025-12-31", 2025, 2025),
        ("2025-12-31 23:59:59", "2026-01-01", 2025, 2026),
        ("2026-01-01 00:00:00", "2026-01-01", 2026, 2026),
        ("2025-06-02 11:00", "2026-03-31", 2025, 2026),
        ("2025-06-02 11:00", "2026-04-01", 2026, 2026),
        ("2025-06-02 11:00", "2027-02-01", 2027, 2027),
        ("2025-12-31 16:00:00", "2025-01-10", 2025, 2025),
    ],
)
def test_years(ended: str, received: str, count: int, income: int) -> None:
    facts = service(ended=t(ended), receipts=paid((received, 1000_00)))
    counted = {m: [y for y in range(2023, 2030) if of(facts, m, y).counts] for m in M}
    assert counted == {M.COUNT: [count], M.CLIENTS: [count], M.HOURS: [count], M.INCOME: [income]}
    assert of(facts, M.COUNT, 2024).reasons == (Reason.OTHER_YEAR,)


def test_where_unpaid_services_count_the_receipt_changes_no_year() -> None:
    accrual = replace(STRICT, exclusions=STRICT.exclusions - {Reason.UNPAID})
    late = service(receipts=paid(("2027-01-01", 1000_00)))
    assert [of(f, M.INCOME, 2025, accrual).value for f in (late, service(receipts=()))] == [1000_00, 1000_00]


def test_a_cut_off_does_not_come_before_its_year_is_over() -> None:
    with pytest.raises(ValueError, match="cut-off"):
        CutOffs({2025: date(2025, 12, 30)})
    assert CutOffs({2025: date(2025, 12, 31)}).of(2025) == date(2025, 12, 31)
    assert CutOffs().of(2025) == date(2026, 3, 31)


def test_when_a_charge_is_paid() -> None:
    assert paid_on(service(charged=1, receipts=())) is None
    assert paid_on(service(charged=0, receipts=())) == date(2025, 6, 2)
    taken_back = paid(("2025-07-01", 1000_00), ("2025-07-02", -1))
    assert paid_on(service(receipts=taken_back)) is None
    assert paid_on(service(receipts=(*taken_back, *paid(("2025-08-01", 1))))) == date(2025, 8, 1)
    corrected_at_once = paid(("2025-07-01", 1000_00), ("2025-07-02", -1000_00), ("2025-07-02", 1000_00))
    assert paid_on(service(receipts=corrected_at_once)) == date(2025, 7, 1)


@pytest.mark.parametrize(
    ("rules", "fen"),
    [
        ({}, 900_00),
        ({"income_without_tax": True}, 843_40),
        ({"income_without_voucher": False}, 1000_00),
        ({"income_without_voucher": False, "income_without_tax": True}, 943_40),
    ],
)
def test_income_is_net_of_voucher_and_where_asked_of_tax(rules: dict[str, bool], fen: int) -> None:
    facts = service(tax=56_60, voucher=100_00)
    assert of(facts, M.INCOME, rules=replace(STRICT, **rules)).value == fen  # type: ignore[arg-type]


def test_later_refunds_are_negative_in_their_own_year() -> None:
    facts = service(refunds=paid(("2025-12-01", 100_00), ("2027-05-01", 300_00)), voucher=500_00)
    by_year = {y: of(facts, M.INCOME, y) for y in range(2024, 2029)}
    assert [v.value for v in by_year.values()] == [0, 450_00, 0, -150_00, 0]
    assert by_year[2027].reasons == (Reason.LATER_REFUND,)
    assert not by_year[2027].counts


def test_what_was_given_back_in_the_year_of_its_payment_never_counts() -> None:
    """Served in one year, paid and wholly refunded in the next: settled there, whatever the first year looked like."""
    facts = service(ended=t("2024-12-20 10:00"), receipts=paid(("2025-02-01", 1000_00)))
    given_back = replace(facts, refunds=paid(("2025-03-01", 1000_00)))
    assert Reason.NET_REFUNDED not in of(facts, M.COUNT, 2024).reasons
    assert Reason.NET_REFUNDED in of(given_back, M.COUNT, 2024).reasons


def test_a_free_service_has_no_income_whatever_was_given_back() -> None:
    rules = replace(STRICT, exclusions=frozenset())
    facts = service(charged=0, receipts=(), refunds=paid(("2025-07-01", 5_00)), voucher=1_00)
    assert of(facts, M.INCOME, rules=rules).value == 0


def test_what_never_counted_is_not_taken_back() -> None:
    facts = service(related=True, refunds=paid(("2027-05-01", 300_00)))
    assert of(facts, M.INCOME, 2027).value == 0


def test_judging_a_year_takes_what_concerns_it_in_order() -> None:
    records = [
        service("late", ended=t("2025-11-01 10:00"), instrument="x", receipts=paid(("2026-02-01", 1000_00))),
        service("other", ended=t("2024-11-01 10:00"), receipts=paid(("2024-12-01", 1000_00))),
        service("early"),
        service("unpaid", instrument="y", receipts=()),
    ]
    in_2025 = judged(records)
    assert [j.facts.key for j in in_2025] == ["early", "unpaid", "late"]
    assert [j.facts.key for j in judged(records, 2026)] == ["late"]
    assert all(of(j.facts, m) == j.verdicts[m] for j in in_2025 for m in M)


def test_a_refund_brings_an_old_record_into_its_year() -> None:
    refunded = service("old", refunds=paid(("2027-05-01", 300_00)))
    found = judged([refunded, service("other")], 2027)
    assert [(j.facts.key, j.verdicts[M.INCOME].value) for j in found] == [("old", -300_00)]


def test_split_orders_lose_only_the_count() -> None:
    records = [service("b", ended=t("2025-06-03 10:00")), service("a"), service("c", ended=t("2025-06-05 09:00"))]
    found = judged(records)
    assert [(j.facts.key, j.verdicts[M.COUNT].counts) for j in found] == [("a", True), ("b", False), ("c", True)]
    assert found[1].verdicts[M.COUNT] == Verdict(M.COUNT, False, 0, (Reason.SPLIT_ORDER,), 2025, "a")
    assert [j.verdicts[M.INCOME].value for j in found] == [1000_00] * 3


def test_a_record_that_does_not_count_leads_no_order() -> None:
    records = [service("a", confirmation=Confirmation.NONE), service("b", ended=t("2025-06-02 12:00"))]
    found = judged(records)
    assert [j.verdicts[M.COUNT].counts for j in found] == [False, True]


@pytest.mark.parametrize(
    ("first", "second", "window", "joined"),
    [
        ({}, {}, 1, True),
        ({}, {"ended": t("2025-06-03 00:30")}, 1, False),
        ({}, {"ended": t("2025-06-03 00:30")}, 2, True),
        ({}, {}, None, False),
        ({}, {"instrument": "tem"}, 3, False),
        ({}, {"client_person": "other"}, 3, False),
        ({}, {"provider": "institute"}, 3, False),
        ({"order": "W1"}, {"order": "W1", "instrument": "tem", "ended": t("2025-09-01 10:00")}, None, True),
        ({"order": "W1"}, {"order": "W2"}, 3, False),
        ({"order": "W1"}, {"order": "W1", "client_person": "other"}, 3, False),
        ({"order": "W1"}, {}, 3, False),
        ({"client": "one", "client_person": None}, {"client": "one", "client_person": None}, 3, True),
        ({"client": "one", "client_person": None}, {"client": "two", "client_person": None}, 3, False),
    ],
)
def test_what_is_one_order(first: dict[str, Any], second: dict[str, Any], window: int | None, joined: bool) -> None:
    orders = Orders(window)
    assert orders.leader(service("a", **first)) is None
    assert orders.leader(service("b", **second)) == ("a" if joined else None)


days = st.dates(date(2023, 12, 1), date(2027, 2, 1))
amounts = st.integers(0, 2000_00)
movements = st.lists(st.builds(MoneyOn, days, amounts), max_size=3).map(tuple)


@st.composite
def services(draw: st.DrawFn) -> ServiceFacts:
    ended = t("2024-01-01 00:00") + timedelta(minutes=draw(st.integers(0, 3 * 366 * 1440)))
    charged = draw(amounts)
    return service(
        draw(st.uuids()).hex,
        ended=ended,
        charged=charged,
        receipts=draw(movements),
        refunds=draw(movements),
        voucher=draw(st.integers(0, charged)),
        related=draw(st.booleans()),
        client_person=draw(st.sampled_from(["firm", "mill", None, "university"])),
        order=draw(st.sampled_from([None, None, "W1"])),
        evidence=draw(st.sampled_from(EvidenceGrade)),
    )


YEARS = range(2022, 2030)
LENIENT = CountingRules(exclusions=frozenset({Reason.UNPAID}), evidence=())


@given(services(), st.sampled_from(M), st.sampled_from([STRICT, LENIENT]))
def test_no_measure_counts_a_record_in_two_years(facts: ServiceFacts, measure: Measure, rules: CountingRules) -> None:
    counted = [y for y in YEARS if verdict(facts, measure, rules, year=y, cut_offs=CutOffs()).counts]
    assert len(counted) <= 1


@given(services())
def test_the_years_together_give_the_whole_income(facts: ServiceFacts) -> None:
    """Paid, and nothing else asked: over all years the income is what stays after voucher and refunds."""
    values = [verdict(facts, M.INCOME, LENIENT, year=y, cut_offs=CutOffs()).value for y in YEARS]
    refunds = sum(r.fen for r in facts.refunds)
    ours = facts.client_person == facts.provider
    if paid_on(facts) is None or facts.charged == 0 or ours:
        assert sum(values) == 0
    else:
        kept = max(0, facts.charged - refunds)
        share = Decimal(kept) * (facts.charged - facts.voucher) / facts.charged
        assert abs(sum(values) - share) <= Decimal("0.5")


def test_records_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="order"):
        list(judge([service("b"), service("a")], STRICT, year=2025, cut_offs=CUT_OFFS))


@given(st.lists(services(), max_size=12))
def test_judging_adds_nothing_and_loses_nothing_but_split_orders(records: list[ServiceFacts]) -> None:
    for one in judged(records):
        alone = {m: of(one.facts, m) for m in M}
        split = {m for m in M if one.verdicts[m] != alone[m]}
        assert split <= {M.COUNT}
        assert not split or one.verdicts[M.COUNT].reasons == (Reason.SPLIT_ORDER,)
