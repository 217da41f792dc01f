"""What reading one cell gives: a value, a doubt to confirm, or a problem."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from app.kernel.errors import Refusal

T = TypeVar("T")


class ReadCode(StrEnum):
    VALUE_MISSING = "value-missing"
    AMOUNT_NEEDS_UNIT = "amount-needs-unit"
    AMOUNT_RANGE = "amount-range"
    AMOUNT_FOREIGN = "amount-foreign-currency"
    AMOUNT_TOO_FINE = "amount-too-fine"
    AMOUNT_TOO_LARGE = "amount-too-large"
    AMOUNT_UNREADABLE = "amount-unreadable"
    WORD_UNKNOWN = "word-unknown"
    SHARING_UNKNOWN = "sharing-unknown"
    DAY_UNREADABLE = "day-unreadable"
    CLASS_CODE_UNREADABLE = "class-code-unreadable"
    SUBJECTS_TOO_MANY = "subjects-too-many"
    UNIT_UNKNOWN = "unit-unknown"
    CLASS_UNKNOWN = "class-unknown"
    TEXT_TOO_LONG = "text-too-long"
    TEXT_NOT_STORABLE = "text-not-storable"


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """A value without a problem is certain; with one it waits for confirmation; neither means an empty cell."""

    value: T | None = None
    problem: Refusal | None = None

    @property
    def doubtful(self) -> bool:
        return self.value is not None and self.problem is not None


def problem(code: ReadCode, **params: Any) -> Refusal:
    return Refusal(code, params)
