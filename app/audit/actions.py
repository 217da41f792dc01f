"""What an act is called in the audit; features declare theirs in `actions.py`, and a wrong one raises."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """`<subject kind>.<past participle>`; the page translates it."""
