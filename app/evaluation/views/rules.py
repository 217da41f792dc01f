"""A scheme in words: what weighs how much, what counts and what does not, as anybody must be able to read it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _

from app.booking.rules.purposes import Purpose
from app.evaluation.labels import PAPERS, SETTINGS
from app.evaluation.models import Scheme
from app.evaluation.rules.indicators import INDICATORS
from app.evaluation.rules.schemes import GradeLine, Group, read_scheme
from app.evaluation.rules.schemes import Scheme as Rules
from app.evaluation.views.figures import amount, group_name, indicator_name, plain
from app.kernel.errors import Refused
from app.kernel.money import Money
from app.ledger.rules.exclusions import CountingRules, EvidenceTier, Reason, established
from app.ledger.rules.facts import EvidenceGrade
from app.organisations.models import Kind
from app.web.cells import display
from app.web.formats import money, percent, wan
from app.web.labels import label, message


@dataclass(frozen=True, slots=True)
class Weighing:
    """One indicator with its weight and, by group, what brings all of its points."""

    name: str
    weight: str
    targets: tuple[tuple[str, str], ...]
    limits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SchemeRules:
    faults: tuple[str, ...]
    """Why the stored document cannot be read; then nothing else stands here."""
    indicators: tuple[Weighing, ...]
    groups: tuple[tuple[str, str], ...]
    grades: tuple[tuple[str, str], ...]
    counting: tuple[tuple[str, str], ...]


def rules_of(scheme: Scheme) -> SchemeRules:
    """The rules in words, or what keeps the document from being read."""
    try:
        rules = read_scheme(scheme.document)
    except Refused as refused:
        return SchemeRules(tuple(message(one) for one in refused.refusals), (), (), (), ())
    return SchemeRules(
        (),
        tuple(
            Weighing(
                indicator_name(one.code),
                plain(one.weight),
                tuple(
                    (group_name(scheme, key), amount(INDICATORS[one.code].unit, target))
                    for key, target in one.targets.items()
                ),
                tuple(_limits(one.settings)),
            )
            for one in rules.indicators
        ),
        tuple((group_name(scheme, group.key), _members(group)) for group in rules.groups),
        tuple((label(line.grade), _line(line)) for line in rules.grades),
        tuple(_counting(rules.counting)),
    )


def read_or_none(scheme: Scheme) -> Rules | None:
    """What the pages derive from the scheme; None where its stored document cannot be read."""
    try:
        return read_scheme(scheme.document)
    except Refused:
        return None


def _limits(settings: Any) -> Iterable[str]:
    """What the scheme set for an indicator, in the words of `web.words.evaluation.SETTINGS`."""
    for one in fields(settings):
        value = getattr(settings, one.name)
        if value is not None and value != 0:
            yield setting_in_words(one.name, value)


def setting_in_words(name: str, value: Any) -> str:
    words = str(SETTINGS.get(name, "%(value)s"))
    return words % {"value": display(_written(name, value))}


def _written(name: str, value: Any) -> Any:
    if isinstance(value, tuple):
        return [str(PAPERS.get(one, one)) for one in value]
    return Money(value) if name.endswith("_fen") else value


def _members(group: Group) -> str:
    kinds = _listed(Kind, group.kinds) or _("every kind")
    if not group.from_opened:
        return kinds
    worth = _("%(value)s × 10,000 yuan", value=wan(Money(group.from_opened)))
    return _("%(kinds)s, with at least %(worth)s of instruments opened", kinds=kinds, worth=worth)


def _line(line: GradeLine) -> str:
    least = _("from %(points)s points", points=plain(line.least))
    return (
        least
        if line.quota is None
        else _("%(least)s, at most %(share)s of a group", least=least, share=percent(line.quota))
    )


def _counting(rules: CountingRules) -> Iterable[tuple[str, str]]:
    yield _("Not counted"), _listed(Reason, established(rules))
    if rules.excluded_purposes:
        yield _("Purposes that are not counted"), _listed(Purpose, rules.excluded_purposes)
    yield _("Evidence admitted"), "; ".join(map(_tier, rules.evidence))
    if rules.minimum_fen:
        yield _("Minimum amount of a service"), money(Money(rules.minimum_fen))
    if rules.least_share_of_posted:
        yield _("Least share of the posted price"), percent(rules.least_share_of_posted)
    if rules.least_effective_minutes:
        yield _("Least effective time of a service"), _("%(minutes)s minutes", minutes=rules.least_effective_minutes)
    if rules.least_share_of_booked:
        yield _("Least share of the booked time that was used"), percent(rules.least_share_of_booked)
    yield _("Income"), _("without tax") if rules.income_without_tax else _("with tax")


def _tier(tier: EvidenceTier) -> str:
    grades = _listed(EvidenceGrade, tier.admitted)
    if not tier.from_fen:
        return grades
    return _("from %(amount)s: %(grades)s", amount=money(Money(tier.from_fen)), grades=grades)


def _listed(kind: type[StrEnum], members: Collection[str]) -> str:
    """In the order in which the members are defined, so that the page stays the same."""
    return display([one for one in kind if one in members])
