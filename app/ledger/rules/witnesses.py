"""Two parties are two people: whose word stands behind a confirmed use."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum


class Witness(StrEnum):
    BOTH = "both"
    """Somebody of the provider ran or recorded the use, and somebody of no side of the provider confirmed it."""
    CLIENT_ALONE = "client-alone"
    PROVIDER_ALONE = "provider-alone"
    """Whoever confirmed has a role at the provider or at a body related to it."""


def witness(
    recorded_by: Collection[int], confirmed_by: int | None, *, of_provider: Collection[int], near: bool
) -> Witness:
    """`of_provider` are those of the people with a role at the provider; `near` says it of the one who confirmed."""
    if near or confirmed_by in of_provider:
        return Witness.PROVIDER_ALONE
    other = {person for person in recorded_by if person in of_provider and person != confirmed_by}
    return Witness.BOTH if other else Witness.CLIENT_ALONE
