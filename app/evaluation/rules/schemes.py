"""A scheme (评价方案) as validated values, read from the JSON document of its published version."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from itertools import pairwise
from typing import Any, TypeVar

from app.evaluation.rules.indicators import INDICATORS, IndicatorCode, Method, Settings
from app.kernel.errors import Refusal, Refused, refuse, refuse_all
from app.ledger.rules.exclusions import EXCLUSIONS, CountingRules, EvidenceTier, Reason
from app.ledger.rules.facts import EvidenceGrade

ANY_GROUP = "*"


class Grade(StrEnum):
    EXCELLENT = "excellent"
    GOOD = "good"
    PASS = "pass"
    FAIL = "fail"


class SchemeCode(StrEnum):
    """Why a document is no scheme."""

    SHAPE = "scheme-shape"
    WEIGHTS = "scheme-weights"
    TARGET = "scheme-target"
    INDICATOR = "scheme-indicator"
    GROUPS = "scheme-groups"
    GRADES = "scheme-grades"
    EVIDENCE = "scheme-evidence"


@dataclass(frozen=True, slots=True)
class WeightedIndicator:
    """`targets` by group, `*` for the others; empty for indicators that are shares already."""

    code: IndicatorCode
    weight: Decimal
    targets: Mapping[str, Decimal]
    settings: Settings

    def target(self, group: str) -> Decimal | None:
        return self.targets.get(group, self.targets.get(ANY_GROUP))


@dataclass(frozen=True, slots=True)
class Group:
    """Units compared together: of these kinds, and with at least this much opened (fen of original value)."""

    key: str
    kinds: frozenset[str]
    from_opened: int = 0


@dataclass(frozen=True, slots=True)
class GradeLine:
    grade: Grade
    least: Decimal
    quota: Decimal | None = None
    """The largest share of a group that may have this grade or a better one."""


@dataclass(frozen=True, slots=True)
class Scheme:
    beneficiary: str
    indicators: tuple[WeightedIndicator, ...]
    groups: tuple[Group, ...]
    grades: tuple[GradeLine, ...]
    counting: CountingRules

    def admits(self, kind: str) -> bool:
        """Whether a group takes this kind of body at all; a scheme without groups takes every kind."""
        return not self.groups or any(not g.kinds or kind in g.kinds for g in self.groups)

    def group_of(self, kind: str, opened: int) -> str:
        """The first group that takes the unit; units that none takes are compared among themselves."""
        fits = (g.key for g in self.groups if (not g.kinds or kind in g.kinds) and opened >= g.from_opened)
        return next(fits, ANY_GROUP)


def read_scheme(document: Mapping[str, Any]) -> Scheme:
    """Read and check a document; raises Refused with every fault of its values at once."""
    try:
        scheme = Scheme(
            beneficiary=str(document["beneficiary"]),
            indicators=tuple(_indicator(i) for i in document["indicators"]),
            groups=tuple(_group(g) for g in document.get("groups", ())),
            grades=tuple(_grade(g) for g in document["grades"]),
            counting=counting_rules(document["counting"]),
        )
    except Refused:
        raise
    except (KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise refuse(SchemeCode.SHAPE, about=str(error)) from error
    refuse_all(faults(scheme))
    return scheme


def _number(value: Any) -> Decimal:
    """Numbers of a scheme are text or integers; a float has already lost what was published."""
    if isinstance(value, float | bool):
        raise TypeError("write numbers as text")
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError("write finite numbers")
    return number


def _indicator(data: Mapping[str, Any]) -> WeightedIndicator:
    try:
        code = IndicatorCode(data["code"])
    except ValueError as error:
        raise refuse(SchemeCode.INDICATOR, indicator=data["code"]) from error
    targets = {str(group): _number(target) for group, target in data.get("targets", {}).items()}
    return WeightedIndicator(code, _number(data["weight"]), targets, dict(data.get("settings", {})))


def _group(data: Mapping[str, Any]) -> Group:
    return Group(str(data["key"]), frozenset(data.get("kinds", ())), int(data.get("from_opened", 0)))


def _grade(data: Mapping[str, Any]) -> GradeLine:
    quota = data.get("quota")
    return GradeLine(Grade(data["grade"]), _number(data["least"]), None if quota is None else _number(quota))


def counting_rules(data: Mapping[str, Any]) -> CountingRules:
    """The part of a document that says what counts."""
    return CountingRules(
        exclusions=frozenset(Reason(r) for r in data["exclusions"]),
        evidence=tuple(_tier(tier) for tier in data["evidence"]),
        excluded_purposes=frozenset(data.get("excluded_purposes", ())),
        minimum_fen=int(data.get("minimum_fen", 0)),
        least_share_of_posted=_number(data.get("least_share_of_posted", 0)),
        least_effective_minutes=int(data.get("least_effective_minutes", 0)),
        least_share_of_booked=_number(data.get("least_share_of_booked", 0)),
        income_without_tax=bool(data.get("income_without_tax", False)),
    )


def _tier(data: Mapping[str, Any]) -> EvidenceTier:
    return EvidenceTier(int(data["from_fen"]), frozenset(EvidenceGrade(g) for g in data["admitted"]))


def weights_that_are_not_100(scheme: Scheme) -> Iterable[Refusal]:
    weights = [i.weight for i in scheme.indicators]
    if sum(weights) != 100 or any(w <= 0 for w in weights):
        yield Refusal(SchemeCode.WEIGHTS, {"sum": sum(weights)})


def indicators_named_twice(scheme: Scheme) -> Iterable[Refusal]:
    codes = [i.code for i in scheme.indicators]
    yield from (Refusal(SchemeCode.INDICATOR, {"indicator": c}) for c in _twice(codes))


def targets_missing_or_not_positive(scheme: Scheme) -> Iterable[Refusal]:
    groups = [*(g.key for g in scheme.groups), ANY_GROUP]
    for indicator in scheme.indicators:
        needed = INDICATORS[indicator.code].method is Method.TARGET
        for group in groups:
            target = indicator.target(group)
            if (needed and (target is None or target <= 0)) or (not needed and target is not None):
                yield Refusal(SchemeCode.TARGET, {"indicator": indicator.code, "group": group})


def groups_named_twice(scheme: Scheme) -> Iterable[Refusal]:
    keys = [g.key for g in scheme.groups]
    yield from (Refusal(SchemeCode.GROUPS, {"key": k}) for k in _twice([*keys, ANY_GROUP]))


def grades_out_of_order(scheme: Scheme) -> Iterable[Refusal]:
    """Each grade once, best first, the lines falling and the last one at nothing, so that every score has a grade."""
    lines = [g.least for g in scheme.grades]
    quotas = [g.quota for g in scheme.grades if g.quota is not None]
    falling = all(a > b for a, b in pairwise(lines))
    in_order = [g.grade for g in scheme.grades] == list(Grade)
    open_end = lines[-1:] == [0] and scheme.grades[-1].quota is None
    if not (in_order and falling and open_end and all(0 < q <= 1 for q in quotas)):
        yield Refusal(SchemeCode.GRADES)


def evidence_out_of_order(scheme: Scheme) -> Iterable[Refusal]:
    starts = [t.from_fen for t in scheme.counting.evidence]
    if not starts or starts[0] != 0 or sorted(set(starts)) != starts:
        yield Refusal(SchemeCode.EVIDENCE)


def exclusions_that_are_none(scheme: Scheme) -> Iterable[Refusal]:
    known = {e.reason for e in EXCLUSIONS}
    yield from (Refusal(SchemeCode.SHAPE, {"about": r}) for r in sorted(scheme.counting.exclusions - known))


T = TypeVar("T")


def _twice(values: list[T]) -> list[T]:
    return [v for n, v in enumerate(values) if v in values[:n]]


CHECKS: tuple[Callable[[Scheme], Iterable[Refusal]], ...] = (
    weights_that_are_not_100,
    indicators_named_twice,
    targets_missing_or_not_positive,
    groups_named_twice,
    grades_out_of_order,
    evidence_out_of_order,
    exclusions_that_are_none,
)


def faults(scheme: Scheme) -> tuple[Refusal, ...]:
    return tuple(fault for check in CHECKS for fault in check(scheme))
