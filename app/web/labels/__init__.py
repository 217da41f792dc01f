"""The one lazy table of words: what every enum member and every refusal code is called.

Rules and models know codes only. Each feature has a module here with `LABELS` (class name → value →
words), `REFUSALS` (code → sentence with %(name)s places) and `LOOKS` (class name → value → colour
and icon of a state); a test holds the tables complete.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel.speaklater import LazyString

from app.kernel.errors import Refusal
from app.kernel.money import Money
from app.kernel.period import Period
from app.web import formats
from app.web.labels import (
    access,
    accounts,
    api,
    audit,
    billing,
    booking,
    catalogue,
    evaluation,
    infra,
    kernel,
    ledger,
    organisations,
    pricing,
    usage,
)
from app.web.labels.badge import PLAIN, Badge

# One line each, so that two people who add a feature do not meet.
ROOMS = (
    access,
    accounts,
    api,
    audit,
    billing,
    booking,
    catalogue,
    evaluation,
    infra,
    kernel,
    ledger,
    organisations,
    pricing,
    usage,
)

LABELS: dict[str, Mapping[str, LazyString]] = {}
REFUSALS: dict[str, LazyString] = {}
BADGES: dict[str, Mapping[str, Badge]] = {}
for _feature in ROOMS:
    LABELS.update(_feature.LABELS)
    REFUSALS.update(_feature.REFUSALS)
    BADGES.update(getattr(_feature, "LOOKS", {}))


def label(member: StrEnum | None) -> str:
    """What the member is called in the reader's language; nothing for None."""
    return "" if member is None else str(LABELS[type(member).__name__][member.value])


def choices(kind: type[StrEnum]) -> list[tuple[str, str]]:
    """(value, label) of every member, for a choice field or a filter."""
    return [(member.value, label(member)) for member in kind]


def scope(name: str) -> str:
    """What an API token with this scope may do, in words."""
    resource, act = name.split(":")
    what = str(access.RESOURCES[resource])
    return _("%(what)s: read", what=what) if act == "read" else _("%(what)s: change", what=what)


def has_badge(value: object) -> bool:
    """Whether a value is a state that is shown as a badge."""
    return type(value).__name__ in BADGES


def badge_of(member: StrEnum) -> Badge:
    """The colour and icon that go with the word of a state."""
    return BADGES.get(type(member).__name__, {}).get(member.value, PLAIN)


def message(refusal: Refusal) -> str:
    """The refusal in plain words, with its figures as people write them."""
    if refusal.code not in REFUSALS:
        return _("Refused (%(code)s).", code=refusal.code)
    return str(REFUSALS[refusal.code]) % defaultdict(str, {k: _figure(k, v) for k, v in refusal.params.items()})


def _figure(name: str, value: Any) -> str:
    """Programs read minutes, people hours and minutes."""
    return formats.duration(value) if name.endswith("minutes") and isinstance(value, int) else _shown(value)


def _shown(value: Any) -> str:
    match value:
        case StrEnum():
            return label(value)
        case Money():
            return formats.money(value)
        case datetime():
            return formats.moment(value)
        case date():
            return formats.day(value)
        case (datetime() as start, datetime() as end):
            return formats.span(Period(start, end))
        case [] | ():
            return _("none")
        case list() | tuple():
            return _(", ").join(_shown(part) for part in value)
    return str(value)
