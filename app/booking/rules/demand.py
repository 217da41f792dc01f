"""Why a wish was not met: what is counted and shown of demand that the platform could not serve."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum


class DemandReason(StrEnum):
    """The codes a wish can be refused with, and what became of requests that nobody granted."""

    SLOT_TAKEN = "slot-taken"
    OUTSIDE_OPENING_HOURS = "outside-opening-hours"
    OUT_OF_SERVICE = "instrument-in-maintenance"
    NOT_OPEN_FOR_BOOKING = "not-open-for-booking"
    TOO_SOON = "too-soon"
    TOO_FAR = "too-far"
    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    OFF_GRID = "off-grid"
    IN_THE_PAST = "in-the-past"
    ENDS_BEFORE_START = "ends-before-start"
    TOO_LATE_TO_MOVE = "too-late-to-move"
    MODE_NOT_OFFERED = "mode-not-offered"
    NO_PRICE = "no-price"
    NOT_SHARED_WITH_YOU = "not-shared-with-you"
    ORGANISATION_NOT_VERIFIED = "organisation-not-verified"
    SUSPENDED = "suspended"
    DECLINED = "declined"  # by the staff
    UNDECIDED = "undecided"  # nobody decided before the wished start


def reasons(codes: Iterable[str]) -> list[DemandReason | str]:
    """The codes as reasons; one of a higher feature that has no word here stays as it is."""
    return [DemandReason(code) if code in set(DemandReason) else code for code in codes]


def count_by_reason(rows: Iterable[tuple[Iterable[str], int]]) -> list[tuple[DemandReason | str, int]]:
    """(reason, wishes) from (codes, wishes), the most frequent first; a wish counts for each of its reasons."""
    counts: Counter[str] = Counter()
    for codes, number in rows:
        counts.update(dict.fromkeys(codes, number))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return list(zip(reasons(code for code, _number in ordered), (number for _code, number in ordered), strict=True))
