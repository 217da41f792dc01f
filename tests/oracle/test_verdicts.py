"""Hand-computed: §4 reasons, tacit confirmation, two parties, substance, and the year rule."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from tests.oracle.build import SIMPLE, YUAN, at, confirmed, day, entry, ledger, paid, record
from tests.oracle.model import Dated, Entry, Kind, Ledger, Record, Rules
from tests.oracle.verdicts import Reason, grade, verdict

PAID = paid("2026-07-01")


def reason(changed: Record, entries: list[Entry], rules: Rules = SIMPLE, facts: Ledger | None = None) -> Reason | None:
    return verdict(facts or ledger(changed, entries=entries), changed, entries, rules).reason


def test_a_paid_confirmed_external_service_counts() -> None:
    assert reason(record(), PAID) is None


def test_own_legal_person_also_through_a_branch() -> None:
    """ "A branch … rolls up to its parent for counting" · "own legal person is never a client"."""
    branch = record(client="P-branch")
    facts = replace(ledger(branch, entries=PAID), parents=(Dated("P-branch", "P", until=day("2026-06-11")),))
    assert reason(record(client="P"), PAID) is Reason.OWN
    assert reason(branch, PAID, facts=facts) is Reason.OWN
    assert reason(replace(branch, end=at("2026-06-11")), PAID, facts=facts) is None


def test_related_party_is_dated_and_a_switch() -> None:
    facts = replace(ledger(record(), entries=PAID), relations=(Dated("P", "C", since=day("2026-06-10")),))
    assert reason(record(), PAID, facts=facts) is Reason.RELATED
    assert reason(record(), PAID, replace(SIMPLE, exclusions=frozenset()), facts) is None
    assert reason(record(end="2026-06-09"), PAID, facts=facts) is None


def test_grounds_purposes_and_imports_are_the_schemes() -> None:
    """ "Reasons for 'not' are scheme data" · "Imported history … counted only where the scheme says so"."""
    assert reason(record(grounds=frozenset({"cancelled"})), PAID) is Reason.GROUND
    assert reason(record(grounds=frozenset({"claimed_elsewhere"})), PAID) is None
    assert reason(record(), PAID, replace(SIMPLE, excluded_purposes=frozenset({"research"}))) is Reason.PURPOSE
    assert reason(record(grade="imported"), PAID) is Reason.IMPORTED
    admitted = replace(SIMPLE, admitted_grades=frozenset({"imported"}))
    assert reason(record(grade="imported"), PAID, admitted) is None


@pytest.mark.parametrize(
    ("minutes", "booked", "found"),
    [
        (9, None, Reason.SUBSTANCE),
        (10, None, None),
        (11, 60, Reason.SUBSTANCE),
        (12, 60, None),
    ],
)
def test_substance(minutes: int, booked: int | None, found: Reason | None) -> None:
    """ "less than the scheme's floor of effective minutes or share of booked time (suggested 10 min, 20 %)"."""
    rules = replace(SIMPLE, least_minutes=10, least_share=Fraction(1, 5))
    assert reason(record(effective_minutes=minutes, booked_minutes=booked), PAID, rules) is found


def test_the_first_of_the_chain_of_money_decides() -> None:
    """ "the first of substance, zero charge, unpaid, wholly refunded, minimum that applies decides"."""
    rules = replace(SIMPLE, least_minutes=10, minimum=200 * YUAN)
    free = record(charged=0, tax=0)
    refunded = [*PAID, entry(Kind.REFUND, "2026-08-01", 106 * YUAN)]
    assert reason(replace(free, effective_minutes=1), [], rules) is Reason.SUBSTANCE
    assert reason(free, [confirmed()], rules) is Reason.ZERO_CHARGE
    assert reason(record(), [confirmed()], rules) is Reason.UNPAID
    assert reason(record(), refunded, rules) is Reason.WHOLLY_REFUNDED
    assert reason(record(), PAID, rules) is Reason.MINIMUM


def test_minimum_looks_at_money_with_tax_and_equal_counts() -> None:
    """ "Minimum amounts look at min(charge …, receipts + vouchers deducted − refunds), tax included; equal counts"."""
    rules = Rules(minimum=106 * YUAN)
    assert reason(record(), PAID, rules) is None
    assert reason(record(), [*PAID, entry(Kind.REFUND, "2026-08-01", 1)], rules) is Reason.MINIMUM
    by_voucher = [confirmed(), entry(Kind.VOUCHER_DEDUCTED, "2026-07-01", 106 * YUAN, what="v")]
    assert reason(record(), by_voucher, rules) is None


def test_tacit_confirmation_counts_only_with_report_and_receipt() -> None:
    tacit, report = entry(Kind.TACIT, "2026-07-01"), entry(Kind.EVIDENCE, "2026-07-01", what="report")
    receipt = entry(Kind.RECEIPT, "2026-07-01", 106 * YUAN)
    voucher = entry(Kind.VOUCHER_DEDUCTED, "2026-07-01", 106 * YUAN, what="v")
    assert reason(record(), [receipt]) is Reason.UNCONFIRMED
    assert reason(record(), [receipt, tacit]) is Reason.UNCONFIRMED
    assert reason(record(), [voucher, tacit, report]) is Reason.UNCONFIRMED
    assert reason(record(), [receipt, tacit, report]) is None


@pytest.mark.parametrize(
    ("recorder", "confirmer", "found"),
    [
        ("staff", "client", "both parties"),
        ("staff", "staff", "manual"),
        ("staff", "colleague", "manual"),
        ("staff", "relative", "manual"),
        ("", "client", "manual"),
    ],
)
def test_two_parties_are_two_people(recorder: str, confirmer: str, found: str) -> None:
    """ "somebody else, with no role at the provider or a body related to it, confirmed it"."""
    both = record(grade="both parties", recorded_by=recorder)
    confirmation = replace(confirmed(), by=confirmer)
    roles = (Dated("staff", "P"), Dated("colleague", "P-branch"), Dated("relative", "R"), Dated("client", "C"))
    facts = Ledger((both,), (), (Dated("P-branch", "P"),), (Dated("R", "P"),), roles)
    assert grade(facts, both, [confirmation]) == found


@pytest.mark.parametrize(
    ("end", "paid_day", "cutoff", "year"),
    [
        # "paid by then, all measures stand in the service year"
        ("2026-06-10", "2027-02-28", "2027-02-28", 2026),
        ("2026-06-10", "2026-05-01", "2027-02-28", 2026),
        # "paid later, all in the year of being paid, at the earliest the next"
        ("2026-06-10", "2027-03-01", "2027-02-28", 2027),
        ("2026-06-10", "2028-01-01", "2027-02-28", 2028),
        ("2026-06-10", "2026-12-20", "2026-12-15", 2027),
        # "no cut-off was published: the year of being paid, at the earliest the service year"
        ("2026-06-10", "2026-12-31", None, 2026),
        ("2026-06-10", "2027-01-01", None, 2027),
        ("2026-06-10", "2025-12-31", None, 2026),
    ],
)
def test_year(end: str, paid_day: str, cutoff: str | None, year: int) -> None:
    facts = replace(ledger(record(end=end), entries=[]), cutoffs={} if cutoff is None else {2026: day(cutoff)})
    assert verdict(facts, record(end=end), paid(paid_day), SIMPLE).year == year
