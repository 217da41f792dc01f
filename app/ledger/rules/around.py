"""What surrounds the records and bears no day of entry: bodies as they roll up, and who is related to whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

Span = tuple[date, date | None]
"""From a day until before another; open where that is None."""


@dataclass(frozen=True, slots=True)
class Body:
    """A body as the ledger counts it."""

    key: str
    person: str
    """Key of the legal person it belongs to: branches and merged bodies roll up."""
    person_id: int
    counts: bool = True
    """False for teams and natural persons, who are counted apart."""


@dataclass(frozen=True, slots=True)
class Around:
    """Bodies by row id; relations under both orders of their two row ids.

    Both may be set right later – a merger, a relation that only came to light – so a computation
    keeps the document of what it saw.
    """

    bodies: Mapping[int, Body]
    relations: Mapping[tuple[int, int], Sequence[Span]]

    def document(self) -> dict[str, Any]:
        pairs = sorted((pair, spans) for pair, spans in self.relations.items() if pair[0] < pair[1])
        return {
            "bodies": [[id_, body.key, body.person_id, body.counts] for id_, body in sorted(self.bodies.items())],
            "relations": [[*pair, since, until] for pair, spans in pairs for since, until in spans],
        }


def read_around(document: Mapping[str, Any]) -> Around:
    keys = {id_: key for id_, key, _person, _counts in document["bodies"]}
    bodies = {id_: Body(key, keys[person], person, counts) for id_, key, person, counts in document["bodies"]}
    spans = (
        (one, other, date.fromisoformat(since), date.fromisoformat(until) if until else None)
        for one, other, since, until in document["relations"]
    )
    return Around(bodies, both_ways(spans))


def both_ways(rows: Iterable[tuple[int, int, date, date | None]]) -> Mapping[tuple[int, int], Sequence[Span]]:
    """Relations under both orders of their sides, from (one, other, since, until)."""
    found: defaultdict[tuple[int, int], list[Span]] = defaultdict(list)
    for one, other, since, until in rows:
        found[one, other].append((since, until))
        found[other, one].append((since, until))
    return found
