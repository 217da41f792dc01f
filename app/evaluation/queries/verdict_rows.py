"""The rows of a computation while it is made: kept in a file, as a year is never in memory as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from app.evaluation.rules.rows import row_of
from app.infra.spool import Spool
from app.kernel.civil import parse_instant
from app.kernel.money import Money
from app.ledger.rules.facts import EvidenceGrade
from app.ledger.rules.verdicts import Judgement


class Rows:
    """Takes judged records one by one and keeps what is stored of each in a file, by the key of the record."""

    def __init__(self, year: int) -> None:
        self.year, self.spool, self.number = year, Spool(), 0

    def take(self, one: Judgement) -> None:
        self.spool.put(one.facts.key, [row_of(one, self.year)])
        self.number += 1

    def stored(self) -> Iterator[dict[str, Any]]:
        """By the columns of RecordVerdict, in order of the key of the record."""
        for _key, (row,) in self.spool:
            paid_on = row["paid_on"] and date.fromisoformat(row["paid_on"])
            typed = {"ended_at": parse_instant(row["ended_at"]), "paid_on": paid_on, "charged": Money(row["charged"])}
            yield {**row, **typed, "kept": Money(row["kept"]), "evidence": EvidenceGrade(row["evidence"])}
