"""The national per-instrument sheet (教高司条函 2000 No. 010, vintage 2000): five parts, each of at most 100 points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

GENERAL_QUOTA_HOURS = 1400
SPECIAL_QUOTA_HOURS = 800

WEIGHTS: Mapping[str, Decimal] = {
    "machine-time": Decimal("0.35"),
    "people": Decimal("0.20"),
    "results": Decimal("0.25"),
    "income": Decimal("0.15"),
    "functions": Decimal("0.05"),
}

FUNCTION_STEPS = ((100, 60), (80, 48), (60, 36), (40, 24), (20, 12))
"""Percent of functions in use, and its points."""

DEMONSTRATED_PER_POINT = 30


@dataclass(frozen=True, slots=True)
class InstrumentYear:
    """What one instrument did in a year; income in yuan, people and results in numbers."""

    effective_hours: Decimal
    quota_hours: int
    independent_users: int
    assisted_users: int
    demonstrated_to: int
    national_awards: int
    provincial_awards: int
    university_awards: int
    core_papers: int
    income_yuan: Decimal
    functions: int
    functions_used: int
    new_functions: int

    def __post_init__(self) -> None:
        if self.quota_hours <= 0 or self.functions_used > self.functions:
            raise ValueError("a quota is positive and only functions that exist are used")


def points(year: InstrumentYear) -> dict[str, Decimal]:
    """The points of each part, 0 to 100 and unrounded."""
    parts = {
        "machine-time": year.effective_hours / year.quota_hours * 100,
        "people": Decimal(_people(year)),
        "results": Decimal(_results(year)),
        "income": year.income_yuan / 1000 * 5,
        "functions": Decimal(_functions(year)),
    }
    return {name: min(Decimal(100), value) for name, value in parts.items()}


def _people(year: InstrumentYear) -> int:
    return year.independent_users * 10 + year.assisted_users * 3 + year.demonstrated_to // DEMONSTRATED_PER_POINT


def _results(year: InstrumentYear) -> int:
    awards = year.national_awards * 80 + year.provincial_awards * 60 + year.university_awards * 20
    return awards + year.core_papers * 5


def _functions(year: InstrumentYear) -> int:
    percent = Decimal(year.functions_used * 100) / year.functions if year.functions else Decimal(0)
    return next((p for least, p in FUNCTION_STEPS if percent >= least), 0) + year.new_functions * 10


def total(parts: Mapping[str, Decimal]) -> Decimal:
    return sum((WEIGHTS[name] * value for name, value in parts.items()), Decimal(0))
