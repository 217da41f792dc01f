"""A service that counts in every measure of 2025, to be changed one fact at a time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from app.ledger.rules.exclusions import CountingRules, EvidenceTier, Reason
from app.ledger.rules.facts import Confirmation, EvidenceGrade, MoneyOn, ServiceFacts
from app.ledger.rules.years import CutOffs
from tests.unit.times import t

GOOD_EVIDENCE = frozenset(EvidenceGrade) - {EvidenceGrade.IMPORTED, EvidenceGrade.MANUAL}
STRICT = CountingRules(
    exclusions=frozenset(Reason) - {Reason.SPLIT_ORDER, Reason.OTHER_YEAR, Reason.LATER_REFUND},
    evidence=(EvidenceTier(0, GOOD_EVIDENCE), EvidenceTier(50_000_00, frozenset({EvidenceGrade.INTERLOCK}))),
    excluded_purposes=frozenset({"statutory-test", "medical-care"}),
    minimum_fen=10_00,
    least_share_of_posted=Decimal("0.3"),
    split_window_days=3,
)
CUT_OFFS = CutOffs({2025: date(2026, 3, 31)})


def service(key: str = "a", **changes: Any) -> ServiceFacts:
    facts: dict[str, Any] = {
        "key": key,
        "unit": "unit",
        "provider": "university",
        "instrument": "sem",
        "client": "firm",
        "client_person": "firm",
        "started": t("2025-06-02 09:00"),
        "ended": t("2025-06-02 11:00"),
        "effective_minutes": 115,
        "charged": 1000_00,
        "evidence": EvidenceGrade.BOTH_PARTIES,
        "receipts": (MoneyOn(date(2025, 9, 1), 1000_00),),
        "confirmation": Confirmation.CLIENT,
    }
    return ServiceFacts(**facts | changes)


def paid(*receipts: tuple[str, int]) -> tuple[MoneyOn, ...]:
    return tuple(MoneyOn(date.fromisoformat(on), fen) for on, fen in receipts)


def in_order(records: Iterable[ServiceFacts]) -> list[ServiceFacts]:
    """As the ledger tells them."""
    return sorted(records, key=lambda r: (r.ended, r.key))
