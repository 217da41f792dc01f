"""What a use costs: hourly prices by client class, dated, quoted line by line and rounded once a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, TypeVar

from app.kernel.money import Money, half_up, total


class ClientClass(StrEnum):
    OWN_UNIT = "own_unit"
    ACADEMIC = "academic"
    FIRM = "firm"
    SMALL_FIRM = "small_firm"
    TEAM = "team"
    OTHER = "other"


_C = ClientClass

FALLBACK: Mapping[ClientClass, tuple[ClientClass, ...]] = {
    _C.OWN_UNIT: (_C.OWN_UNIT, _C.ACADEMIC, _C.OTHER),
    _C.ACADEMIC: (_C.ACADEMIC, _C.OTHER),
    _C.SMALL_FIRM: (_C.SMALL_FIRM, _C.FIRM, _C.OTHER),
    _C.TEAM: (_C.TEAM, _C.SMALL_FIRM, _C.FIRM, _C.OTHER),
    _C.FIRM: (_C.FIRM, _C.OTHER),
    _C.OTHER: (_C.OTHER,),
}
"""Whose price each class pays, first found first: the nearest wider class, at last the general price."""


class LineCode(StrEnum):
    START_UP = "start-up"
    MACHINE_TIME = "machine-time"
    MINIMUM = "minimum"
    """What lifts the sum to the minimum charge."""


@dataclass(frozen=True, slots=True)
class HourlyPrice:
    """One price of one class. Free minutes come off first, then the rest is rounded up to billing units."""

    hourly_fen: int
    start_up_fen: int = 0
    free_minutes: int = 0
    billing_unit_minutes: int = 1
    minimum_fen: int = 0

    def __post_init__(self) -> None:
        if min(self.hourly_fen, self.start_up_fen, self.free_minutes, self.minimum_fen) < 0:
            raise ValueError("a price is not negative")
        if self.billing_unit_minutes < 1:
            raise ValueError("a billing unit is at least a minute")

    def billed_minutes(self, minutes: int) -> int:
        beyond = max(0, minutes - self.free_minutes)
        return -(-beyond // self.billing_unit_minutes) * self.billing_unit_minutes


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """`amount` is `quantity × unit_price / per`, rounded half up: 125 minutes at a price per 60 of them."""

    code: LineCode
    quantity: Decimal
    unit_price: Money
    amount: Money
    per: int = 1


@dataclass(frozen=True, slots=True)
class Quote:
    lines: tuple[QuoteLine, ...]

    @property
    def total(self) -> Money:
        return total(line.amount for line in self.lines)


def _line(code: LineCode, quantity: int, unit_price_fen: int, per: int = 1) -> QuoteLine:
    # Multiplied before it is divided, so that an exact half stays one.
    amount = Money(int(half_up(Decimal(quantity * unit_price_fen) / per)))
    return QuoteLine(code, Decimal(quantity), Money(unit_price_fen), amount, per)


def quote(price: HourlyPrice, minutes: int) -> Quote:
    """What `minutes` of use cost. A start-up fee or top-up of nothing has no line."""
    if minutes < 0:
        raise ValueError("a use does not last less than nothing")
    lines = [_line(LineCode.MACHINE_TIME, price.billed_minutes(minutes), price.hourly_fen, per=60)]
    if price.start_up_fen:
        lines.insert(0, _line(LineCode.START_UP, 1, price.start_up_fen))
    short = price.minimum_fen - total(line.amount for line in lines).fen
    if short > 0:
        lines.append(_line(LineCode.MINIMUM, 1, short))
    return Quote(tuple(lines))


P = TypeVar("P")


def price_for(client: ClientClass, prices: Mapping[ClientClass, P]) -> P | None:
    """The price of the first class in the fallback order that has one; None means: not offered."""
    return next((prices[c] for c in FALLBACK[client] if c in prices), None)


class Dated(Protocol):
    """Anything in force from the civil day `valid_from`; `valid_until` is the first day without it."""

    @property
    def valid_from(self) -> date: ...
    @property
    def valid_until(self) -> date | None: ...


def in_force(dated: Dated, day: date) -> bool:
    return dated.valid_from <= day and (dated.valid_until is None or day < dated.valid_until)
