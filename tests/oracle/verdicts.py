"""§4: whether a record counts, why not, in which year it stands, and with which values, on entries as given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from tests.oracle.model import Entry, Fen, Kind, Ledger, Record, Rules
from tests.oracle.money import eligible_income, money, paid_on, vouchers


class Reason(StrEnum):
    """Why a record does not count."""

    OWN = "own legal person"
    RELATED = "related"
    GROUND = "ground"
    PURPOSE = "purpose"
    IMPORTED = "imported"
    SUBSTANCE = "substance"
    ZERO_CHARGE = "zero charge"
    UNPAID = "unpaid"
    WHOLLY_REFUNDED = "wholly refunded"
    MINIMUM = "minimum"
    GRADE = "grade"
    UNCONFIRMED = "unconfirmed"


# "Want of money: unpaid, wholly refunded – it may count later, once."
WANT_OF_MONEY = frozenset({Reason.UNPAID, Reason.WHOLLY_REFUNDED})
# "Exclusions by rule – substance, a charge that is zero, minimum amount, relation, purpose … – are for good".
# Reading 3: confirmation and the grade that rests on it wait for an entry, like money; they are neither.
FOR_GOOD = frozenset(Reason) - WANT_OF_MONEY - {Reason.GRADE, Reason.UNCONFIRMED}


@dataclass(frozen=True)
class Verdict:
    """What a record is worth by itself, before jobs and before what rounds took."""

    reason: Reason | None
    year: int = 0  # of the year rule, where it counts
    income: Fen = 0
    minutes: int = 0
    missing: Fen = 0  # to be paid

    @property
    def counts(self) -> bool:
        return self.reason is None


def verdict(ledger: Ledger, record: Record, entries: Sequence[Entry], rules: Rules) -> Verdict:
    reason = first_reason(ledger, record, entries, rules)
    if reason is not None:
        return Verdict(reason, missing=money(record, entries).missing)
    income = eligible_income(record, entries, rules.without_tax)
    return Verdict(None, year_of(ledger, record, entries), income, record.effective_minutes)


def first_reason(ledger: Ledger, record: Record, entries: Sequence[Entry], rules: Rules) -> Reason | None:
    """Reading 4: what the record is comes first, then the chain of money in its order, confirmation last."""
    return (
        by_fact(ledger, record, rules)
        or by_money(record, entries, rules)
        or by_confirmation(ledger, record, entries, rules)
    )


def by_fact(ledger: Ledger, record: Record, rules: Rules) -> Reason | None:
    if ledger.own(record):
        return Reason.OWN
    if "related" in rules.exclusions and ledger.related(record.client, record.provider, record.day):
        return Reason.RELATED
    if record.grounds & rules.exclusions:
        return Reason.GROUND
    if record.purpose in rules.excluded_purposes:
        return Reason.PURPOSE
    if record.grade == "imported" and "imported" not in rules.admitted_grades:
        return Reason.IMPORTED
    return None


def by_money(record: Record, entries: Sequence[Entry], rules: Rules) -> Reason | None:
    """ "the first of substance, zero charge, unpaid, wholly refunded, minimum that applies decides"."""
    sums = money(record, entries)
    if lacks_substance(record, rules):
        return Reason.SUBSTANCE
    if sums.charge <= 0:  # Reading 5: zero is the charge net of adjustments.
        return Reason.ZERO_CHARGE
    if paid_on(record, entries) is None:
        return Reason.UNPAID
    # Reading 6: wholly refunded means that nothing of receipts and deducted vouchers is left, by refunds.
    if sums.kept <= 0:
        return Reason.WHOLLY_REFUNDED
    if sums.weighed < rules.minimum:
        return Reason.MINIMUM
    return None


def lacks_substance(record: Record, rules: Rules) -> bool:
    """ "less than the scheme's floor of effective minutes or share of booked time"."""
    if record.effective_minutes < rules.least_minutes:
        return True
    booked = record.booked_minutes
    return bool(booked) and Fraction(record.effective_minutes, booked or 1) < rules.least_share


def by_confirmation(ledger: Ledger, record: Record, entries: Sequence[Entry], rules: Rules) -> Reason | None:
    if grade(ledger, record, entries) not in rules.admitted_grades:
        return Reason.GRADE
    if rules.confirmation_required and not confirmed(record, entries):
        return Reason.UNCONFIRMED
    return None


def confirmed(record: Record, entries: Sequence[Entry]) -> bool:
    """ "Tacit confirmation … is a lower grade and counts only with report and receipt"."""
    kinds = {entry.kind for entry in entries}
    if Kind.CONFIRMATION in kinds:
        return True
    # Reading 7: "receipt" is money received, net of what was taken back; a voucher alone is none.
    reported = any(entry.kind is Kind.EVIDENCE and entry.what == "report" for entry in entries)
    return Kind.TACIT in kinds and reported and money(record, entries).receipts > 0


def grade(ledger: Ledger, record: Record, entries: Sequence[Entry]) -> str:
    """ "Two parties are two people … Less is a lower grade"; Reading 8: that lower grade is "manual"."""
    if record.grade != "both parties":
        return record.grade
    confirmations = [entry for entry in entries if entry.kind is Kind.CONFIRMATION]
    return "both parties" if any(second_party(ledger, record, entry) for entry in confirmations) else "manual"


def second_party(ledger: Ledger, record: Record, confirmation: Entry) -> bool:
    """ "somebody else, with no role at the provider or a body related to it, confirmed it"."""
    day = confirmation.on
    bodies = [role.other for role in ledger.roles if role.one == confirmation.by and role.holds(day)]
    provider = ledger.legal_person(record.provider, day)
    return (
        record.recorded_by != ""
        and confirmation.by not in {"", record.recorded_by}
        and not any(ledger.legal_person(body, day) == provider for body in bodies)
        and not any(ledger.related(body, record.provider, day) for body in bodies)
    )


def year_of(ledger: Ledger, record: Record, entries: Sequence[Entry]) -> int:
    """ "paid by then, all measures stand in the service year; paid later, … the year of being paid"."""
    paid = paid_on(record, entries)
    assert paid is not None, "only what is paid stands in a year"
    service_year = record.day.year
    cutoff = ledger.cutoffs.get(service_year)
    if cutoff is None:
        return max(paid.year, service_year)
    return service_year if paid <= cutoff else max(paid.year, service_year + 1)


def present_evidence(record: Record, entries: Sequence[Entry]) -> frozenset[str]:
    """Pieces of evidence on file; documents of money are present where their sum is above zero."""
    sums = money(record, entries)
    found = {entry.what for entry in entries if entry.kind is Kind.EVIDENCE}
    found |= {"confirmation" for entry in entries if entry.kind is Kind.CONFIRMATION}
    found |= {"invoice"} if sum(e.amount for e in entries if e.kind is Kind.INVOICE) > 0 else set()
    found |= {"receipt"} if sums.receipts > 0 else set()
    found |= {"voucher"} if vouchers(entries, Kind.VOUCHER_DEDUCTED) > 0 else set()
    return frozenset(found)
