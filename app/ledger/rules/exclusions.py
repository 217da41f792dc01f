"""Why a service does not count: every reason is one function and one line in EXCLUSIONS; the scheme says which apply.

The reasons are those of other regions' published rules (domain.md §4), suggested and to be
confirmed. Beyond any scheme are "own legal person" – nobody is a client of himself – and what has brought
no money: a service counts when it is paid, once, and one that costs nothing is shown apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.ledger.rules.amounts import charge, kept, paid_on
from app.ledger.rules.facts import NOT_YET_FED, ChargeKind, Confirmation, EvidenceGrade, ServiceFacts


class Measure(StrEnum):
    COUNT = "count"
    INCOME = "income"
    CLIENTS = "clients"
    HOURS = "hours"


EVERY_MEASURE = frozenset(Measure)


class Reason(StrEnum):
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
    NO_SUBSTANCE = "no-substance"
    SPLIT_ORDER = "split-order"
    OTHER_YEAR = "other-year"
    CHANGED_LATER = "changed-later"
    COUNTED_BEFORE = "counted-before"
    EXCLUDED_BEFORE = "excluded-before"


ALWAYS = frozenset({Reason.OWN_LEGAL_PERSON, Reason.FREE_OF_CHARGE, Reason.UNPAID, Reason.NET_REFUNDED})

CURABLE = frozenset(
    {
        Reason.UNPAID,
        Reason.UNCONFIRMED,
        Reason.TACITLY_CONFIRMED,
        Reason.NOT_ATTESTED,
        Reason.NOT_VERIFIED,
        Reason.PARTIES_DIFFER,
    }
)
"""What is still missing; the other reasons are final."""

WANT_OF_MONEY = frozenset({Reason.UNPAID, Reason.NET_REFUNDED})
"""Such a record may still count in a later year, once."""

UNTIL_ENTERED = CURABLE | WANT_OF_MONEY | {Reason.EVIDENCE_NOT_ADMITTED}
"""What a later entry may still bring; every other reason is for good once a final round has judged it."""

FIRST_DECIDES = frozenset(
    {
        Reason.NO_SUBSTANCE,
        Reason.FREE_OF_CHARGE,
        Reason.UNPAID,
        Reason.NET_REFUNDED,
        Reason.BELOW_MINIMUM,
        Reason.BELOW_POSTED_PRICE,
    }
)
"""Of these, in the order of EXCLUSIONS, the first that applies is the reason and the others are not asked."""


@dataclass(frozen=True, slots=True)
class EvidenceTier:
    """From this charge on, only these grades prove a service."""

    from_fen: int
    admitted: frozenset[EvidenceGrade]


@dataclass(frozen=True, slots=True)
class CountingRules:
    """The part of a scheme that says what counts. `evidence` tiers are in rising order, from 0 fen."""

    exclusions: frozenset[Reason]
    evidence: tuple[EvidenceTier, ...]
    excluded_purposes: frozenset[str] = frozenset()
    minimum_fen: int = 0
    least_share_of_posted: Decimal = Decimal(0)
    least_effective_minutes: int = 0
    least_share_of_booked: Decimal = Decimal(0)
    income_without_tax: bool = False

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


def no_substance(facts: ServiceFacts, rules: CountingRules) -> bool:
    """Too few effective minutes, or too small a share of what was booked."""
    too_short = facts.effective_minutes < rules.least_effective_minutes
    return too_short or facts.effective_minutes < (facts.booked_minutes or 0) * rules.least_share_of_booked


def free_of_charge(facts: ServiceFacts, _: CountingRules) -> bool:
    """Public-interest services are shown apart."""
    return charge(facts) <= 0


def unpaid(facts: ServiceFacts, _: CountingRules) -> bool:
    return paid_on(facts) is None


def net_refunded(facts: ServiceFacts, _: CountingRules) -> bool:
    """Nothing was kept of what came in."""
    return kept(facts) <= 0


def unconfirmed(facts: ServiceFacts, _: CountingRules) -> bool:
    return facts.confirmation is Confirmation.NONE


def tacitly_confirmed(facts: ServiceFacts, _: CountingRules) -> bool:
    """Silence counts only together with a report and a receipt."""
    proved = facts.reported and sum(receipt.fen for receipt in facts.receipts) > 0
    return facts.confirmation is Confirmation.TACIT and not proved


def evidence_not_admitted(facts: ServiceFacts, rules: CountingRules) -> bool:
    return facts.evidence not in rules.admitted(charge(facts))


def not_attested(facts: ServiceFacts, _: CountingRules) -> bool:
    return not facts.attested


def not_verified(facts: ServiceFacts, _: CountingRules) -> bool:
    return not facts.verified


def below_minimum(facts: ServiceFacts, rules: CountingRules) -> bool:
    return kept(facts) < rules.minimum_fen


def below_posted_price(facts: ServiceFacts, rules: CountingRules) -> bool:
    return facts.posted is not None and kept(facts) < facts.posted * rules.least_share_of_posted


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
    """`needs` names the facts without which nobody can tell whether it holds."""

    reason: Reason
    holds: Callable[[ServiceFacts, CountingRules], bool]
    needs: frozenset[str] = frozenset()
    measures: frozenset[Measure] = EVERY_MEASURE

    @property
    def established(self) -> bool:
        """Whether the platform records today what it takes to tell."""
        return self.needs.isdisjoint(NOT_YET_FED)


_R = Reason


def _needs(*facts: str) -> frozenset[str]:
    return frozenset(facts)


EXCLUSIONS: tuple[Exclusion, ...] = (
    Exclusion(_R.OWN_LEGAL_PERSON, own_legal_person),
    Exclusion(_R.RELATED_PARTY, related_party),
    Exclusion(_R.EXCLUDED_PURPOSE, excluded_purpose),
    Exclusion(_R.CANCELLED, cancelled, _needs("cancelled")),
    Exclusion(_R.NOT_A_SERVICE, not_a_service, _needs("kind")),
    Exclusion(_R.NO_SUBSTANCE, no_substance),
    Exclusion(_R.FREE_OF_CHARGE, free_of_charge),
    Exclusion(_R.UNPAID, unpaid),
    Exclusion(_R.NET_REFUNDED, net_refunded, _needs("refunds")),
    Exclusion(_R.BELOW_MINIMUM, below_minimum),
    Exclusion(_R.BELOW_POSTED_PRICE, below_posted_price, _needs("posted")),
    Exclusion(_R.UNCONFIRMED, unconfirmed),
    Exclusion(_R.TACITLY_CONFIRMED, tacitly_confirmed, _needs("reported")),
    Exclusion(_R.EVIDENCE_NOT_ADMITTED, evidence_not_admitted),
    Exclusion(_R.NOT_ATTESTED, not_attested),
    Exclusion(_R.NOT_VERIFIED, not_verified),
    Exclusion(_R.PARTIES_DIFFER, parties_differ, _needs("parties_agree")),
    Exclusion(_R.CLAIMED_ELSEWHERE, claimed_elsewhere, _needs("claimed_elsewhere")),
    Exclusion(_R.CLIENT_NOT_A_BODY, client_not_a_body, measures=frozenset({Measure.CLIENTS})),
)


def in_force(rules: CountingRules) -> tuple[Exclusion, ...]:
    named = rules.exclusions | ALWAYS
    return tuple(e for e in EXCLUSIONS if e.reason in named)


def established(rules: CountingRules) -> frozenset[Reason]:
    """The reasons in force for which the platform records what it takes to tell: only these are shown."""
    return frozenset(one.reason for one in in_force(rules) if one.established)


Found = tuple[tuple[Reason, frozenset[Measure]], ...]
"""Reasons with the measures from which each excludes."""


def exclusions_of(facts: ServiceFacts, rules: CountingRules, active: Sequence[Exclusion]) -> Found:
    """Every one of the `active` exclusions that holds; of those in FIRST_DECIDES the first alone."""
    found: list[tuple[Reason, frozenset[Measure]]] = []
    decided = False
    for one in active:
        in_turn = one.reason in FIRST_DECIDES
        if (in_turn and decided) or not one.holds(facts, rules):
            continue
        decided = decided or in_turn
        found.append((one.reason, one.measures))
    return tuple(found)
