"""What an indicator is: a measure of one unit's judged year, with the clause that asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, Protocol

from app.ledger.rules.verdicts import Judgement

Settings = Mapping[str, Any]
"""What a scheme may set for one indicator; each file names its own keys."""


class IndicatorCode(StrEnum):
    SERVICE_COUNT = "service-count"
    SERVICE_INCOME = "service-income"
    CLIENT_COUNT = "client-count"
    SATISFACTION = "satisfaction"
    COMPLETENESS = "completeness"


class Method(StrEnum):
    TARGET = "target"
    """Full points from the target on, in proportion below it."""
    SHARE = "share"
    """The value is a share already."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The exact value, on how many records it rests, and a code for what a reader must know about it."""

    value: Fraction
    records: int
    note: str | None = None


class Gathering(Protocol):
    """Takes the judged records of one unit one by one, so that a year of any length needs little memory."""

    def add(self, one: Judgement) -> None: ...

    def measured(self) -> Measured: ...


@dataclass(frozen=True, slots=True)
class Indicator:
    """`policy` marks the three indicators that Art. 13 itself names; they decide ties."""

    code: IndicatorCode
    clause: str
    method: Method
    gather: Callable[[int, Settings], Gathering]
    policy: bool = False
