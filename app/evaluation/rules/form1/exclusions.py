"""The exclusions of form 1."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.evaluation.rules.form1.facts import ServiceFacts, paid_on, refunded_by
from app.ledger.rules.exclusions import EvidenceTier, Measure
from app.ledger.rules.facts import ChargeKind, Confirmation, EvidenceGrade

EVERY_MEASURE = frozenset(Measure)


class FirstReason(StrEnum):
    OWN_LEGAL_PERSON = "own-legal-person"
    RELATED_PARTY = "related-party"
    EXCLUDED_PURPOSE = "excluded-purpose"
    CANCELLED = "cancelled"
    NOT_A_SERVICE = "not-a-service"
    FREE_OF_CHARGE = "free-of-charge"
    NET_REFUNDED = "net-refunded"
    UNPAID = "unpaid"
    UNCONFIRMED = "unconfirmed"
    TACITLY_CONFIRMED = "tacitly-confirmed"
    EVIDENCE_NOT_ADMITTED = "evidence-not-admitted"
    NOT_ATTESTED = "not-attested"
    NOT_VERIFIED = "not-verified"
    BELOW_MINIMUM = "below-minimum-amount"
    BELOW_POSTED_PRICE = "below-posted-price"
    PARTIES_DIFFER = "parties-differ"
    CLAIMED_ELSEWHERE = "claimed-elsewhere"
    CLIENT_NOT_A_BODY = "client-not-a-body"
    SPLIT_ORDER = "split-order"
    OTHER_YEAR = "other-year"
    LATER_REFUND = "later-refund"


ALWAYS = frozenset({FirstReason.OWN_LEGAL_PERSON})


@dataclass(frozen=True, slots=True)
class CountingRules:
    """The part of a scheme that says what counts. `evidence` tiers are in rising order, from 0 fen."""

    exclusions: frozenset[FirstReason]
    evidence: tuple[EvidenceTier, ...]
    excluded_purposes: frozenset[str] = frozenset()
    minimum_fen: int = 0
    least_share_of_posted: Decimal = Decimal(0)
    split_window_days: int | None = None
    income_without_tax: bool = False
    income_without_voucher: bool = True

    def admitted(self, charged: int) -> frozenset[EvidenceGrade]:
        return next((t.admitted for t in reversed(self.evidence) if t.from_fen <= charged), frozenset())


def own_legal_person(facts: ServiceFacts, _: CountingRules) -> bool:
    return facts.internal or facts.client_person == facts.provider


def related_party(facts: ServiceFacts, _: CountingRules) -> bool:
    return facts.related


def excluded_purpose(facts: ServiceFacts, rules: CountingRules) -> bool:
    return facts.purpose in rules.excluded_purposes


def cancelled(facts: ServiceFacts, _: CountingRules) -> bool:
    return facts.cancelled


def not_a_service(facts: ServiceFacts, _: CountingRules) -> bool:
    return facts.kind is not ChargeKind.SERVICE


def free_of_charge(facts: ServiceFacts, _: CountingRules) -> bool:
    """Public-interest services are shown apart."""
    return facts.charged == 0


def net_refunded(facts: ServiceFacts, _: CountingRules) -> bool:
    """Everything was given back in the year of the payment; later refunds weigh in their own year."""
    if not facts.refunds or facts.charged <= 0:
        return False
    settled = max(facts.ended_on, paid_on(facts) or facts.ended_on)
    return refunded_by(facts, date(settled.year, 12, 31)) >= facts.charged


def unpaid(facts: ServiceFacts, _: CountingRules) -> bool:
    return paid_on(facts) is None


def unconfirmed(facts: ServiceFacts, _: CountingRules) -> bool:
    return facts.confirmation is Confirmation.NONE


def tacitly_confirmed(facts: ServiceFacts, _: CountingRules) -> bool:
    """Silence counts only together with a report and a receipt."""
    proved = facts.reported and paid_on(facts) is not None and facts.charged > 0
    return facts.confirmation is Confirmation.TACIT and not proved


def evidence_not_admitted(facts: ServiceFacts, rules: CountingRules) -> bool:
    return facts.evidence not in rules.admitted(facts.charged)


def not_attested(facts: ServiceFacts, _: CountingRules) -> bool:
    return not facts.attested


def not_verified(facts: ServiceFacts, _: CountingRules) -> bool:
    return not facts.verified


def below_minimum(facts: ServiceFacts, rules: CountingRules) -> bool:
    return 0 < facts.charged < rules.minimum_fen


def below_posted_price(facts: ServiceFacts, rules: CountingRules) -> bool:
    return facts.posted is not None and facts.charged < facts.posted * rules.least_share_of_posted


def parties_differ(facts: ServiceFacts, _: CountingRules) -> bool:
    """Contract party, invoice buyer and payer are not one, and nothing explains it (三流不一致)."""
    return not facts.parties_agree


def claimed_elsewhere(facts: ServiceFacts, _: CountingRules) -> bool:
    """An order is claimed once inside the district (Art. 19)."""
    return facts.claimed_elsewhere


def client_not_a_body(facts: ServiceFacts, _: CountingRules) -> bool:
    """Teams and natural persons are counted apart from legal persons and other organisations."""
    return facts.client_person is None


@dataclass(frozen=True, slots=True)
class Exclusion:
    reason: FirstReason
    holds: Callable[[ServiceFacts, CountingRules], bool]
    measures: frozenset[Measure] = EVERY_MEASURE


_R = FirstReason

EXCLUSIONS: tuple[Exclusion, ...] = (
    Exclusion(_R.OWN_LEGAL_PERSON, own_legal_person),
    Exclusion(_R.RELATED_PARTY, related_party),
    Exclusion(_R.EXCLUDED_PURPOSE, excluded_purpose),
    Exclusion(_R.CANCELLED, cancelled),
    Exclusion(_R.NOT_A_SERVICE, not_a_service),
    Exclusion(_R.FREE_OF_CHARGE, free_of_charge),
    Exclusion(_R.NET_REFUNDED, net_refunded),
    Exclusion(_R.UNPAID, unpaid),
    Exclusion(_R.UNCONFIRMED, unconfirmed),
    Exclusion(_R.TACITLY_CONFIRMED, tacitly_confirmed),
    Exclusion(_R.EVIDENCE_NOT_ADMITTED, evidence_not_admitted),
    Exclusion(_R.NOT_ATTESTED, not_attested),
    Exclusion(_R.NOT_VERIFIED, not_verified),
    Exclusion(_R.BELOW_MINIMUM, below_minimum),
    Exclusion(_R.BELOW_POSTED_PRICE, below_posted_price),
    Exclusion(_R.PARTIES_DIFFER, parties_differ),
    Exclusion(_R.CLAIMED_ELSEWHERE, claimed_elsewhere),
    Exclusion(_R.CLIENT_NOT_A_BODY, client_not_a_body, frozenset({Measure.CLIENTS})),
)


def in_force(rules: CountingRules) -> tuple[Exclusion, ...]:
    named = rules.exclusions | ALWAYS
    return tuple(e for e in EXCLUSIONS if e.reason in named)


def counting_rules(data: Mapping[str, Any]) -> CountingRules:
    """The counting part of a scheme's document as form 1 reads it."""
    window = data.get("split_window_days")
    return CountingRules(
        exclusions=frozenset(FirstReason(r) for r in data["exclusions"]),
        evidence=tuple(
            EvidenceTier(int(tier["from_fen"]), frozenset(EvidenceGrade(g) for g in tier["admitted"]))
            for tier in data["evidence"]
        ),
        excluded_purposes=frozenset(data.get("excluded_purposes", ())),
        minimum_fen=int(data.get("minimum_fen", 0)),
        least_share_of_posted=Decimal(data.get("least_share_of_posted", 0)),
        split_window_days=None if window is None else int(window),
        income_without_tax=bool(data.get("income_without_tax", False)),
        income_without_voucher=bool(data.get("income_without_voucher", True)),
    )
