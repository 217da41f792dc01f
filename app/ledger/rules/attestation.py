"""The two people who stand for imported history before it can count."""

from __future__ import annotations

from enum import StrEnum


class HistoryStep(StrEnum):
    ATTESTED = "attested"
    """The provider says that it is true (承诺)."""
    VERIFIED = "verified"
    """An operator unrelated to the provider has checked it (核验)."""
