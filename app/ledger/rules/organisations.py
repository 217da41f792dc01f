"""The graph of bodies: to which legal person each belongs on a day, and who is related to whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any


@dataclass(frozen=True, slots=True)
class Body:
    """A body as the ledger counts it: branches belong to their parent, merged bodies to what they became."""

    key: str
    counts: bool
    """False for teams and natural persons, who are counted apart."""
    parent_id: int | None
    merged_into_id: int | None
    merged_on: date | None


@dataclass(frozen=True, slots=True)
class Relation:
    """From a day until before another; open where that is None. `controller_id` is the side that controls, if known."""

    one_id: int
    other_id: int
    controller_id: int | None
    since: date
    until: date | None

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True)
class OrganisationGraph:
    """Bodies by row id, and the relations between them.

    Both may be set right later – a merger, a relation that only came to light – so a computation
    keeps the document of what it saw.
    """

    bodies: Mapping[int, Body]
    relations: Sequence[Relation]

    def person_id(self, id_: int, day: date | None) -> int:
        """Row id of the legal person on a day; None asks for what it has become by all mergers known."""
        seen = {id_}
        while (above := self._above(id_, day)) is not None and above not in seen:
            id_ = above
            seen.add(id_)
        return id_

    def person(self, id_: int, day: date | None) -> Body:
        return self.bodies[self.person_id(id_, day)]

    def _above(self, id_: int, day: date | None) -> int | None:
        body = self.bodies[id_]
        merged = day is None or body.merged_on is None or body.merged_on <= day
        return body.merged_into_id if body.merged_into_id is not None and merged else body.parent_id

    def related(self, one_id: int, other_id: int, day: date) -> bool:
        """Directly, through their legal persons, or because one controls the other through a chain of bodies."""
        ones, others = {one_id, self.person_id(one_id, day)}, {other_id, self.person_id(other_id, day)}
        direct = (relation for one in ones for other in others for relation in self._between.get((one, other), ()))
        if any(relation.holds(day) for relation in direct):
            return True
        return bool(others & self._controllers(ones, day) or ones & self._controllers(others, day))

    def _controllers(self, ids: set[int], day: date) -> set[int]:
        """Whoever controls one of these, however far up."""
        found: set[int] = set()
        waiting = list(ids)
        while waiting:
            for above in self._controlling(waiting.pop(), day):
                if above not in found:
                    found.add(above)
                    waiting.append(above)
        return found

    def _controlling(self, id_: int, day: date) -> Iterator[int]:
        """One step up, with the legal person of whoever stands there."""
        for relation in self._above_by_control.get(id_, ()):
            if relation.holds(day) and relation.controller_id is not None:
                yield relation.controller_id
                yield self.person_id(relation.controller_id, day)

    @cached_property
    def _between(self) -> Mapping[tuple[int, int], Sequence[Relation]]:
        found: defaultdict[tuple[int, int], list[Relation]] = defaultdict(list)
        for relation in self.relations:
            found[relation.one_id, relation.other_id].append(relation)
            found[relation.other_id, relation.one_id].append(relation)
        return found

    @cached_property
    def _above_by_control(self) -> Mapping[int, Sequence[Relation]]:
        found: defaultdict[int, list[Relation]] = defaultdict(list)
        for relation in self.relations:
            if relation.controller_id is not None:
                below = relation.other_id if relation.controller_id == relation.one_id else relation.one_id
                found[below].append(relation)
        return found

    def document(self) -> dict[str, Any]:
        return {
            "bodies": [
                [id_, body.key, body.counts, body.parent_id, body.merged_into_id, str(body.merged_on or "")]
                for id_, body in sorted(self.bodies.items())
            ],
            "relations": sorted(
                [one.one_id, one.other_id, one.controller_id or 0, one.since.isoformat(), str(one.until or "")]
                for one in self.relations
            ),
        }


def read_graph(document: Mapping[str, Any]) -> OrganisationGraph:
    bodies = {
        id_: Body(key, counts, parent, merged, date.fromisoformat(on) if on else None)
        for id_, key, counts, parent, merged, on in document["bodies"]
    }
    return OrganisationGraph(bodies, tuple(_relations(document["relations"])))


def _relations(rows: Iterable[Sequence[Any]]) -> Iterator[Relation]:
    for one, other, controller, since, until in rows:
        last = date.fromisoformat(until) if until else None
        yield Relation(one, other, controller or None, date.fromisoformat(since), last)
