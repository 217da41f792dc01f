"""What organisations, their members and relations must satisfy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.kernel import uscc
from app.kernel.errors import Refusal


class Kind(StrEnum):
    """What a body is (Art. 13 ¶1 names the eligible providers; domain.md §2 the rest)."""

    UNIVERSITY = "university"
    RESEARCH_INSTITUTE = "research-institute"
    MEDICAL = "medical"
    CENTRAL_ENTERPRISE = "central-enterprise"
    ENTERPRISE = "enterprise"
    SMALL_ENTERPRISE = "small-enterprise"
    START_UP_TEAM = "start-up-team"
    INDIVIDUAL_BUSINESS = "individual-business"
    PARTNERSHIP = "partnership"
    FOREIGN = "foreign"
    PUBLIC_BODY = "public-body"
    NATURAL_PERSON = "natural-person"
    OTHER = "other"


INVITATION_LIFE = timedelta(days=14)
MOST_WAITING = 5  # applications of one person

# Kinds that may have no unified social credit code; all others need one.
WITHOUT_CODE = frozenset({"start-up-team", "foreign", "natural-person", "other"})

# Operator and district are set up at the shell, not applied for on a page.
APPLIED_FOR = ("provider", "client", "intermediary")

MEMBER_ROLES = {
    "provider": ("administrator", "instrument-manager", "finance", "approver", "member"),
    "client": ("administrator", "approver", "member"),
    "intermediary": ("administrator", "agent"),
    "operator": ("administrator", "operator", "system-administrator", "security-administrator"),
    "district": ("administrator", "scheme-manager", "reviewer", "fund-clerk", "audit-administrator"),
}

# 三员分立: no person holds two of these, wherever.
SEPARATED = frozenset({"system-administrator", "security-administrator", "audit-administrator"})

LETTER_TYPES = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def code_faults(kind: str, code: str | None) -> Iterator[Refusal]:
    if code is None:
        if kind not in WITHOUT_CODE:
            yield Refusal("uscc-needed", {}, "uscc")
    elif fault := uscc.fault(code):
        yield Refusal(fault, {}, "uscc")


def role_faults(roles: Sequence[str]) -> Iterator[Refusal]:
    if not roles or not set(roles) <= set(APPLIED_FOR):
        yield Refusal("roles-not-offered", {}, "roles")


def member_roles_for(roles: Iterable[str]) -> list[str]:
    """The roles that make sense at a body with these roles, each once, the administrator first."""
    return list(dict.fromkeys(role for role in roles for role in MEMBER_ROLES[role]))


def separation_broken(held: Iterable[str], wanted: str) -> bool:
    return wanted in SEPARATED and bool((set(held) & SEPARATED) - {wanted})


def letter_type(head: bytes) -> str | None:
    """The media type by content, never by name; None for anything but PDF, PNG and JPEG."""
    return next((kind for lead, kind in LETTER_TYPES.items() if head.startswith(lead)), None)


@dataclass(frozen=True, slots=True)
class Term:
    """When a membership holds; `ends_on` is the first day without it."""

    starts_on: date
    ends_on: date | None

    def holds(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


def leaves_nobody(others: Iterable[Term], *, ends_on: date | None, today: date) -> bool:
    """Whether a body would be without an administrator once this one ends on `ends_on`."""
    if ends_on is None:
        return False
    last_day = max(ends_on, today)
    return not any(term.holds(last_day) for term in others)


def term_faults(term: Term, *, today: date) -> Iterator[Refusal]:
    if term.ends_on is not None and (term.ends_on < term.starts_on or term.ends_on < today):
        yield Refusal("end-before-start", {}, "ends_on")


def share_faults(basis: str, share: object) -> Iterator[Refusal]:
    if basis == "control" and share is None:
        yield Refusal("share-needed", {}, "share")
