"""What business code may raise; the web and API shells turn each into one page or problem document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """One rule that said no: a code to translate and the figures its sentence needs.

    `code` is kebab-case and stable (API clients switch on it); `params` are plain values.
    `field` names the form field to blame where there is one.
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    field: str | None = None


class DomainError(Exception):
    """Rolls the transaction back. `status` is the HTTP status both shells answer with."""

    status = 422

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        return ()


class Refused(DomainError):
    """One or more rules said no; every refusal is carried at once."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__(", ".join(r.code for r in refusals))
        self._refusals = refusals
        if any(r.code == "slot-taken" for r in refusals):
            self.status = 409

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        return self._refusals


def refuse(code: str, field: str | None = None, **params: Any) -> Refused:
    return Refused(Refusal(code, params, field))


def refuse_all(refusals: Iterable[Refusal]) -> None:
    """Raise if there is any refusal."""
    found = tuple(refusals)
    if found:
        raise Refused(*found)


class NotFound(DomainError):
    """Absent, or not to be seen by this actor: strangers cannot tell which."""

    status = 404


class Forbidden(DomainError):
    """The actor may see it but not do this."""

    status = 403


class ScopeMissing(Forbidden):
    """The person might, but this token lacks the scope."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"the token lacks {scope}")
        self.scope = scope

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        return (Refusal("scope-missing", {"scope": self.scope}),)


class Stale(DomainError):
    """The row changed since the actor read it; `present` is its version now."""

    status = 409

    def __init__(self, present: int) -> None:
        super().__init__(f"version is now {present}")
        self.present = present

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        return (Refusal("stale-version", {"present": self.present}),)
