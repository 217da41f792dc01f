"""Typed events inside one transaction: a lower feature tells, higher features listen, an exception rolls back.

Features name their listeners in their `Feature`; they are called in the order of the features.
"""

from __future__ import annotations

from app.infra.feature import installed


def publish(event: object) -> None:
    for listener in installed().listeners.get(type(event), ()):
        listener(event)
