"""What a service came to: the charge as it stands, the day it was paid, what was kept, and what of it is eligible."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

from app.kernel.money import half_up
from app.ledger.rules.facts import Amounts, ServiceFacts


def charge(facts: ServiceFacts) -> int:
    """The charge net of adjustments."""
    return facts.charged + _sum(facts.adjustments)


def covered(facts: ServiceFacts) -> int:
    """What came in: receipts, and vouchers deducted."""
    return _sum(facts.receipts) + _sum(facts.vouchers_deducted)


def kept(facts: ServiceFacts) -> int:
    """Of the charge what came in and was not given back, with tax: what minimum amounts and floors look at."""
    return min(charge(facts), covered(facts) - _sum(facts.refunds))


def paid_on(facts: ServiceFacts) -> date | None:
    """The first day of the last unbroken stretch of days at whose end the charge was covered; None while it is not.

    What was taken back and higher charges un-pay; refunds do not.
    """
    since = facts.ended_on if facts.charged <= 0 else None
    short = facts.charged
    for on, change in sorted(_changes(facts).items()):
        short += change
        if short > 0:
            since = None
        elif since is None:
            since = on
    return since


def _changes(facts: ServiceFacts) -> dict[date, int]:
    """By how much each day changed what is still to be paid."""
    found: defaultdict[date, int] = defaultdict(int)
    for amount in facts.adjustments:
        found[amount.on] += amount.fen
    for amount in (*facts.receipts, *facts.vouchers_deducted):
        found[amount.on] -= amount.fen
    return found


def eligible_income(facts: ServiceFacts, *, without_tax: bool) -> int:
    """What was kept, without what came from vouchers; the tax goes in the proportion of the charge, half up."""
    from_vouchers = _sum(facts.vouchers_deducted) + _sum(facts.vouchers_afterwards)
    eligible = max(0, kept(facts) - from_vouchers)
    if not without_tax or facts.charged <= 0:
        return eligible
    return int(half_up(Decimal(eligible * (facts.charged - facts.tax)) / facts.charged))


def _sum(amounts: Amounts) -> int:
    return sum(a.fen for a in amounts)
