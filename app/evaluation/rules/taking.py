"""What a round takes of each record: its verdicts before ceilings, floors and distinctness, and how it leaves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.evaluation.rules.form1.exclusions import FirstReason
from app.evaluation.rules.form1.verdicts import Judgement as FirstJudgement
from app.kernel.civil import EARLIEST
from app.ledger.rules.exclusions import UNTIL_ENTERED, WANT_OF_MONEY, Measure
from app.ledger.rules.takings import Outcome, Taken
from app.ledger.rules.verdicts import Judgement


@dataclass(frozen=True, slots=True)
class Taking:
    """One record in one round. `as_of` is that of the last round that read it, `judged_by` the key of the first."""

    record: str
    values: Mapping[Measure, int]
    outcome: Outcome
    as_of: datetime
    judged_by: str
    late: bool


def taking(one: Judgement, round_key: str, as_of: datetime) -> Taking:
    """Where a record only stood for its job, all else about it stays as the round before left it."""
    before = one.taken
    values = {measure: verdict.value for measure, verdict in one.verdicts.items()}
    kept = before if before is not None and not one.read else None
    return Taking(
        record=one.facts.key,
        values=values,
        outcome=kept.outcome if kept else one.outcome,
        as_of=kept.as_of if kept else as_of,
        judged_by=before.judged_by if before else round_key,
        late=one.late,
    )


_UNTIL_ENTERED = {str(reason) for reason in UNTIL_ENTERED}
_WANT_OF_MONEY = {str(reason) for reason in WANT_OF_MONEY}


def first_taking(one: FirstJudgement, round_key: str, as_of: datetime) -> Taking:
    """The same of form 1, which left income to the year of the receipt: such a record is still to be read for it."""
    counts, income = one.verdicts[Measure.COUNT], one.verdicts[Measure.INCOME]
    owed = counts.counts and FirstReason.OTHER_YEAR in income.reasons
    return Taking(
        record=one.facts.key,
        values={measure: verdict.value for measure, verdict in one.verdicts.items()},
        outcome=_first_outcome({str(reason) for reason in counts.reasons}),
        as_of=EARLIEST if owed else as_of,
        judged_by=round_key,
        late=False,
    )


def _first_outcome(reasons: set[str]) -> Outcome:
    if not reasons or reasons == {FirstReason.SPLIT_ORDER}:
        return Outcome.COUNTED
    if not reasons <= _UNTIL_ENTERED | {FirstReason.OTHER_YEAR}:
        return Outcome.EXCLUDED
    return Outcome.WAITING if reasons & {*_WANT_OF_MONEY, FirstReason.OTHER_YEAR} else Outcome.PENDING


def added(before: Taken | None, taking: Taking) -> Taken:
    """What was taken so far, with one round more."""
    values = {m: taking.values.get(m, 0) + (before.of(m) if before else 0) for m in Measure}
    return Taken(values, taking.outcome, taking.as_of, before.judged_by if before else taking.judged_by)
