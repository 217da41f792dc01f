"""R2: rank and grade on the published, rounded score, group by group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Protocol

from app.evaluation.rules.schemes import Grade, GradeLine


class Score(Protocol):
    """What ranks a unit; `total` is None where it is not assessable."""

    @property
    def total(self) -> Decimal | None: ...
    @property
    def policy_points(self) -> Fraction: ...


@dataclass(frozen=True, slots=True)
class Ranking:
    """Rank from 1 within the group; equal units share a rank, and the next one is as many lower."""

    rank: int
    grade: Grade


def rank_units(
    scores: Mapping[str, Score], groups: Mapping[str, str], lines: Sequence[GradeLine]
) -> dict[str, Ranking]:
    """The ranking of every assessable unit; not assessable ones are neither ranked nor counted for quotas."""
    found: dict[str, Ranking] = {}
    for group in sorted(set(groups.values())):
        members = {k: s for k, s in scores.items() if groups[k] == group and s.total is not None}
        found |= _rank_group(members, lines)
    return found


def _order(score: Score) -> tuple[Decimal, Fraction]:
    """Higher score first; a tie goes to the higher sum of the three policy indicators."""
    return (-(score.total or Decimal(0)), -score.policy_points)


def _rank_group(scores: Mapping[str, Score], lines: Sequence[GradeLine]) -> dict[str, Ranking]:
    found: dict[str, Ranking] = {}
    in_order = sorted(scores, key=lambda k: (_order(scores[k]), k))
    for _, tied in groupby(in_order, key=lambda k: _order(scores[k])):
        keys = list(tied)
        rank = len(found) + 1
        grade = grade_of(scores[keys[0]].total or Decimal(0), _open(lines, rank, len(scores)))
        found |= {key: Ranking(rank, grade) for key in keys}
    return found


def _open(lines: Sequence[GradeLine], rank: int, members: int) -> list[GradeLine]:
    """The grades whose quota still has room at this rank; all that are tied share the grade of their rank."""
    return [line for line in lines if line.quota is None or rank <= int(line.quota * members)]


def grade_of(total: Decimal, lines: Iterable[GradeLine]) -> Grade:
    """The best grade whose line the rounded score reaches; below all lines it is the last."""
    listed = list(lines)
    return next((line.grade for line in listed if total >= line.least), listed[-1].grade)
