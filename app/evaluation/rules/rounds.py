"""A round (评价年度): every unit scored, ranked and graded, with digests that anyone can compute again."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from app.evaluation.rules.grades import Standing, standings
from app.evaluation.rules.schemes import Scheme
from app.evaluation.rules.scores import Score, score
from app.kernel import canonical
from app.kernel.civil import iso
from app.ledger.rules.facts import MoneyOn, ServiceFacts
from app.ledger.rules.verdicts import Judgement, judge
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

    Records of units that are not listed are left out and do not enter the digest.
    """
    listed = sorted(units, key=lambda u: u.key)
    keys = {u.key for u in listed}
    judged = judge((r for r in records if r.unit in keys), scheme.counting, year=year, cut_offs=cut_offs)
    by_unit: defaultdict[str, list[Judgement]] = defaultdict(list)
    for one in judged:
        by_unit[one.facts.unit].append(one)
    groups = {u.key: scheme.group_of(u.kind, u.opened) for u in listed}
    scores = {u.key: score(by_unit[u.key], scheme, group=groups[u.key], year=year) for u in listed}
    ranked = standings(scores, groups, scheme.grades)
    results = [UnitResult(u, groups[u.key], scores[u.key], ranked.get(u.key)) for u in listed]
    results.sort(key=lambda r: (r.group, r.standing is None, r.standing.rank if r.standing else 0, r.unit.key))
    return RoundResult(
        results=tuple(results),
        records=len(judged),
        input_digest=input_digest(document, listed, [j.facts for j in judged], year=year, cut_offs=cut_offs),
        result_digest=canonical.digest([r.document() for r in results]),
    )


def input_digest(
    document: Mapping[str, Any],
    units: Sequence[Unit],
    records: Sequence[ServiceFacts],
    *,
    year: int,
    cut_offs: CutOffs,
) -> str:
    """SHA-256 over one line of JSON for the head and one for each record, in order of end and key."""
    head = {
        "scheme": document,
        "year": year,
        "cut_offs": {str(y): cut_offs.of(y) for y in sorted({year, year - 1, *cut_offs.dates})},
        "units": [[u.key, u.kind, u.opened] for u in units],
    }
    hashing = hashlib.sha256(canonical.text(head).encode())
    for record in records:
        hashing.update(b"\n" + record_line(record).encode())
    return hashing.hexdigest()


_NAMES = tuple(f.name for f in fields(ServiceFacts))


def record_line(facts: ServiceFacts) -> str:
    """One record as one line of JSON: a list of values in the order of the fields of ServiceFacts."""
    return json.dumps([_flat(getattr(facts, n)) for n in _NAMES], ensure_ascii=False, separators=(",", ":"))


def _flat(value: Any) -> Any:
    """Faster than `canonical.plain` for the few types that facts have: a year has 100,000 of these."""
    if value is None or type(value) in {int, str, bool}:
        return value
    match value:
        case datetime():
            return iso(value)
        case date():
            return value.isoformat()
        case Enum():
            return value.value
        case MoneyOn():
            return [value.on.isoformat(), value.fen]
    return [_flat(v) for v in sorted(value, key=lambda m: (m.on, m.fen))]
