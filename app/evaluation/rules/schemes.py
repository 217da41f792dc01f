"""A scheme (评价方案) as validated values, read from the JSON document of its published version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from functools import partial
from itertools import pairwise
from typing import Any

from app.booking.rules.purposes import Purpose
from app.evaluation.rules.documents import DocumentFault, Key, Node, Reader, Wanted, keys_of, read_object
from app.evaluation.rules.indicators import INDICATORS, Method
from app.evaluation.rules.readers import flag, list_of, number, one_of, positive, set_of, text, whole
from app.evaluation.rules.subjects import SUBJECTS
from app.kernel.errors import Refusal, refuse_all
from app.ledger.rules.exclusions import EXCLUSIONS, CountingRules, EvidenceTier
from app.ledger.rules.facts import EvidenceGrade
from app.organisations.rules import Kind

ANY_GROUP = "*"
UNREAD = Decimal(0)
"""Stands for a target that has left a fault already."""


class Grade(StrEnum):
    EXCELLENT = "excellent"
    GOOD = "good"
    PASS = "pass"
    FAIL = "fail"


class SchemeCode(StrEnum):
    """What only the whole of a document shows to be wrong."""

    SHAPE = "scheme-shape"
    WEIGHTS = "scheme-weights"
    TARGET = "scheme-target"
    NO_TARGET = "scheme-no-target"
    GRADES = "scheme-grades"
    QUOTA = "scheme-quota"
    EVIDENCE = "scheme-evidence"
    VALIDITY = "scheme-validity"


@dataclass(frozen=True, slots=True)
class WeightedIndicator:
    """`targets` by group, `*` for the others; empty for indicators that are shares already.

    `settings` is an instance of the indicator's own `Settings`.
    """

    code: str
    weight: Decimal
    targets: Mapping[str, Decimal]
    settings: Any

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
    """Read and check a whole document; raises Refused with every fault at once, each with its place."""
    faults: list[Refusal] = []
    scheme = scheme_at(Node(document, "document", faults))
    refuse_all(faults)
    assert scheme is not None  # noqa: S101  what is not there has left a fault
    return scheme


def scheme_at(node: Node) -> Scheme | None:
    """The scheme at this place of a larger document; faults are noted there."""
    before = len(node.faults)
    found = read_object(node, _SCHEME)
    if found is None:
        return None
    if found["indicators"]:
        _check_weights(node, found["indicators"])
        _check_targets(node, found["indicators"], found["groups"] or ())
    return Scheme(**found) if len(node.faults) == before else None


def counting_rules(document: Mapping[str, Any]) -> CountingRules:
    """The part of a document that says what counts."""
    faults: list[Refusal] = []
    found: CountingRules = _made(CountingRules, {**COUNTING, **FORMER})(Node(document, "document.counting", faults))
    refuse_all(faults)
    return found


def _indicator(node: Node) -> WeightedIndicator | None:
    """The code decides which settings there may be; an unknown one leaves them unread."""
    code = node.value.get("code") if isinstance(node.value, Mapping) else None
    known = INDICATORS.get(code) if isinstance(code, str) else None
    settings = partial(_settings, known.Settings) if known else _unread
    found = read_object(node, {**_WEIGHTED, "settings": Key(settings, None)})
    if found is None or known is None:
        return None
    if found["settings"] is None and "settings" not in node.value:
        found["settings"] = _settings(known.Settings, Node({}, f"{node.place}.settings", node.faults))
    return WeightedIndicator(**{**found, "targets": found["targets"] or {}})


def _settings(kind: type[Any], node: Node) -> Any:
    found = read_object(node, keys_of(kind))
    return None if found is None else kind(**found)


def _unread(_node: Node) -> None:
    return None


def _targets(node: Node) -> Mapping[str, Decimal] | None:
    if not isinstance(node.value, Mapping):
        node.other_type(Wanted.OBJECT)
        return None
    return {str(group): positive(node.member(group)) or UNREAD for group in node.value}


def _made(kind: type[Any], keys: Mapping[str, Key]) -> Reader:
    """Reads an object into a dataclass; what is no field of it stays in the document, such as the titles of a group."""

    def read(node: Node) -> Any:
        found = read_object(node, keys)
        names = {one.name for one in fields(kind)}
        return found and kind(**{name: value for name, value in found.items() if name in names})

    return read


def _distinct(read_items: Reader, key: str) -> Reader:
    """A list whose items have each a key of their own."""

    def read(node: Node) -> Any:
        found = read_items(node)
        items = node.items() if found else []
        keys = [item.value.get(key) if isinstance(item.value, Mapping) else None for item in items]
        for n, value in enumerate(keys):
            if value is not None and value in keys[:n]:
                node.items()[n].fault(DocumentFault.TWICE, value=value)
        return found

    return read


def _group_key(node: Node) -> str | None:
    if node.value == ANY_GROUP:
        node.fault(DocumentFault.TWICE, value=ANY_GROUP)
        return None
    return text(node)


def _grades(node: Node) -> tuple[GradeLine, ...] | None:
    """Each grade once, best first, the lines falling and the last one at nothing, so that every score has a grade."""
    before = len(node.faults)
    lines: tuple[GradeLine, ...] | None = list_of(_made(GradeLine, _GRADE))(node)
    if lines is None or len(node.faults) > before:
        return None
    falling = all(a.least > b.least for a, b in pairwise(lines))
    if not falling or [line.grade for line in lines] != list(Grade) or lines[-1].least != 0:
        node.fault(SchemeCode.GRADES)
    for item, line in zip(node.items(), lines, strict=False):
        if line.quota is not None and (line.quota == 0 or line is lines[-1]):
            item.fault(SchemeCode.QUOTA)
    return lines


def _evidence(node: Node) -> tuple[EvidenceTier, ...] | None:
    before = len(node.faults)
    tiers: tuple[EvidenceTier, ...] | None = list_of(_made(EvidenceTier, _TIER))(node)
    if tiers is None or len(node.faults) > before:
        return None
    starts = [tier.from_fen for tier in tiers]
    if starts[:1] != [0] or sorted(set(starts)) != starts:
        node.fault(SchemeCode.EVIDENCE)
    return tiers


def _check_weights(node: Node, indicators: Iterable[WeightedIndicator]) -> None:
    weights = [i.weight for i in indicators]
    if len(weights) == len(node.value["indicators"]) and None not in weights and sum(weights) != 100:
        node.member("indicators").fault(SchemeCode.WEIGHTS, sum=sum(weights))


def _check_targets(node: Node, indicators: Iterable[WeightedIndicator], groups: Iterable[Group]) -> None:
    """A positive target for every group where the indicator is measured against one, and for none that is not there."""
    keys = [*(g.key for g in groups if g.key), ANY_GROUP]
    objects = [item for item in node.member("indicators").items() if isinstance(item.value, Mapping)]
    for one in indicators:
        place = next(item for item in objects if item.value.get("code") == one.code)
        if INDICATORS[one.code].method is Method.SHARE:
            if one.targets:
                place.fault(SchemeCode.NO_TARGET)
            continue
        for group in keys:
            if one.target(group) is None:
                place.fault(SchemeCode.TARGET, group=group)
        for group in one.targets:
            if group not in keys:
                place.member("targets").member(group).fault(DocumentFault.UNKNOWN_VALUE, value=group, known=keys)


_WEIGHTED = {"code": Key(one_of(INDICATORS)), "weight": Key(positive), "targets": Key(_targets, None)}
_GROUP = {
    "key": Key(_group_key),
    "title": Key(text, ""),
    "title_en": Key(text, ""),
    "kinds": Key(set_of(Kind), frozenset()),
    "from_opened": Key(whole(), 0),
}
_GRADE = {"grade": Key(one_of(Grade)), "least": Key(number(most=100)), "quota": Key(number(most=1), None)}
_TIER = {"from_fen": Key(whole()), "admitted": Key(set_of(EvidenceGrade))}
COUNTING = {
    "exclusions": Key(set_of(e.reason for e in EXCLUSIONS)),
    "evidence": Key(_evidence),
    "excluded_purposes": Key(set_of(Purpose), frozenset()),
    "minimum_fen": Key(whole(), 0),
    "least_share_of_posted": Key(number(most=1), Decimal(0)),
    "least_effective_minutes": Key(whole(), 0),
    "least_share_of_booked": Key(number(most=1), Decimal(0)),
    "income_without_tax": Key(flag, False),
}
FORMER = {"split_window_days": Key(whole(least=1, most=366), None), "income_without_voucher": Key(flag, True)}
"""What counting rules of form 1 could say: editions of then are still read, and none that says it is published."""
_SCHEME: Mapping[str, Key] = {
    "beneficiary": Key(one_of(SUBJECTS)),
    "indicators": Key(_distinct(list_of(_indicator, least=1), "code")),
    "groups": Key(_distinct(list_of(_made(Group, _GROUP)), "key"), ()),
    "grades": Key(_grades),
    "counting": Key(_made(CountingRules, {**COUNTING, **FORMER})),
}
"""The keys of a scheme's document. Whoever adds a rule of counting adds a line to `COUNTING`."""
