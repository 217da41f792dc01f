"""What an indicator is: one class with its measure, unit, rows, settings and the clause that asks for it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, ClassVar

from app.ledger.rules.exclusions import Measure
from app.ledger.rules.verdicts import Judgement


class Method(StrEnum):
    TARGET = "target"
    """Full points from the target on, in proportion below it."""
    SHARE = "share"
    """The value is a share already."""


class Unit(StrEnum):
    """How a value of the indicator is written."""

    NUMBER = "number"
    WAN_YUAN = "wan-yuan"
    HOURS = "hours"
    SHARE = "share"


class RowColumn(StrEnum):
    """What the list of an indicator's rows can show, besides number, end, instrument, client and charge."""

    PAID_ON = "paid-on"
    INVOICES = "invoices"
    EVIDENCE = "evidence"
    COUNTS = "counts"
    ADDS = "adds"
    RATING = "rating"
    PAPERS = "papers"
    REASONS = "reasons"
    COUNTED_WITH = "counted-with"
    MISSING = "missing"


class Population(StrEnum):
    """Which records of the unit an indicator looks at."""

    CONCERNED = "concerned"
    """All that concern the year, whether they count or not."""
    EXTERNAL = "external"
    """Services for others that ended in the year."""


COMMON = (RowColumn.EVIDENCE, RowColumn.COUNTS, RowColumn.ADDS, RowColumn.REASONS, RowColumn.MISSING)


@dataclass(frozen=True, slots=True)
class NoSettings:
    """For an indicator of which a scheme can set nothing."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The exact value, on how many records it rests, and a code for what a reader must know about it."""

    value: Fraction
    records: int
    note: str | None = None


class Indicator(ABC):
    """An instance takes the judged records of one unit one by one, so that a year of any length needs little memory.

    `Settings` is a frozen dataclass whose fields are read by `documents.setting`; `notes` are the codes that
    `measured` may give. `policy` marks the three indicators that Art. 13 itself names; they decide ties.
    """

    code: ClassVar[str]
    clause: ClassVar[str]
    measure: ClassVar[Measure]
    method: ClassVar[Method] = Method.TARGET
    unit: ClassVar[Unit] = Unit.NUMBER
    columns: ClassVar[tuple[RowColumn, ...]] = COMMON
    population: ClassVar[Population] = Population.CONCERNED
    notes: ClassVar[tuple[str, ...]] = ()
    policy: ClassVar[bool] = False
    Settings: ClassVar[type[Any]] = NoSettings

    def __init__(self, year: int, settings: Any) -> None:
        self.year, self.settings = year, settings

    @abstractmethod
    def add(self, one: Judgement) -> None: ...

    @abstractmethod
    def measured(self) -> Measured: ...
