"""A service that counts in every measure of 2025, to be changed one fact at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from app.kernel.civil import at, civil_day
from app.ledger.rules.exclusions import EXCLUSIONS, CountingRules, EvidenceTier, Measure
from app.ledger.rules.facts import ChargeKind, Confirmation, EvidenceGrade, MoneyOn, ServiceFacts
from app.ledger.rules.jobs import shelf
from app.ledger.rules.takings import Outcome, Reading, Taken
from app.ledger.rules.verdicts import Judgement, Judging, RoundContext, judge
from app.ledger.rules.years import CutOffs
from tests.unit.times import t

GOOD_EVIDENCE = frozenset(EvidenceGrade) - {EvidenceGrade.IMPORTED, EvidenceGrade.MANUAL}
STRICT = CountingRules(
    exclusions=frozenset(one.reason for one in EXCLUSIONS),
    evidence=(EvidenceTier(0, GOOD_EVIDENCE), EvidenceTier(50_000_00, frozenset({EvidenceGrade.INTERLOCK}))),
    excluded_purposes=frozenset({"statutory-test", "medical-care"}),
    minimum_fen=10_00,
    least_share_of_posted=Decimal("0.3"),
    least_effective_minutes=10,
    least_share_of_booked=Decimal("0.2"),
)
CUT_OFFS = CutOffs({2025: date(2026, 3, 31)})


def service(key: str = "a", **changes: Any) -> ServiceFacts:
    ended = changes.get("ended", t("2025-06-02 11:00"))
    facts: dict[str, Any] = {
        "key": key,
        "unit": "unit",
        "provider": "university",
        "instrument": "sem",
        "client": "firm",
        "client_person": "firm",
        "user": "researcher",
        "purpose": "research",
        "order": None,
        "intermediary": None,
        "started": ended - timedelta(hours=2),
        "ended": ended,
        "linked_until": at(civil_day(ended) + timedelta(days=2)),
        "entered": ended,
        "effective_minutes": 115,
        "booked_minutes": 120,
        "charged": 1000_00,
        "tax": 0,
        "posted": None,
        "adjustments": (),
        "invoiced": 0,
        "receipts": (MoneyOn(date(2025, 9, 1), 1000_00),),
        "refunds": (),
        "vouchers_deducted": (),
        "vouchers_afterwards": (),
        "kind": ChargeKind.SERVICE,
        "evidence": EvidenceGrade.BOTH_PARTIES,
        "confirmation": Confirmation.CLIENT,
        "rating": None,
        "internal": False,
        "related": False,
        "cancelled": False,
        "reported": False,
        "attested": True,
        "verified": True,
        "parties_agree": True,
        "claimed_elsewhere": False,
    }
    return ServiceFacts(**facts | changes)


def paid(*receipts: tuple[str, int]) -> tuple[MoneyOn, ...]:
    return tuple(MoneyOn(date.fromisoformat(on), fen) for on, fen in receipts)


def in_order(records: Iterable[ServiceFacts]) -> list[ServiceFacts]:
    """As the ledger hands them over."""
    return sorted(records, key=lambda r: (shelf(r), r.ended, r.key))


def taken(as_of: str = "2026-04-01", outcome: Outcome = Outcome.COUNTED, **values: int) -> Taken:
    """What a final round took: one service, one client and its income, unless told otherwise."""
    standard = {"count": 1, "income": 1000_00, "clients": 1, "hours": 115} if outcome is Outcome.COUNTED else {}
    numbers = {Measure(name): value for name, value in (standard | values).items()}
    return Taken(numbers, outcome, t(f"{as_of} 00:00"), "final")


def context(year: int = 2025, **changes: Any) -> RoundContext:
    own = Judging(STRICT, CUT_OFFS)
    values: dict[str, Any] = {
        "year": year,
        "own": own,
        "units": {"unit", "annex", "clinic"},
        "closed": {},
        "earlier": {"final": own},
    }
    return RoundContext(**values | changes)


def judged_with(readings: Iterable[Reading], year: int = 2025, **changes: Any) -> dict[str, Judgement]:
    found = sorted(readings, key=lambda r: (shelf(r.facts), r.facts.ended, r.facts.key))
    return {one.facts.key: one for one in judge(found, context(year, **changes))}


def fresh(records: Iterable[ServiceFacts]) -> list[Reading]:
    """Records that no round has read before."""
    return [Reading(one, None, False) for one in in_order(records)]


def values(one: Judgement) -> Mapping[str, int]:
    return {measure.value: verdict.value for measure, verdict in one.verdicts.items()}


def day(text: str) -> datetime:
    return t(f"{text} 00:00")
