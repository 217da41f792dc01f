"""What a computation rests on besides the rows of the ledger, which are dated: frozen with its results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.evaluation.rules.rounds import Unit
from app.ledger.rules.around import Around, read_around
from app.ledger.rules.years import CutOffs


@dataclass(frozen=True, slots=True)
class Basis:
    """Units with what they had opened, the cut-offs then published, and the bodies and relations then known."""

    units: tuple[Unit, ...]
    cut_offs: CutOffs
    around: Around

    def document(self) -> dict[str, Any]:
        return {
            "units": [[unit.key, unit.kind, unit.opened] for unit in sorted(self.units, key=lambda u: u.key)],
            "cut_offs": self.cut_offs.dates,
            **self.around.document(),
        }


def read_basis(document: Mapping[str, Any]) -> Basis:
    return Basis(
        tuple(Unit(*unit) for unit in document["units"]),
        CutOffs({int(year): date.fromisoformat(day) for year, day in document["cut_offs"].items()}),
        read_around(document),
    )
