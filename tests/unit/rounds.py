"""A small scheme and judged years to score with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from app.evaluation.rules.schemes import Scheme, read_scheme
from app.evaluation.rules.scores import Score, Scoring
from app.ledger.rules.facts import ServiceFacts
from app.ledger.rules.verdicts import Judgement, judge
from tests.unit.services import context, fresh

SEED = Path(__file__).parents[1] / "data" / "provider-1.json"


def seeded() -> dict[str, Any]:
    """The document of the first scheme, fresh for each test to change."""
    document: dict[str, Any] = json.loads(SEED.read_text(encoding="utf-8"))["document"]
    return document


def small() -> dict[str, Any]:
    """Targets that a handful of records can reach: 4 services, 1 万元, 2 clients."""
    document = seeded()
    document["groups"] = [{"key": "schools", "kinds": ["university"]}]
    for indicator, target in zip(document["indicators"], ["4", "1", "2"], strict=False):
        indicator["targets"] = {"*": target}
    document["indicators"][0]["settings"] = {}
    return document


SMALL: Scheme = read_scheme(small())


def judged(*records: ServiceFacts, year: int = 2025) -> list[Judgement]:
    return list(judge(fresh(records), context(year)))


def score(year_of_one_unit: list[Judgement], *, group: str) -> Score:
    scoring = Scoring(SMALL, group=group, year=2025)
    for one in year_of_one_unit:
        scoring.add(one)
    return scoring.score()
