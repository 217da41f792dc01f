"""The indicators and scores of form 1, and its digests."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from app.evaluation.rules.form1.exclusions import CountingRules, FirstReason
from app.evaluation.rules.form1.facts import ServiceFacts, received, record_line
from app.evaluation.rules.form1.verdicts import CutOffs, Judgement, judge
from app.evaluation.rules.grades import rank_units
from app.evaluation.rules.schemes import Scheme
from app.kernel import canonical
from app.kernel.civil import civil_year
from app.ledger.rules.exclusions import Measure
from app.ledger.rules.facts import ChargeKind, Confirmation

Measured = tuple[Fraction, int, str | None]


def service_count(year: Sequence[Judgement], settings: Mapping[str, Any], _year: int) -> Measured:
    counted = (one for one in year if one.verdicts[Measure.COUNT].counts)
    clients = Counter(one.facts.client_person or one.facts.client for one in counted)
    ceiling = settings.get("per_client_ceiling")
    capped = sum(n if ceiling is None else min(n, ceiling) for n in clients.values())
    return Fraction(capped), clients.total(), "client-ceiling-reached" if capped < clients.total() else None


def service_income(year: Sequence[Judgement], _settings: Mapping[str, Any], _year: int) -> Measured:
    values = [one.verdicts[Measure.INCOME].value for one in year]
    return Fraction(sum(values), 1_000_000), sum(value != 0 for value in values), None


def client_count(year: Sequence[Judgement], settings: Mapping[str, Any], _year: int) -> Measured:
    charged: Counter[str] = Counter()
    counted = [one for one in year if one.verdicts[Measure.CLIENTS].counts]
    for one in counted:
        charged[str(one.facts.client_person)] += one.facts.charged
    enough = sum(fen >= settings.get("floor_fen", 0) for fen in charged.values())
    return Fraction(enough), len(counted), "clients-below-floor" if enough < len(charged) else None


def satisfaction(year: Sequence[Judgement], settings: Mapping[str, Any], _year: int) -> Measured:
    rated = [one.facts.rating for one in year if one.verdicts[Measure.COUNT].counts]
    stars = [rating for rating in rated if rating is not None]
    if len(stars) < max(1, settings.get("least_ratings", 1)):
        return Fraction(0), len(stars), "too-few-ratings" if stars else "no-ratings"
    return Fraction(sum(stars), 5 * len(stars)), len(stars), None


EVIDENCE: Mapping[str, Callable[[ServiceFacts], bool]] = {
    "confirmation": lambda f: f.confirmation is Confirmation.CLIENT,
    "invoice": lambda f: f.charged == 0 or f.invoiced >= f.charged,
    "receipt": lambda f: f.charged == 0 or received(f) >= f.charged,
    "report": lambda f: f.reported,
    "rating": lambda f: f.rating is not None,
}


def completeness(year: Sequence[Judgement], settings: Mapping[str, Any], number: int) -> Measured:
    asked = [EVIDENCE[name] for name in settings.get("required", ("confirmation", "invoice", "receipt"))]
    external = [one.facts for one in year if _external(one, number)]
    if not external or not asked:
        return Fraction(0), 0, "no-external-services"
    present = sum(there(facts) for facts in external for there in asked)
    return Fraction(present, len(external) * len(asked)), len(external), None


def _external(one: Judgement, year: int) -> bool:
    ours = any(FirstReason.OWN_LEGAL_PERSON in v.reasons for v in one.verdicts.values())
    happened = one.facts.kind is ChargeKind.SERVICE and not one.facts.cancelled
    return happened and not ours and civil_year(one.facts.ended) == year


TARGETS = {"service-count": service_count, "service-income": service_income, "client-count": client_count}
SHARES = {"satisfaction": satisfaction, "completeness": completeness}


@dataclass(frozen=True, slots=True)
class Score:
    """Total None where nothing counts; `policy_points` are those of the three indicators that win a tie."""

    parts: Sequence[Mapping[str, Any]]
    total: Decimal | None
    policy_points: Fraction


def rounded(value: Fraction, places: int) -> Decimal:
    whole = int(abs(value) * 10**places + Fraction(1, 2))
    return Decimal(whole if value >= 0 else -whole).scaleb(-places)


def score(scheme: Scheme, year: Sequence[Judgement], *, group: str, number: int) -> Score:
    parts, points, policy = [], Fraction(0), Fraction(0)
    for weighted in scheme.indicators:
        measure = TARGETS.get(weighted.code) or SHARES[weighted.code]
        value, records, note = measure(year, asdict(weighted.settings), number)
        target = weighted.target(group) if weighted.code in TARGETS else None
        share = value if target is None else value / Fraction(target)
        exact = Fraction(weighted.weight) * max(Fraction(0), min(Fraction(1), share))
        points += exact
        policy += exact if weighted.code in TARGETS else 0
        found = {"value": rounded(value, 6), "target": target, "weight": weighted.weight, "points": rounded(exact, 6)}
        parts.append({"code": weighted.code, **found, "records": records, "note": note})
    assessable = any(v.counts for one in year for v in one.verdicts.values())
    return Score(parts, rounded(points, 2) if assessable else None, policy)


Unit = tuple[str, str, int]
"""Key, kind, and the original value (fen) of what it had opened."""


@dataclass(frozen=True, slots=True)
class Result:
    """Digests and results as stored, and every judged record of the assessed units."""

    input_digest: str
    result_digest: str
    results: Sequence[Mapping[str, Any]]
    judged: Sequence[Judgement]


def compute(
    scheme: Scheme,
    rules: CountingRules,
    document: Mapping[str, Any],
    units: Sequence[Unit],
    records: Iterable[ServiceFacts],
    *,
    year: int,
    cut_offs: CutOffs,
) -> Result:
    """`records` come in order of end and key; `document` is what `scheme` and `rules` were read from."""
    listed = sorted(units)
    groups = {key: scheme.group_of(kind, opened) for key, kind, opened in listed}
    judged = list(judge((r for r in records if r.unit in groups), rules, year=year, cut_offs=cut_offs))
    by_unit: dict[str, list[Judgement]] = {key: [] for key in groups}
    for one in judged:
        by_unit[one.facts.unit].append(one)
    scores = {key: score(scheme, own, group=groups[key], number=year) for key, own in by_unit.items()}
    results = _results(scheme, scores, groups)
    input_digest = _digest(document, listed, judged, year=year, cut_offs=cut_offs)
    return Result(input_digest, canonical.digest(results), results, judged)


def _results(scheme: Scheme, scores: Mapping[str, Score], groups: Mapping[str, str]) -> list[dict[str, Any]]:
    ranked = rank_units(scores, groups, scheme.grades)
    found = []
    for key, one in scores.items():
        total = None if one.total is None else f"{one.total:.2f}"
        place = ranked.get(key)
        grade, rank = (place.grade, place.rank) if place else (None, None)
        found.append(
            {"unit": key, "group": groups[key], "score": total, "grade": grade, "rank": rank, "parts": one.parts}
        )
    return sorted(found, key=lambda r: (str(r["group"]), r["rank"] is None, r["rank"] or 0, str(r["unit"])))


def _digest(
    document: Mapping[str, Any], units: Sequence[Unit], judged: Sequence[Judgement], *, year: int, cut_offs: CutOffs
) -> str:
    head = {
        "scheme": document,
        "year": year,
        "cut_offs": {str(y): cut_offs.of(y) for y in sorted({year, year - 1, *cut_offs.dates})},
        "units": [list(unit) for unit in units],
    }
    hashing = hashlib.sha256(canonical.text(head).encode())
    for one in judged:
        hashing.update(b"\n" + record_line(one.facts).encode())
    return hashing.hexdigest()
