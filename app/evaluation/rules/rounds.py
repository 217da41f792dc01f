"""A round (评价年度): every unit scored, ranked and graded, with digests that anyone can compute again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any

from app.evaluation.rules.grades import Standing, standings
from app.evaluation.rules.schemes import Scheme
from app.evaluation.rules.scores import Score, Scoring
from app.kernel import canonical
from app.kernel.civil import iso
from app.ledger.rules.facts import MoneyOn, ServiceFacts
from app.ledger.rules.verdicts import judge
from app.ledger.rules.years import CutOffs


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that may be assessed: its kind, and the original value (fen) of what it has opened."""

    key: str
    kind: str
    opened: int = 0


@dataclass(frozen=True, slots=True)
class UnitResult:
    unit: Unit
    group: str
    score: Score
    standing: Standing | None

    def document(self) -> dict[str, Any]:
        """What is stored and published of one unit."""
        return {
            "unit": self.unit.key,
            "group": self.group,
            "score": _two_places(self.score.total),
            "grade": self.standing.grade if self.standing else None,
            "rank": self.standing.rank if self.standing else None,
            "parts": [
                {
                    "code": p.code,
                    "value": p.value,
                    "target": p.target,
                    "weight": p.weight,
                    "points": p.points,
                    "records": p.records,
                    "note": p.note,
                }
                for p in self.score.parts
            ],
        }


def _two_places(total: Decimal | None) -> str | None:
    return None if total is None else f"{total:.2f}"


@dataclass(frozen=True, slots=True)
class RoundResult:
    """Results by group, then rank, then unit key; not assessable units last in their group."""

    results: tuple[UnitResult, ...]
    records: int
    input_digest: str
    result_digest: str


def compute(
    scheme: Scheme,
    document: Mapping[str, Any],
    units: Iterable[Unit],
    records: Iterable[ServiceFacts],
    *,
    year: int,
    cut_offs: CutOffs,
) -> RoundResult:
    """Compute a round from nothing but its inputs; `document` is what `scheme` was read from.

    `records` come in order of end and key and are looked at one by one, none is kept. Those of units
    that are not listed are left out and do not enter the digest.
    """
    listed = sorted(units, key=lambda u: u.key)
    groups = {u.key: scheme.group_of(u.kind, u.opened) for u in listed}
    scorings = {key: Scoring(scheme, group=group, year=year) for key, group in groups.items()}
    digest = InputDigest(document, listed, year=year, cut_offs=cut_offs)
    for one in judge((r for r in records if r.unit in scorings), scheme.counting, year=year, cut_offs=cut_offs):
        digest.add(one.facts)
        scorings[one.facts.unit].add(one)
    scores = {key: scoring.score() for key, scoring in scorings.items()}
    ranked = standings(scores, groups, scheme.grades)
    results = [UnitResult(u, groups[u.key], scores[u.key], ranked.get(u.key)) for u in listed]
    results.sort(key=lambda r: (r.group, r.standing is None, r.standing.rank if r.standing else 0, r.unit.key))
    return RoundResult(
        results=tuple(results),
        records=digest.records,
        input_digest=digest.text(),
        result_digest=canonical.digest([r.document() for r in results]),
    )


class InputDigest:
    """SHA-256 over one line of JSON for the head and one for each record, in order of end and key."""

    def __init__(self, document: Mapping[str, Any], units: Sequence[Unit], *, year: int, cut_offs: CutOffs) -> None:
        head = {
            "scheme": document,
            "year": year,
            "cut_offs": {str(y): cut_offs.of(y) for y in sorted({year, year - 1, *cut_offs.dates})},
            "units": [[u.key, u.kind, u.opened] for u in units],
        }
        self.hashing = hashlib.sha256(canonical.text(head).encode())
        self.records = 0

    def add(self, record: ServiceFacts) -> None:
        self.hashing.update(b"\n" + record_line(record).encode())
        self.records += 1

    def text(self) -> str:
        return self.hashing.hexdigest()


_values = attrgetter(*(f.name for f in fields(ServiceFacts)))


def record_line(facts: ServiceFacts) -> str:
    """One record as one line of JSON: a list of values in the order of the fields of ServiceFacts."""
    return _LINE.encode([_ordered(v) if type(v) is tuple else v for v in _values(facts)])


def _ordered(amounts: tuple[MoneyOn, ...]) -> Sequence[MoneyOn]:
    return amounts if len(amounts) < 2 else sorted(amounts, key=lambda m: (m.on, m.fen))


def _plain(value: Any) -> Any:
    """What JSON does not know by itself; text, numbers and members of enumerations need no help."""
    match value:
        case datetime():
            return iso(value)
        case MoneyOn():
            return [value.on.isoformat(), value.fen]
    raise TypeError(f"{type(value).__name__} is no fact")


_LINE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain)
