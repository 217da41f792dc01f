"""Hand-computed: §5 R1 and R2."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from tests.oracle.build import SIMPLE, YUAN, closing, entry, ledger, paid, record
from tests.oracle.model import Entry, Kind, Record
from tests.oracle.rounds import run
from tests.oracle.scores import Score, Scoring, Targets, grades, score

FULL = 106 * YUAN
SCORING = Scoring({"g": Targets(Fraction(4), Fraction(1), Fraction(2))}, {"P": "g", "Q": "g", "R": "g", "S": "g"})


def of(records: Sequence[Record], entries: Sequence[Entry], scoring: Scoring = SCORING) -> Score:
    facts = ledger(*records, entries=entries)
    return score(facts, run(facts, [closing(2026, SIMPLE)])[0], scoring, "P")


def services(*clients: str, charged: int = FULL) -> tuple[list[Record], list[Entry]]:
    """One paid service each, by users of their own."""
    records = [record(str(n), client=client, user=str(n), charged=charged) for n, client in enumerate(clients)]
    return records, [each for r in records for each in paid("2026-07-01", charged, key=r.key)]


def test_score_by_hand() -> None:
    """f = 3 of 4, r = 0.0318 of 1 万元, c = 2 of 2, rating 4 of 5, nothing required:
    22.5 + 0.954 + 30 + 4 = 57.454 → 57.45."""
    records, entries = services("C1", "C1", "C2")
    found = of(records, [*entries, entry(Kind.RATING, "2026-07-02", 4, key="0")])
    assert (found.count, found.income, found.clients) == (3, 3 * FULL, 2)
    assert (found.satisfaction, found.completeness) == (Fraction(4, 5), None)
    assert found.published == Fraction(5745, 100)


def test_ratios_stop_at_the_target() -> None:
    """ "min(1, …)": everything at least met, rating 5, evidence whole → 100."""
    records, entries = services("C1", "C2", "C3", "C4", "C5", charged=3000 * YUAN)
    whole = replace(SCORING, tiers=((0, frozenset({"receipt"})),))
    found = of(records, [*entries, entry(Kind.RATING, "2026-07-02", 5, key="0")], whole)
    assert found.published == 100


def test_per_client_ceiling_and_client_floor() -> None:
    """ "distinct clients above a yearly floor, with per-client ceiling in f"; what was taken stays before both."""
    records, entries = services("C1", "C1", "C1", "C2")
    capped = of(records, entries, replace(SCORING, per_client_ceiling=2, client_floor=FULL + 1))
    assert (capped.count, capped.clients, capped.income) == (3, 1, 4 * FULL)
    assert of(records, entries, replace(SCORING, client_floor=FULL)).clients == 2


def test_completeness_is_over_all_ended_external_services() -> None:
    """Tiers by amount: from 100 元 contract and receipt, below it the receipt. Counted or not, but never own ones."""
    tiers = ((0, frozenset({"receipt"})), (100 * YUAN, frozenset({"receipt", "contract"})))
    records = [
        record("a"),
        record("b", user="b"),
        record("c", user="c", charged=99 * YUAN),
        record("d", user="d", client="P"),
    ]
    entries = [*paid("2026-07-01"), entry(Kind.EVIDENCE, "2026-07-01", what="contract", key="b")]
    # a: receipt of 2, b: contract of 2, c: none of 1, d: own → 2 of 5
    assert of(records, entries, replace(SCORING, tiers=tiers)).completeness == Fraction(2, 5)


def test_no_counted_record_is_not_assessable() -> None:
    """ "No counted record → 'not assessable', not 0"."""
    assert of([record()], []).published is None


def made(published: str, policy: int) -> Score:
    return Score(0, 0, 0, None, None, Fraction(policy), Fraction(published))


def test_grades_on_the_published_score() -> None:
    """ "≥ 90, ≥ 75, ≥ 60"."""
    scores = {"P": made("90", 0), "Q": made("89.99", 0), "R": made("60", 0), "S": made("59.99", 0)}
    assert grades(scores, SCORING) == {"P": "excellent", "Q": "good", "R": "pass", "S": "fail"}


def test_a_score_is_rounded_half_up_once_before_its_grade() -> None:
    """r of 1 万元 = 0.99983: 30 + 29.9949 + 30 = 89.9949 → 89.99, just below."""
    records, entries = services("C1", "C2", "C3", "C4", charged=249957)
    assert of(records, entries).published == Fraction(8999, 100)
    # 29.995 exactly goes up: 0.99983333… ; 999834 分 → 29.99502 → 90.00
    records, entries = services("C1", "C2", "C3", charged=333278)
    three = replace(SCORING, targets={"g": Targets(Fraction(3), Fraction(1), Fraction(2))})
    assert of(records, entries, three).published == 90


def test_ties_under_a_quota() -> None:
    """ "Ties: higher sum of the three policy indicators, then same grade for all tied"."""
    quota = replace(SCORING, quotas=(("excellent", Fraction(1, 4)), ("good", Fraction(1, 4))))
    apart = {"P": made("80", 72), "Q": made("80", 71), "R": made("70", 0), "S": made("50", 0)}
    assert grades(apart, quota) == {"P": "excellent", "Q": "good", "R": "pass", "S": "fail"}
    tied = {"P": made("80", 72), "Q": made("80", 72), "R": made("70", 0), "S": made("50", 0)}
    assert grades(tied, quota) == {"P": "excellent", "Q": "excellent", "R": "pass", "S": "fail"}


def test_who_is_not_assessable_has_no_grade() -> None:
    none = replace(made("0", 0), published=None)
    assert grades({"P": none, "Q": made("60", 0)}, SCORING) == {"Q": "pass"}
