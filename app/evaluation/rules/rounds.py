"""A round (评价年度): every unit scored, ranked and graded, with digests that anyone can compute again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.evaluation.rules.basis import Basis, Unit
from app.evaluation.rules.forms import InputDigest
from app.evaluation.rules.grades import Ranking, rank_units
from app.evaluation.rules.schemes import Scheme
from app.evaluation.rules.scores import Score, Scoring
from app.evaluation.rules.subjects import SUBJECTS
from app.kernel import canonical
from app.ledger.rules.takings import Reading
from app.ledger.rules.verdicts import Judgement, Judging, RoundContext, judge


@dataclass(frozen=True, slots=True)
class UnitResult:
    unit: Unit
    group: str
    score: Score
    ranking: Ranking | None

    def document(self) -> dict[str, Any]:
        """What is stored and published of one unit."""
        return {
            "unit": self.unit.key,
            "group": self.group,
            "score": _two_places(self.score.total),
            "grade": self.ranking.grade if self.ranking else None,
            "rank": self.ranking.rank if self.ranking else None,
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
    basis: Basis,
    readings: Iterable[Reading],
    *,
    year: int,
    take: Callable[[Judgement], None] = lambda _: None,
) -> RoundResult:
    """Compute a round from nothing but its inputs; `document` is what `scheme` was read from.

    `readings` come shelf by shelf and are judged job by job, none is kept; `take` is handed every judgement.
    Records of units that are not listed only link jobs.
    """
    units = {u.key: u for u in basis.units}
    groups = {key: scheme.group_of(u.kind, u.opened) for key, u in sorted(units.items())}
    scorings = {key: Scoring(scheme, group=group, year=year) for key, group in groups.items()}
    digest = InputDigest({"scheme": document, "year": year, **basis.head()})
    records = 0
    subject_of = SUBJECTS[scheme.beneficiary].subject_of
    for one in judge(_noted(readings, digest), context(scheme, basis, year=year)):
        records += 1
        scorings[subject_of(one.facts)].add(one)
        take(one)
    scores = {key: scoring.score() for key, scoring in scorings.items()}
    ranked = rank_units(scores, groups, scheme.grades)
    results = [UnitResult(units[key], groups[key], scores[key], ranked.get(key)) for key in groups]
    results.sort(key=lambda r: (r.group, r.ranking is None, r.ranking.rank if r.ranking else 0, r.unit.key))
    return RoundResult(
        results=tuple(results),
        records=records,
        input_digest=digest.text(),
        result_digest=canonical.digest([r.document() for r in results]),
    )


def context(scheme: Scheme, basis: Basis, *, year: int) -> RoundContext:
    """What a round of this year judges by."""
    return RoundContext(
        year=year,
        own=Judging(scheme.counting, basis.cut_offs),
        units=frozenset(u.key for u in basis.units),
        closed=basis.closed,
        earlier={key: one.judging() for key, one in basis.earlier.items()},
    )


def _noted(readings: Iterable[Reading], digest: InputDigest) -> Iterator[Reading]:
    for reading in readings:
        digest.add(reading)
        yield reading
