"""Unmet demand: what is counted and shown of requests that the platform could not meet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from app.booking.rules.refusals import RefusalCode


def reasons(codes: Iterable[str]) -> list[RefusalCode | str]:
    """The codes as reasons; one of a higher feature that has no label here stays as it is."""
    return [RefusalCode(code) if code in set(RefusalCode) else code for code in codes]


def count_by_reason(rows: Iterable[tuple[Iterable[str], int]]) -> list[tuple[RefusalCode | str, int]]:
    """(reason, requests) from (codes, requests), the most frequent first; a request counts for each of its reasons."""
    counts: Counter[str] = Counter()
    for codes, number in rows:
        counts.update(dict.fromkeys(codes, number))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return list(zip(reasons(code for code, _number in ordered), (number for _code, number in ordered), strict=True))
