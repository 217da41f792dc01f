"""Scores, ranks, grades and whole rounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.evaluation.rules.basis import Basis, EarlierRules, Unit
from app.evaluation.rules.forms import FORM_2, line
from app.evaluation.rules.grades import Ranking, grade_of, rank_units
from app.evaluation.rules.rounds import RoundResult, compute
from app.evaluation.rules.schemes import Grade, GradeLine, read_scheme
from app.evaluation.rules.scores import Score, rounded, share
from app.ledger.rules.facts import Confirmation, EvidenceGrade, MoneyOn, ServiceFacts
from app.ledger.rules.organisations import OrganisationGraph
from app.ledger.rules.years import CutOffs
from tests.unit.rounds import SMALL, judged, score, small
from tests.unit.services import CUT_OFFS, fresh, in_order, paid, service, taken
from tests.unit.times import t

UNITS = [Unit("unit", "university", 0), Unit("annex", "university", 0), Unit("clinic", "medical", 0)]
NOBODY = OrganisationGraph({}, ())
LINES = SMALL.grades


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(10005, 1000), "10.01"),
        (Fraction(100049, 10000), "10.00"),
        (Fraction(1, 3), "0.33"),
        (Fraction(0), "0.00"),
        (Fraction(-5, 1000), "-0.01"),
    ],
)
def test_rounding_is_half_up_from_the_exact_value(value: Fraction, shown: str) -> None:
    assert str(rounded(value, 2)) == shown


@pytest.mark.parametrize(
    ("value", "target", "part"),
    [(3, "4", "3/4"), (4, "4", "1"), (9, "4", "1"), (-1, "4", "-1/4"), ("3/5", None, "3/5")],
)
def test_no_indicator_gives_more_than_its_weight(value: Any, target: Any, part: str) -> None:
    assert share(Fraction(value), None if target is None else Decimal(target)) == Fraction(part)


def test_the_score_by_hand() -> None:
    """2 of 4 services, 0.2 of 1 万元, 1 of 2 clients, rating 4 of 5, 5 of 6 papers: 44.17 points."""
    year = judged(service("a", rating=4, invoiced=1000_00), service("b", ended=t("2025-07-01 10:00")))
    found = score(year, group="schools")
    assert [p.points for p in found.parts] == [15, 6, 15, 4, Decimal("4.166667")]
    assert [p.value for p in found.parts] == [2, Decimal("0.2"), 1, Decimal("0.8"), Decimal("0.833333")]
    assert found.total == Decimal("44.17")
    assert found.policy_points == 36


def test_a_unit_without_a_counted_record_is_not_assessable() -> None:
    found = score(judged(service(related=True, invoiced=1000_00)), group="schools")
    assert found.total is None
    assert found.parts[4].points == 5


def scored(total: str | None, policy: int = 0) -> Score:
    part = replace(score([], group="*").parts[0], exact=Fraction(policy))
    return Score((part,), None if total is None else Decimal(total))


@pytest.mark.parametrize(
    ("total", "grade"),
    [("100.00", "excellent"), ("90.00", "excellent"), ("89.99", "good"), ("75.00", "good"), ("74.99", "pass"),
     ("60.00", "pass"), ("59.99", "fail"), ("0.00", "fail"), ("-2.50", "fail")],
)  # fmt: skip
def test_grades_lie_on_the_rounded_score(total: str, grade: str) -> None:
    assert grade_of(Decimal(total), LINES) == grade


def ranks(scores: dict[str, Score], lines: Sequence[GradeLine] = LINES) -> dict[str, tuple[int, str]]:
    found = rank_units(scores, dict.fromkeys(scores, "g"), lines)
    return {key: (s.rank, s.grade.value) for key, s in found.items()}


def test_ties_go_to_the_policy_indicators_and_then_are_shared() -> None:
    scores = {
        "a": scored("80.00", 70),
        "b": scored("80.00", 71),
        "c": scored("80.00", 70),
        "d": scored("50.00", 90),
        "e": scored(None),
        "f": scored("95.00", 0),
    }
    assert ranks(scores) == {
        "f": (1, "excellent"),
        "b": (2, "good"),
        "a": (3, "good"),
        "c": (3, "good"),
        "d": (5, "fail"),
    }


def test_quotas_close_a_grade_and_the_tied_share_theirs() -> None:
    lines = (replace(LINES[0], quota=Decimal("0.5")), *LINES[1:])
    scores = {"a": scored("99.00"), "b": scored("95.00"), "c": scored("95.00"), "d": scored("94.00"), "e": scored(None)}
    assert ranks(scores, lines) == {
        "a": (1, "excellent"),
        "b": (2, "excellent"),
        "c": (2, "excellent"),
        "d": (4, "good"),
    }


def test_groups_are_ranked_apart() -> None:
    found = rank_units({"a": scored("80.00"), "b": scored("99.00")}, {"a": "one", "b": "two"}, LINES)
    assert found == {"a": Ranking(1, Grade.GOOD), "b": Ranking(1, Grade.EXCELLENT)}


RECORDS = in_order(
    [
        service("a", rating=5, invoiced=1000_00),
        service("b", ended=t("2025-07-01 10:00"), client="mill", client_person="mill"),
        service("c", ended=t("2025-08-01 10:00"), unit="annex"),
        service("d", unit="clinic", related=True),
        service("e", unit="nowhere"),
    ]
)


def run(records: Sequence[ServiceFacts], units: Sequence[Unit] = UNITS, cut_offs: CutOffs = CUT_OFFS) -> RoundResult:
    return compute(SMALL, small(), basis(units, cut_offs), fresh(records), year=2025)


def basis(units: Sequence[Unit] = UNITS, cut_offs: CutOffs = CUT_OFFS, **more: Any) -> Basis:
    return Basis(tuple(units), cut_offs, NOBODY, more.pop("closed", {}), more.pop("earlier", {}), ())


def test_a_round_lists_every_unit_group_by_group() -> None:
    found = run(RECORDS)
    assert [(r.group, r.unit.key, r.ranking.rank if r.ranking else None) for r in found.results] == [
        ("*", "clinic", None),
        ("schools", "unit", 1),
        ("schools", "annex", 2),
    ]
    assert found.records == 4
    document = found.results[1].document()
    assert {k: document[k] for k in ("unit", "group", "score", "grade", "rank")} == {
        "unit": "unit", "group": "schools", "score": "60.17", "grade": "pass", "rank": 1,
    }  # fmt: skip


def test_digests_are_known() -> None:
    """Change these only together with a reason why results computed before may differ from now on."""
    found = compute(SMALL, {"fixed": "1.5"}, basis(), fresh(RECORDS), year=2025)
    assert (found.input_digest[:16], found.result_digest[:16]) == ("44ca44008ea683cb", "424b4957dc9b5012")


@dataclass(frozen=True, slots=True)
class MoreFacts(ServiceFacts):
    """What a year later brings: one fact more."""

    carbon: int


def test_one_more_fact_changes_no_past_digest() -> None:
    one = RECORDS[0]
    more = MoreFacts(**{name: getattr(one, name) for name in ServiceFacts.__dataclass_fields__}, carbon=7)
    assert line(replace(fresh([one])[0], facts=more)) == line(fresh([one])[0])


def test_the_form_of_today_covers_every_fact() -> None:
    """A fact more asks for a form more: FORM_2 itself never changes."""
    assert sorted(FORM_2) == sorted(ServiceFacts.__dataclass_fields__)


CHANGES: list[dict[str, Any]] = [
    {"key": "z"},
    {"ended": t("2025-06-02 11:01")},
    {"effective_minutes": 114},
    {"charged": 999_99},
    {"tax": 1},
    {"vouchers_deducted": paid(("2025-09-02", 1))},
    {"vouchers_afterwards": paid(("2025-09-02", 1))},
    {"adjustments": paid(("2025-09-02", 1))},
    {"user": "colleague"},
    {"linked_until": t("2025-06-05 00:00")},
    {"entered": t("2025-06-05 00:00")},
    {"posted": 1},
    {"booked_minutes": None},
    {"invoiced": 1},
    {"receipts": paid(("2025-09-02", 1000_00))},
    {"refunds": paid(("2025-09-02", 1))},
    {"confirmation": Confirmation.TACIT},
    {"evidence": EvidenceGrade.SCAN},
    {"rating": 4},
    {"client_person": "other"},
    {"order": "W1"},
    {"verified": False},
]


@pytest.mark.parametrize("changes", CHANGES)
def test_any_changed_fact_changes_the_input_digest(changes: dict[str, Any]) -> None:
    assert run([replace(RECORDS[0], **changes)]).input_digest != run(RECORDS[:1]).input_digest


def test_scheme_year_cut_off_and_units_are_inputs_too() -> None:
    first = run(RECORDS)
    assert run(RECORDS, UNITS[:2]).input_digest != first.input_digest
    assert run(RECORDS, cut_offs=CutOffs({2025: date(2026, 4, 30)})).input_digest != first.input_digest
    document = small()
    document["indicators"][0]["targets"] = {"*": "5"}
    other = compute(read_scheme(document), document, basis(), fresh(RECORDS), year=2025)
    assert other.input_digest != first.input_digest
    assert other.result_digest != first.result_digest


records = st.builds(
    lambda key, unit, day, charged, rating, confirmed, related, client: service(
        key.hex,
        unit=unit,
        ended=t("2025-01-01 08:00") + timedelta(days=day),
        charged=charged,
        receipts=(MoneyOn(date(2025, 12, 31), charged),),
        rating=rating,
        confirmation=Confirmation.CLIENT if confirmed else Confirmation.NONE,
        related=related,
        client_person=client,
    ),
    st.uuids(),
    st.sampled_from(["unit", "annex", "clinic"]),
    st.integers(0, 364),
    st.integers(0, 5000_00),
    st.sampled_from([None, 1, 2, 3, 4, 5]),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["firm", "mill", "lab", None]),
)


@given(st.lists(records, max_size=15), st.randoms(use_true_random=False))
def test_a_round_does_not_depend_on_the_order_of_its_units(rows: list[ServiceFacts], random: Any) -> None:
    units = UNITS[:]
    random.shuffle(units)
    assert run(rows, units) == run(rows)


def test_what_was_taken_before_is_an_input_too() -> None:
    first, one = run(RECORDS[:1]), fresh(RECORDS[:1])[0]
    earlier = {"final": EarlierRules(small()["counting"], CUT_OFFS)}
    for reading in (replace(one, taken=taken()), replace(one, taken=taken(count=0)), replace(one, changed=True)):
        other = compute(SMALL, small(), basis(earlier=earlier), [reading], year=2025)
        assert other.input_digest != first.input_digest


@given(st.lists(records, max_size=15))
def test_scores_lie_between_0_and_100_and_are_the_sum_of_their_parts(rows: list[ServiceFacts]) -> None:
    for result in run(rows).results:
        parts = sum((p.exact for p in result.score.parts), Fraction(0))
        assert 0 <= parts <= 100
        assert result.score.total in (None, rounded(parts, 2))
        assert all(0 <= p.exact <= Fraction(p.weight) for p in result.score.parts)
        assert (result.ranking is None) == (result.score.total is None)


@given(st.lists(records, max_size=10), st.integers(0, 364), st.sampled_from(["firm", "mill", "new"]))
def test_one_more_perfect_service_never_lowers_a_score(rows: list[ServiceFacts], day: int, client: str) -> None:
    more = service(
        "perfect", ended=t("2025-01-01 09:00") + timedelta(days=day), client_person=client, rating=5,
        invoiced=1000_00, receipts=(MoneyOn(date(2025, 12, 31), 1000_00),),
    )  # fmt: skip
    before = score(judged(*[r for r in rows if r.unit == "unit"]), group="schools")
    after = score(judged(*[r for r in rows if r.unit == "unit"], more), group="schools")
    assert after.total is not None
    assert before.total is None or after.total >= before.total


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 10**6))
def test_points_rise_with_the_value(value: int, more: int, target: int) -> None:
    assert share(Fraction(value), Decimal(target)) <= share(Fraction(value + more), Decimal(target))


@given(st.lists(st.tuples(st.integers(0, 10000), st.integers(0, 90)), max_size=12))
def test_a_better_score_never_has_a_worse_rank_or_grade(pairs: list[tuple[int, int]]) -> None:
    scores = {str(n): scored(str(Decimal(total) / 100), policy) for n, (total, policy) in enumerate(pairs)}
    lines = (replace(LINES[0], quota=Decimal("0.15")), replace(LINES[1], quota=Decimal("0.45")), *LINES[2:])
    found = rank_units(scores, dict.fromkeys(scores, "g"), lines)
    order = list(Grade)
    for a, b in ((a, b) for a in scores for b in scores):
        if (scores[a].total, scores[a].policy_points) > (scores[b].total, scores[b].policy_points):
            assert found[a].rank < found[b].rank
            assert order.index(found[a].grade) <= order.index(found[b].grade)
        if (scores[a].total, scores[a].policy_points) == (scores[b].total, scores[b].policy_points):
            assert found[a] == found[b]
