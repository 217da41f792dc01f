"""What every enum member and every refusal code is called, in the reader's language.

Rules and models know codes only. Each feature has a module `labels` with `LABELS` (class name → value → label),
`REFUSALS` (code → message with %(name)s places) and `BADGES` (class name → value → colour and icon of a state); a
test holds them complete.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _

from app.infra.feature import Feature, Installed, installed
from app.kernel.errors import Refusal
from app.kernel.money import Money
from app.kernel.period import Period
from app.web import formats
from app.web.labels import access, api, infra, kernel
from app.web.labels.badge import PLAIN, Badge

SHELL = (access, api, infra, kernel)
"""What lies below the features; these declare their own."""


class _Tables:
    """The labels of the shell and of all installed features."""

    def __init__(self, features: tuple[Feature, ...]) -> None:
        modules = [*SHELL, *(one.labels for one in features if one.labels is not None)]
        self.labels = {kind: table for module in modules for kind, table in module.LABELS.items()}
        self.refusals = {code: text for module in modules for code, text in module.REFUSALS.items()}
        self.badges = {k: t for module in modules for k, t in getattr(module, "BADGES", {}).items()}


@lru_cache(maxsize=1)
def _tables_of(present: Installed) -> _Tables:
    return _Tables(present.features)


def tables() -> _Tables:
    return _tables_of(installed())


def label(member: StrEnum | None) -> str:
    """What the member is called in the reader's language; nothing for None."""
    return "" if member is None else str(tables().labels[type(member).__name__][member.value])


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
    return type(value).__name__ in tables().badges


def badge_of(member: StrEnum) -> Badge:
    """The colour and icon that go with the word of a state."""
    return tables().badges.get(type(member).__name__, {}).get(member.value, PLAIN)


def message(refusal: Refusal) -> str:
    """The refusal in plain words, with its figures as people write them."""
    if refusal.code not in tables().refusals:
        return _("Refused (%(code)s).", code=refusal.code)
    return str(tables().refusals[refusal.code]) % defaultdict(
        str, {k: _figure(k, v) for k, v in refusal.params.items()}
    )


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
