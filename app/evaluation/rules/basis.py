"""What a computation rests on besides the rows of the ledger, which are dated: frozen with its results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.evaluation.rules.schemes import counting_rules
from app.kernel.canonical import plain
from app.kernel.civil import iso, parse_instant
from app.ledger.rules.organisations import OrganisationGraph, read_graph
from app.ledger.rules.verdicts import Judging
from app.ledger.rules.years import CutOffs


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that may be assessed: its kind, and the original value (fen) of what it has opened."""

    key: str
    kind: str
    opened: int


@dataclass(frozen=True, slots=True)
class EarlierRules:
    """What records were judged by that an earlier round of the same beneficiary was the first to read."""

    counting: Mapping[str, Any]
    """The part of that round's scheme, as published."""
    cut_offs: CutOffs

    def judging(self) -> Judging:
        return Judging(counting_rules(self.counting), self.cut_offs)


@dataclass(frozen=True, slots=True)
class Assumed:
    """A round that is not final yet, taken for what its computation of `as_of` would take."""

    round: str
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Basis:
    """Units with what they had opened, cut-offs then published, bodies and relations then known.

    `closed` is the as-of of the final round by year, `earlier` the rules of earlier rounds by their key,
    final ones and those assumed.
    """

    units: tuple[Unit, ...]
    cut_offs: CutOffs
    graph: OrganisationGraph
    closed: Mapping[int, datetime]
    earlier: Mapping[str, EarlierRules]
    assumed: tuple[Assumed, ...]

    def document(self) -> dict[str, Any]:
        return {**self.head(), **self.graph.document()}

    def head(self) -> dict[str, Any]:
        """All but bodies and relations, which show in the facts of each record."""
        earlier = {key: [one.counting, _days(one.cut_offs)] for key, one in self.earlier.items()}
        return {
            "units": [[unit.key, unit.kind, unit.opened] for unit in sorted(self.units, key=lambda u: u.key)],
            "cut_offs": _days(self.cut_offs),
            "closed": {str(year): iso(as_of) for year, as_of in self.closed.items()},
            "earlier": plain(earlier),
            "assumed": [[one.round, iso(one.as_of)] for one in self.assumed],
        }


def _days(cut_offs: CutOffs) -> dict[str, str]:
    return {str(year): day.isoformat() for year, day in sorted(cut_offs.dates.items())}


def _cut_offs(document: Mapping[str, str]) -> CutOffs:
    return CutOffs({int(year): date.fromisoformat(day) for year, day in document.items()})


def read_basis(document: Mapping[str, Any]) -> Basis:
    return Basis(
        tuple(Unit(*unit) for unit in document["units"]),
        _cut_offs(document["cut_offs"]),
        read_graph(document),
        {int(year): parse_instant(as_of) for year, as_of in document["closed"].items()},
        {key: EarlierRules(counting, _cut_offs(days)) for key, (counting, days) in document["earlier"].items()},
        tuple(Assumed(key, parse_instant(as_of)) for key, as_of in document["assumed"]),
    )
