"""Typed events inside one transaction: a lower feature tells, higher features listen, an exception rolls back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

_listeners: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


E = TypeVar("E")


def subscribe(kind: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register a listener when its feature is imported; order of registration is order of call."""

    def register(listener: Callable[[E], None]) -> Callable[[E], None]:
        _listeners[kind].append(listener)
        return listener

    return register


def publish(event: object) -> None:
    for listener in _listeners[type(event)]:
        listener(event)
