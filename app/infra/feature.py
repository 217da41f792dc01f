"""What a feature declares about itself, and all features of the running platform put together.

Importing a module registers nothing: `app.features` lists the features in one literal table, the factory installs
them, and whoever needs what they declare asks `installed()`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import ModuleType
from typing import Any

from flask import Blueprint, Flask


@dataclass(frozen=True, eq=False)
class Feature:
    """One capability. Each field is named after what reads it; the order inside of a field is the order shown.

    `policy` and `view` belong to `access`; `actions` are the enums of acts for the audit; `labels` is the feature's
    module of LABELS, REFUSALS and BADGES; `menu` holds `web.menu.Entry`; `panels` add to the page of a booking,
    `record_panels` to that of a service record, `tabs` to that of an instrument; `listeners` are (kind of event,
    function); `checks` refuse bookings; `tasks` name the work of each kind of long task; `prepare` does what an
    extension of Flask needs of the application.
    """

    name: str
    blueprints: tuple[Blueprint, ...] = ()
    policy: Mapping[Any, Any] = field(default_factory=dict)
    view: Mapping[Any, Any] = field(default_factory=dict)
    actions: tuple[Any, ...] = ()
    labels: ModuleType | None = None
    menu: tuple[Any, ...] = ()
    excused: Mapping[str, str] = field(default_factory=dict)
    panels: tuple[Callable[..., str], ...] = ()
    record_panels: tuple[Callable[[Any], str], ...] = ()
    tabs: tuple[tuple[Any, str], ...] = ()
    listeners: tuple[tuple[type, Callable[[Any], None]], ...] = ()
    checks: tuple[Callable[..., Any], ...] = ()
    tasks: Mapping[str, Any] = field(default_factory=dict)
    prepare: Callable[[Flask], None] | None = None


class Installed:
    """What all features declare, each kind of thing in one table, in the order of the features."""

    def __init__(self, features: tuple[Feature, ...]) -> None:
        self.features = features

    @cached_property
    def policy(self) -> Mapping[Any, Any]:
        return {permission: ways for one in self.features for permission, ways in one.policy.items()}

    @cached_property
    def view(self) -> Mapping[Any, Any]:
        return {permission: seen for one in self.features for permission, seen in one.view.items()}

    @cached_property
    def actions(self) -> Mapping[str, Any]:
        return {act.value: act for one in self.features for kind in one.actions for act in kind}

    @cached_property
    def menu(self) -> tuple[Any, ...]:
        return tuple(sorted((entry for one in self.features for entry in one.menu), key=lambda entry: entry.place))

    @cached_property
    def excused(self) -> Mapping[str, str]:
        """Pages without arguments that need no entry in the menu, each with the reason."""
        return {page: reason for one in self.features for page, reason in one.excused.items()}

    @cached_property
    def panels(self) -> tuple[Callable[..., str], ...]:
        return tuple(panel for one in self.features for panel in one.panels)

    @cached_property
    def record_panels(self) -> tuple[Callable[[Any], str], ...]:
        return tuple(panel for one in self.features for panel in one.record_panels)

    @cached_property
    def tabs(self) -> tuple[tuple[Any, str], ...]:
        return tuple(tab for one in self.features for tab in one.tabs)

    @cached_property
    def checks(self) -> tuple[Callable[..., Any], ...]:
        return tuple(check for one in self.features for check in one.checks)

    @cached_property
    def listeners(self) -> Mapping[type, list[Callable[[Any], None]]]:
        found: defaultdict[type, list[Callable[[Any], None]]] = defaultdict(list)
        for one in self.features:
            for kind, listener in one.listeners:
                found[kind].append(listener)
        return dict(found)

    @cached_property
    def tasks(self) -> dict[str, Any]:
        return {kind: work for one in self.features for kind, work in one.tasks.items()}


_present = Installed(())


def install(features: tuple[Feature, ...]) -> None:
    """Make these the features of this process. A process serves one platform, so the last factory decides."""
    global _present  # noqa: PLW0603  one platform per process
    if features is not _present.features:
        _present = Installed(features)


def installed() -> Installed:
    return _present
