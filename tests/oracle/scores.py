"""§5 R1, R2, Arithmetic: the score of a provider and its grade, from what a round takes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from tests.oracle.model import Entry, Fen, Kind, Ledger, Record, half_up
from tests.oracle.money import money
from tests.oracle.rounds import Line, Result
from tests.oracle.verdicts import present_evidence

WAN = 1_000_000  # 分 in 万元


@dataclass(frozen=True)
class Targets:
    """Of one group: F services, R 万元, C clients."""

    count: Fraction
    income: Fraction
    clients: Fraction


@dataclass(frozen=True)
class Scoring:
    """What a scheme adds to its counting rules to make a score of what was taken."""

    targets: Mapping[str, Targets]  # by group
    groups: Mapping[str, str]  # provider → group
    weights: tuple[int, int, int, int, int] = (30, 30, 30, 5, 5)
    per_client_ceiling: int | None = None  # in f
    client_floor: Fen = 0  # of the client's eligible income in the year
    tiers: Sequence[tuple[Fen, frozenset[str]]] = ((0, frozenset()),)  # from an amount on, the evidence required
    grades: Sequence[tuple[str, int]] = (("excellent", 90), ("good", 75), ("pass", 60), ("fail", 0))
    quotas: Sequence[tuple[str, Fraction]] = field(default=())


@dataclass(frozen=True)
class Score:
    """R1 of one provider; `published` is None where it is not assessable."""

    count: int
    income: Fen
    clients: int
    satisfaction: Fraction | None  # None: nothing rated
    completeness: Fraction | None  # None: nothing required
    policy: Fraction  # points of the three policy indicators
    published: Fraction | None


@dataclass(frozen=True)
class ProviderRecords:
    """One provider's records in one result."""

    ledger: Ledger
    result: Result
    provider: str

    def lines(self) -> list[tuple[Record, Line]]:
        return [
            (record, self.result.lines[record.key])
            for record in self.ledger.records
            if record.provider == self.provider and record.key in self.result.lines
        ]

    def entries(self, record: Record) -> list[Entry]:
        as_of = self.result.round.as_of
        return [entry for entry in self.ledger.entries if entry.record == record.key and entry.entered < as_of]


def score(ledger: Ledger, result: Result, scoring: Scoring, provider: str) -> Score:
    """ "S = 30·min(1, f/F) + 30·min(1, r/R) + 30·min(1, c/C) + 5·satisfaction + 5·completeness"."""
    of = ProviderRecords(ledger, result, provider)
    targets = scoring.targets[scoring.groups[provider]]
    income = sum(line.income for _, line in of.lines())
    count, clients = service_count(of, scoring), client_count(of, scoring)
    ratios = (count / targets.count, Fraction(income, WAN) / targets.income, clients / targets.clients)
    satisfied, complete = satisfaction(of), completeness(of, scoring)
    # Reading 13: the formula as written; a negative f or r lowers the score.
    policy = sum((w * min(Fraction(1), each) for w, each in zip(scoring.weights, ratios, strict=False)), Fraction(0))
    points = policy + scoring.weights[3] * (satisfied or 0) + scoring.weights[4] * (complete or 0)
    assessable = any(counted(line) for _, line in of.lines())
    return Score(count, income, clients, satisfied, complete, policy, half_up(points, 2) if assessable else None)


def counted(line: Line) -> bool:
    """Reading 14: a counted record of the round is one whose service count the round takes."""
    return line.count > 0


def service_count(of: ProviderRecords, scoring: Scoring) -> int:
    """f, "with a per-client ceiling"."""
    per_client: Counter[str] = Counter()
    for record, line in of.lines():
        per_client[of.ledger.client_of(record)] += line.count
    ceiling = scoring.per_client_ceiling
    return sum(count if ceiling is None else min(ceiling, count) for count in per_client.values())


def client_count(of: ProviderRecords, scoring: Scoring) -> int:
    """c, "distinct clients above a yearly floor"; Reading 15: eligible income of the round, equal counts."""
    income: Counter[str] = Counter()
    added: set[str] = set()
    for record, line in of.lines():
        client = of.ledger.client_of(record)
        income[client] += line.income
        added |= {client} if line.clients else set()
    return sum(1 for client in added if income[client] >= scoring.client_floor)


def satisfaction(of: ProviderRecords) -> Fraction | None:
    """ "mean rating / 5 over rated counted records"; of several ratings the last entered."""
    ratings = []
    for record, line in of.lines():
        given = [entry for entry in of.entries(record) if entry.kind is Kind.RATING]
        if counted(line) and given:
            ratings.append(max(given, key=lambda entry: entry.entered).amount)
    return Fraction(sum(ratings), 5 * len(ratings)) if ratings else None


def completeness(of: ProviderRecords, scoring: Scoring) -> Fraction | None:
    """ "required evidence present / required, over *all* ended external services".

    Reading 16: of the services that ended in the year; external is neither own nor related; the tier is that of the
    charge net of adjustments; where nothing is required there are no points, as R4 says of its ratios.
    """
    required = present = 0
    for record, _ in of.lines():
        if record.day.year != of.result.round.year or not external(of.ledger, record):
            continue
        entries = of.entries(record)
        pieces = required_evidence(scoring, money(record, entries).charge)
        required += len(pieces)
        present += len(pieces & present_evidence(record, entries))
    return Fraction(present, required) if required else None


def external(ledger: Ledger, record: Record) -> bool:
    related = ledger.related(record.client, record.provider, record.day)
    return not ledger.own(record) and not related and "cancelled" not in record.grounds


def required_evidence(scoring: Scoring, amount: Fen) -> frozenset[str]:
    reached = [pieces for start, pieces in sorted(scoring.tiers, key=lambda tier: tier[0]) if amount >= start]
    return reached[-1] if reached else frozenset()


def grades(scores: Mapping[str, Score], scoring: Scoring) -> dict[str, str]:
    """R2 on the published, rounded S; who is not assessable has no grade."""
    ranked = {provider: score for provider, score in scores.items() if score.published is not None}
    return {provider: grade_of(score, ranked, scoring) for provider, score in ranked.items()}


def grade_of(score: Score, ranked: Mapping[str, Score], scoring: Scoring) -> str:
    """Reading 17: quotas name the upper grades by place alone, places rounded down and added up; the tied share the
    place of their first; the others have the grade of their points, at most the first below the quotas."""
    place = 1 + sum(1 for other in ranked.values() if standing(other) > standing(score))
    places = 0
    for name, share in scoring.quotas:
        places += int(share * len(ranked))
        if place <= places:
            return name
    kept = {name for name, _ in scoring.quotas}
    published = score.published or Fraction(0)
    below = [(name, bound) for name, bound in scoring.grades if name not in kept]
    return next((name for name, bound in below if published >= bound), below[-1][0])


def standing(score: Score) -> tuple[Fraction, Fraction]:
    """ "Ties: higher sum of the three policy indicators, then same grade for all tied"."""
    return (score.published or Fraction(0), score.policy)


def by_group(scores: Mapping[str, Score], scoring: Scoring) -> dict[str, dict[str, Score]]:
    """Providers "compared together"."""
    found: dict[str, dict[str, Score]] = defaultdict(dict)
    for provider, each in scores.items():
        found[scoring.groups[provider]][provider] = each
    return dict(found)
