"""Schemes: the seeded one is valid, and every fault of a document is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.evaluation import labels as evaluation
from app.evaluation.rules.drafts import Validity, read_draft
from app.evaluation.rules.indicators import INDICATORS
from app.evaluation.rules.schemes import Grade, read_scheme
from app.evaluation.services.schemes import SEED as SCHEME
from app.kernel.errors import Refusal, Refused
from app.ledger.rules.exclusions import CountingRules, EvidenceTier, Reason
from app.ledger.rules.facts import EvidenceGrade
from app.web.labels import message
from tests.unit.rounds import SEED, seeded

Document = dict[str, Any]


def test_the_seeded_scheme_is_the_one_of_the_domain() -> None:
    scheme = read_scheme(seeded())
    assert [(i.code, int(i.weight)) for i in scheme.indicators] == [
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


COUNTING = "document.counting"
FIRST = "document.indicators[0]"

# (code, place, spoil): what is wrong is named with where it stands.
FAULTS: list[tuple[str, str, Callable[[Document], object]]] = [
    ("scheme-weights", "document.indicators", lambda d: weight(d, "30.01")),
    ("document-too-small", f"{FIRST}.weight", lambda d: weight(d, "-10")),
    ("document-not-positive", f"{FIRST}.weight", lambda d: weight(d, "0")),
    ("document-other-type", f"{FIRST}.weight", lambda d: weight(d, 30.0)),
    ("document-other-type", f"{FIRST}.weight", lambda d: weight(d, True)),
    ("document-other-type", f"{FIRST}.weight", lambda d: weight(d, "NaN")),
    ("document-other-type", f"{FIRST}.weight", lambda d: weight(d, "3_0")),
    ("document-other-type", f"{FIRST}.weight", lambda d: weight(d, "3e1")),
    ("document-other-type", f"{FIRST}.weight", lambda d: weight(d, "\u0663\u0660")),
    ("document-other-type", f"{FIRST}.weight", lambda d: weight(d, "heavy")),
    ("document-missing", f"{FIRST}.weight", lambda d: d["indicators"][0].pop("weight")),
    ("document-missing", "document.grades", lambda d: d.pop("grades")),
    ("document-unknown-key", "document.bonus", lambda d: d.update(bonus=1)),
    ("document-unknown-key", f"{FIRST}.wieght", lambda d: d["indicators"][0].update(wieght="30")),
    ("document-unknown-key", f"{COUNTING}.minimum", lambda d: d["counting"].update(minimum=1)),
    ("document-unknown-key", "document.groups[0].kind", lambda d: d["groups"][0].update(kind="medical")),
    ("document-unknown-value", "document.beneficiary", lambda d: d.update(beneficiary="lottery")),
    ("document-unknown-value", f"{COUNTING}.exclusions[0]", lambda d: d["counting"].update(exclusions=["whim"])),
    ("document-unknown-value", f"{COUNTING}.exclusions[18]",
     lambda d: d["counting"]["exclusions"].append("split-order")),
    ("document-unknown-value", f"{COUNTING}.excluded_purposes[0]",
     lambda d: d["counting"].update(excluded_purposes=["film"])),
    ("document-unknown-value", "document.groups[2].kinds[0]", lambda d: d["groups"][2].update(kinds=["hospital"])),
    ("document-other-type", f"{COUNTING}.minimum_fen", lambda d: d["counting"].update(minimum_fen=10.5)),
    ("document-other-type", f"{COUNTING}.minimum_fen", lambda d: d["counting"].update(minimum_fen="1000")),
    ("document-too-small", f"{COUNTING}.minimum_fen", lambda d: d["counting"].update(minimum_fen=-1)),
    ("document-too-large", f"{COUNTING}.least_share_of_posted",
     lambda d: d["counting"].update(least_share_of_posted="30")),
    ("document-other-type", f"{COUNTING}.income_without_tax", lambda d: d["counting"].update(income_without_tax="no")),
    ("document-not-positive", f"{FIRST}.targets.*", lambda d: target(d, {"*": "0"})),
    ("scheme-target", FIRST, lambda d: target(d, {"medical": "10"})),
    ("document-unknown-value", f"{FIRST}.targets.medcal", lambda d: target(d, {"*": "10", "medcal": "10"})),
    ("document-other-type", f"{FIRST}.targets", lambda d: target(d, ["60"])),
    ("scheme-no-target", "document.indicators[3]", lambda d: d["indicators"][3].update(targets={"*": "1"})),
    ("document-unknown-value", f"{FIRST}.code", lambda d: d["indicators"][0].update(code="charm")),
    ("document-unknown-value", f"{FIRST}.code", lambda d: d["indicators"][0].update(code=[])),
    ("document-twice", "document.indicators[1]", lambda d: d["indicators"][1].update(code="service-count")),
    ("document-other-type", "document.indicators[1]", lambda d: d["indicators"].insert(1, "service-income")),
    ("document-unknown-key", f"{FIRST}.settings.ceiling", lambda d: settings(d, 0, ceiling=3)),
    ("document-too-small", f"{FIRST}.settings.per_client_ceiling", lambda d: settings(d, 0, per_client_ceiling=0)),
    ("document-other-type", "document.indicators[2].settings.floor_fen", lambda d: settings(d, 2, floor_fen="500")),
    ("document-too-small", "document.indicators[3].settings.least_ratings", lambda d: settings(d, 3, least_ratings=0)),
    ("document-unknown-value", "document.indicators[4].settings.required[0]",
     lambda d: settings(d, 4, required=["reciept"])),
    ("document-too-small", "document.indicators[4].settings.required", lambda d: settings(d, 4, required=[])),
    ("document-twice", "document.indicators[4].settings.required[1]",
     lambda d: settings(d, 4, required=["invoice", "invoice"])),
    ("document-unknown-key", "document.indicators[1].settings.floor", lambda d: settings(d, 1, floor=1)),
    ("document-twice", "document.groups[4]", lambda d: d["groups"].append({"key": "medical"})),
    ("document-twice", "document.groups[4].key", lambda d: d["groups"].append({"key": "*"})),
    ("scheme-grades", "document.grades", lambda d: d["grades"].reverse()),
    ("scheme-grades", "document.grades", lambda d: line(d, 1, least="90")),
    ("scheme-grades", "document.grades", lambda d: line(d, 3, least="1")),
    ("scheme-grades", "document.grades", lambda d: d["grades"].clear()),
    ("scheme-quota", "document.grades[3]", lambda d: line(d, 3, quota="0.5")),
    ("scheme-quota", "document.grades[0]", lambda d: line(d, 0, quota="0")),
    ("document-too-large", "document.grades[0].quota", lambda d: line(d, 0, quota="1.1")),
    ("scheme-evidence", f"{COUNTING}.evidence", lambda d: d["counting"].update(evidence=[])),
    ("scheme-evidence", f"{COUNTING}.evidence", lambda d: d["counting"]["evidence"][0].update(from_fen=1)),
    ("scheme-evidence", f"{COUNTING}.evidence",
     lambda d: d["counting"]["evidence"].append({"from_fen": 0, "admitted": []})),
]  # fmt: skip


def settings(document: Document, index: int, **values: Any) -> None:
    document["indicators"][index]["settings"] = values


def faults_of(document: Any) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        read_scheme(document)
    return [(r.code, r.params["place"]) for r in refused.value.refusals]


@pytest.mark.parametrize(("code", "place", "spoil"), FAULTS)
def test_a_fault_is_named_with_its_place_and_alone(code: str, place: str, spoil: Callable[[Document], object]) -> None:
    document = seeded()
    spoil(document)
    found = faults_of(document)
    assert (code, place) in found
    assert all(message(Refusal(c, {"place": p})) for c, p in found)


@pytest.mark.parametrize("document", [None, [], "scheme", 7])
def test_what_is_no_object_is_no_scheme(document: Any) -> None:
    assert faults_of(document) == [("document-other-type", "document")]


def test_all_faults_are_told_at_once_wherever_they_stand() -> None:
    document = seeded()
    weight(document, 1.5)
    target(document, {"*": "-1"})
    settings(document, 4, required=["reciept"])
    document["grades"].reverse()
    document["counting"]["minimum_fen"] = -1
    document["bonus"] = True
    assert {place for _code, place in faults_of(document)} == {
        "document.bonus",
        f"{FIRST}.weight",
        f"{FIRST}.targets.*",
        "document.indicators[4].settings.required[0]",
        "document.grades",
        f"{COUNTING}.minimum_fen",
    }


def test_a_file_is_checked_with_its_document_and_its_validity() -> None:
    data = {**json.loads(SCHEME.read_text(encoding="utf-8")), "valid_from": "2029-04-21", "vaild": 1, "source": " "}
    settings(data["document"], 4, required=["reciept"])
    del data["suggested"]
    with pytest.raises(Refused) as refused:
        read_draft(data)
    assert {(r.code, r.params["place"]) for r in refused.value.refusals} == {
        ("document-unknown-key", "vaild"),
        ("document-missing", "suggested"),
        ("document-other-type", "source"),
        ("document-unknown-value", "document.indicators[4].settings.required[0]"),
        ("scheme-validity", "valid_until"),
    }


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [
        (date(2026, 4, 21), date(2029, 4, 20), [2026, 2027, 2028]),
        (date(2026, 12, 31), date(2026, 12, 31), [2026]),
        (date(2027, 1, 1), date(2027, 12, 30), []),
        (date(2026, 4, 21), None, [2026, 2027, 2028, 2029, 2030]),
    ],
)
def test_a_year_is_assessed_when_its_last_day_lies_in_the_validity(
    first: date, last: date | None, years: list[int]
) -> None:
    assert [year for year in range(2024, 2031) if Validity(first, last).covers(year)] == years


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


def test_the_scheme_of_today_asks_for_substance_and_names_no_window() -> None:
    counting = read_draft(json.loads(SCHEME.read_text(encoding="utf-8")))
    found = read_scheme(counting.document).counting
    assert (found.least_effective_minutes, found.least_share_of_booked) == (10, Decimal("0.2"))
    assert Reason.NO_SUBSTANCE in found.exclusions
    assert Reason.NO_SUBSTANCE not in read_scheme(seeded()).counting.exclusions


def test_rules_of_before_are_read_and_not_published_again() -> None:
    with pytest.raises(Refused) as refused:
        read_draft(json.loads(SEED.read_text(encoding="utf-8")))
    assert {r.params["place"] for r in refused.value.refusals} == {
        "document.counting.income_without_voucher", "document.counting.split_window_days",
    }  # fmt: skip


def test_every_indicator_has_its_words() -> None:
    assert set(INDICATORS) == set(evaluation.INDICATORS)
    assert {note for indicator in INDICATORS.values() for note in indicator.notes} == set(evaluation.NOTES)
    settings = {f.name for indicator in INDICATORS.values() for f in fields(indicator.Settings)}
    assert settings == set(evaluation.SETTINGS)
    assert list(Grade) == ["excellent", "good", "pass", "fail"]
