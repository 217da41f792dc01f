"""What final rounds took of a record, and how the last of them left it: once taken, for good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.ledger.rules.exclusions import Measure
from app.ledger.rules.facts import ServiceFacts


class Outcome(StrEnum):
    COUNTED = "counted"
    WAITING = "waiting"
    """Nothing but want of money, or money that brings it to a later year: it may count later, once."""
    PENDING = "pending"
    """For want of confirmation or proof: only a later entry brings it back."""
    EXCLUDED = "excluded"
    """By a rule, and so for good."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The sum of what was taken by measure; outcome and as-of of the last final round that read the record.

    `judged_by` is the key of the first round that read it: its counting rules stay those of the record.
    """

    values: Mapping[Measure, int]
    outcome: Outcome
    as_of: datetime
    judged_by: str

    def of(self, measure: Measure) -> int:
        return self.values.get(measure, 0)


@dataclass(frozen=True, slots=True)
class Reading:
    """A record as a round reads it. `changed`: an entry dated no later than the round's year is newer than `taken`."""

    facts: ServiceFacts
    taken: Taken | None
    changed: bool
