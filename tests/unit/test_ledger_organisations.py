"""The graph of bodies: mergers and control from their day on, control through chains."""

from __future__ import annotations

from datetime import date

import pytest

from app.ledger.rules.organisations import Body, OrganisationGraph, Relation, read_graph

K, G, P, S, BRANCH, OLD = range(1, 7)
SINCE = date(2026, 1, 5)


def body(key: str, parent: int | None = None, merged: int | None = None, on: date | None = None) -> Body:
    return Body(key, True, parent, merged, on)


GRAPH = OrganisationGraph(
    {
        K: body("k"),
        G: body("g"),
        P: body("p"),
        S: body("s"),
        BRANCH: body("branch", parent=K),
        OLD: body("old", merged=P, on=date(2026, 6, 1)),
    },
    (
        Relation(K, G, G, SINCE, None),
        Relation(G, P, P, date(2026, 3, 1), date(2026, 9, 1)),
        Relation(G, S, G, SINCE, None),
    ),
)


@pytest.mark.parametrize(
    ("one", "other", "day", "related"),
    [
        (K, G, "2026-01-05", True),
        (G, K, "2026-01-04", False),
        (K, P, "2026-03-01", True),
        (P, K, "2026-08-31", True),
        (K, P, "2026-02-28", False),
        (K, P, "2026-09-01", False),
        (K, S, "2026-05-01", False),
        (BRANCH, P, "2026-05-01", True),
        (P, BRANCH, "2026-05-01", True),
        (OLD, K, "2026-05-31", False),
        (OLD, K, "2026-06-01", True),
        (S, P, "2026-05-01", True),
    ],
)
def test_who_is_related_on_a_day(one: int, other: int, day: str, related: bool) -> None:
    """G controls K and S, P controls G in summer: K and S are sisters, and no relation of each other."""
    assert GRAPH.related(one, other, date.fromisoformat(day)) is related


@pytest.mark.parametrize(
    ("id_", "day", "person"),
    [
        (BRANCH, "2026-01-05", "k"),
        (OLD, "2026-05-31", "old"),
        (OLD, "2026-06-01", "p"),
        (OLD, None, "p"),
    ],
)
def test_which_legal_person_a_body_belongs_to(id_: int, day: str | None, person: str) -> None:
    assert GRAPH.person(id_, date.fromisoformat(day) if day else None).key == person


def test_a_ring_of_mergers_or_control_ends() -> None:
    ring = OrganisationGraph(
        {1: body("a", merged=2), 2: body("b", merged=1)},
        (Relation(1, 2, 1, SINCE, None), Relation(1, 2, 2, SINCE, None)),
    )
    assert ring.person(1, None).key == "b"
    assert ring.related(1, 2, SINCE)


def test_the_document_brings_back_the_graph() -> None:
    again = read_graph(GRAPH.document())
    assert (again.bodies, sorted(again.relations, key=repr)) == (GRAPH.bodies, sorted(GRAPH.relations, key=repr))
