"""What an act that needs permission is called; features declare theirs in `permissions.py`."""

from __future__ import annotations

from enum import StrEnum

PUBLIC = "public"  # anybody, signed in or not
SIGNED_IN = "signed-in"  # any person, about themselves


class Permission(StrEnum):
    """`<resource>:<act>`; each feature declares its own and the policy that says who."""

    @property
    def scope(self) -> str:
        """The scope an API token needs for it."""
        return scope_of(self.value)


# What a token can be given: no more than the API has endpoints for (tests/architecture/test_pages.py compares).
SCOPES = ("instrument:read", "instrument:write", "booking:read", "booking:write", "record:read", "result:read")


def scope_of(permission: str) -> str:
    """The scope behind a permission's code."""
    resource, act = permission.split(":")
    return f"{resource}:{'read' if act in {'view', 'search'} else 'write'}"
