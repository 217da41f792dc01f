"""Schemes: the seeded one is valid, and every fault of a document is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from app.evaluation.rules.indicators import INDICATORS, IndicatorCode
from app.evaluation.rules.schemes import Grade, read_scheme
from app.kernel.errors import Refused
from app.ledger.rules.exclusions import CountingRules, EvidenceTier, Reason
from app.ledger.rules.facts import EvidenceGrade
from tests.unit.rounds import SEED, seeded

Document = dict[str, Any]


def test_the_seeded_scheme_is_the_one_of_the_domain() -> None:
    scheme = read_scheme(seeded())
    assert [(i.code.value, int(i.weight)) for i in scheme.indicators] == [
        ("service-count", 30),
        ("service-income", 30),
        ("client-count", 30),
        ("satisfaction", 5),
        ("completeness", 5),
    ]
    lines = [(g.grade.value, int(g.least)) for g in scheme.grades]
    assert lines == [("excellent", 90), ("good", 75), ("pass", 60), ("fail", 0)]
    assert not scheme.counting.admitted(10**9) & {EvidenceGrade.IMPORTED, EvidenceGrade.MANUAL}


@pytest.mark.parametrize(
    ("kind", "opened", "group"),
    [
        ("university", 50_000_000_00, "research-large"),
        ("university", 49_999_999_99, "research"),
        ("medical", 10**12, "medical"),
        ("individual-business", 0, "*"),
    ],
)
def test_units_are_grouped_by_kind_and_size(kind: str, opened: int, group: str) -> None:
    assert read_scheme(seeded()).group_of(kind, opened) == group


def weight(document: Document, value: Any) -> None:
    document["indicators"][0]["weight"] = value


def target(document: Document, value: Any) -> None:
    document["indicators"][0]["targets"] = value


def line(document: Document, index: int, **values: Any) -> None:
    document["grades"][index].update(values)


FAULTS: list[tuple[str, Callable[[Document], object]]] = [
    ("scheme-weights", lambda d: weight(d, "30.01")),
    ("scheme-weights", lambda d: [i.update(weight=w) for i, w in zip(d["indicators"], ["-10", "70"], strict=False)]),
    ("scheme-weights", lambda d: [i.update(weight=w) for i, w in zip(d["indicators"], ["0", "60"], strict=False)]),
    ("scheme-shape", lambda d: weight(d, 30.0)),
    ("scheme-shape", lambda d: weight(d, "NaN")),
    ("scheme-shape", lambda d: weight(d, "heavy")),
    ("scheme-shape", lambda d: d.pop("grades")),
    ("scheme-shape", lambda d: d["counting"].update(exclusions=["whim"])),
    ("scheme-shape", lambda d: d["counting"]["exclusions"].append("split-order")),
    ("scheme-target", lambda d: target(d, {"*": "0"})),
    ("scheme-target", lambda d: target(d, {"medical": "10"})),
    ("scheme-target", lambda d: d["indicators"][3].update(targets={"*": "1"})),
    ("scheme-indicator", lambda d: d["indicators"][0].update(code="charm")),
    ("scheme-indicator", lambda d: d["indicators"][0].update(code="client-count")),
    ("scheme-groups", lambda d: d["groups"].append({"key": "medical"})),
    ("scheme-groups", lambda d: d["groups"].append({"key": "*"})),
    ("scheme-grades", lambda d: d["grades"].reverse()),
    ("scheme-grades", lambda d: line(d, 1, least="90")),
    ("scheme-grades", lambda d: line(d, 3, least="1")),
    ("scheme-grades", lambda d: line(d, 3, quota="0.5")),
    ("scheme-grades", lambda d: line(d, 0, quota="1.1")),
    ("scheme-grades", lambda d: line(d, 0, quota="0")),
    ("scheme-grades", lambda d: d["grades"].clear()),
    ("scheme-evidence", lambda d: d["counting"].update(evidence=[])),
    ("scheme-evidence", lambda d: d["counting"]["evidence"][0].update(from_fen=1)),
    ("scheme-evidence", lambda d: d["counting"]["evidence"].append({"from_fen": 0, "admitted": []})),
]


@pytest.mark.parametrize(("code", "spoil"), FAULTS)
def test_faults_are_named(code: str, spoil: Callable[[Document], object]) -> None:
    document = seeded()
    spoil(document)
    with pytest.raises(Refused) as refused:
        read_scheme(document)
    assert code in {r.code for r in refused.value.refusals}


def test_all_faults_of_the_values_are_told_at_once() -> None:
    document = seeded()
    weight(document, "1")
    target(document, {"*": "-1"})
    with pytest.raises(Refused) as refused:
        read_scheme(document)
    assert {r.code for r in refused.value.refusals} == {"scheme-weights", "scheme-target"}
    assert len(refused.value.refusals) == 6


def test_weights_may_have_decimals() -> None:
    document = seeded()
    weight(document, "29.5")
    document["indicators"][1]["weight"] = "30.5"
    assert read_scheme(document).indicators[0].weight == Decimal("29.5")


def test_a_quota_may_be_all() -> None:
    document = seeded()
    line(document, 0, quota="1")
    assert read_scheme(document).grades[0].quota == 1


def test_what_a_document_leaves_out_is_the_mildest_choice() -> None:
    document = seeded()
    document["counting"] = {"exclusions": [], "evidence": [{"from_fen": 0, "admitted": ["scan"]}]}
    evidence = (EvidenceTier(0, frozenset({EvidenceGrade.SCAN})),)
    assert read_scheme(document).counting == CountingRules(frozenset(), evidence)


def test_the_second_edition_asks_for_substance_and_names_no_window() -> None:
    document = json.loads(SEED.with_name("provider-2.json").read_text(encoding="utf-8"))["document"]
    counting = read_scheme(document).counting
    assert (counting.least_effective_minutes, counting.least_share_of_booked) == (10, Decimal("0.2"))
    assert Reason.NO_SUBSTANCE in counting.exclusions
    assert Reason.NO_SUBSTANCE not in read_scheme(seeded()).counting.exclusions
    assert {"split_window_days", "income_without_voucher"}.isdisjoint(document["counting"])


def test_the_table_of_indicators_is_whole() -> None:
    assert set(INDICATORS) == set(IndicatorCode)
    assert all(code is indicator.code for code, indicator in INDICATORS.items())
    assert list(Grade) == ["excellent", "good", "pass", "fail"]
