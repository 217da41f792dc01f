"""Who is asking, reduced to what the policy needs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """A role is held at one organisation, through a membership with dates (domain.md §2)."""

    MEMBER = "member"
    APPROVER = "approver"
    INSTRUMENT_MANAGER = "instrument-manager"
    FINANCE = "finance"
    ADMINISTRATOR = "administrator"
    AGENT = "agent"
    OPERATOR = "operator"
    SCHEME_MANAGER = "scheme-manager"
    REVIEWER = "reviewer"
    FUND_CLERK = "fund-clerk"
    SYSTEM_ADMINISTRATOR = "system-administrator"
    SECURITY_ADMINISTRATOR = "security-administrator"
    AUDIT_ADMINISTRATOR = "audit-administrator"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person with the roles held today; `user_id` None is a visitor, `label` a job or command."""

    user_id: int | None = None
    roles: frozenset[tuple[Role, int]] = frozenset()
    instruments: frozenset[int] = frozenset()  # those this person manages
    providers: frozenset[int] = frozenset()  # of the organisations, those that share instruments
    scopes: frozenset[str] | None = None  # of an API token; None: a page, everything the roles allow
    label: str = ""
    address: str = ""  # where from, for the audit

    def organisations(self, *roles: Role) -> frozenset[int]:
        """Where any of `roles` is held; without arguments, where any role is."""
        return frozenset(org for role, org in self.roles if not roles or role in roles)

    def holds(self, *roles: Role) -> bool:
        return any(role in roles for role, _ in self.roles)

    @property
    def key(self) -> str:
        return f"user:{self.user_id}" if self.user_id is not None else f"system:{self.label}"


NOBODY = Actor()


def system(label: str) -> Actor:
    """A job or an operator's command at the shell: named in the audit, checked by nobody but its caller."""
    return Actor(label=label)
