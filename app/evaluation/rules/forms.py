"""The forms of the input digest: each a named, frozen list of fields, so that new facts change no past digest.

A computation stores its form and is verified under it for ever; a new fact comes with a new form. Form 1
lives with its rules in `form1`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

from app.kernel import canonical
from app.kernel.civil import iso
from app.ledger.rules.exclusions import Measure
from app.ledger.rules.facts import MoneyOn, ServiceFacts
from app.ledger.rules.takings import Reading, Taken

FORM_2 = (
    "key", "unit", "provider", "instrument", "client", "client_person", "user", "purpose", "order", "intermediary",
    "started", "ended", "linked_until", "entered", "effective_minutes", "booked_minutes", "charged", "tax", "posted",
    "adjustments", "invoiced", "receipts", "refunds", "vouchers_deducted", "vouchers_afterwards", "kind", "evidence",
    "confirmation", "rating", "internal", "related", "cancelled", "reported", "attested", "verified",
    "parties_agree", "claimed_elsewhere",
)  # fmt: skip
CURRENT = 2

_TAKEN_2 = (Measure.COUNT, Measure.INCOME, Measure.CLIENTS, Measure.HOURS)
_values = attrgetter(*FORM_2)


class InputDigest:
    """SHA-256 over one line for the head and the SHA-256 of each record's line, these in rising order."""

    def __init__(self, head: Mapping[str, Any]) -> None:
        self.head = canonical.text(head).encode()
        self.lines: list[bytes] = []

    def add(self, reading: Reading) -> None:
        self.lines.append(hashlib.sha256(line(reading).encode()).digest())

    def text(self) -> str:
        hashing = hashlib.sha256(self.head)
        for one in sorted(self.lines):
            hashing.update(one)
        return hashing.hexdigest()


def line(reading: Reading) -> str:
    """One record as one line of JSON: the facts of the form, what was taken, and whether it changed since."""
    return _LINE.encode([*_facts(reading.facts), _taken_before(reading.taken), reading.changed])


def _facts(facts: ServiceFacts) -> list[Any]:
    return [_ordered(value) if type(value) is tuple else value for value in _values(facts)]


def _ordered(amounts: tuple[MoneyOn, ...]) -> Sequence[MoneyOn]:
    return amounts if len(amounts) < 2 else sorted(amounts, key=lambda m: (m.on, m.fen))


def _taken_before(taken: Taken | None) -> list[Any] | None:
    if taken is None:
        return None
    return [*(taken.of(measure) for measure in _TAKEN_2), taken.outcome, taken.as_of, taken.judged_by]


def _plain(value: Any) -> Any:
    """What JSON does not know by itself; text, numbers and members of enumerations need no help."""
    match value:
        case datetime():
            return iso(value)
        case MoneyOn():
            return [value.on.isoformat(), value.fen]
    raise TypeError(f"{type(value).__name__} is no fact")


_LINE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain)
