"""What is stored of one judged record for reading: its verdicts, and the facts that the rows of indicators show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.evaluation.rules.indicators.completeness import external_service, papers
from app.kernel.canonical import plain
from app.ledger.rules.amounts import charge, kept, paid_on
from app.ledger.rules.exclusions import CURABLE, Measure, Reason
from app.ledger.rules.verdicts import Judgement


def row_of(one: Judgement, year: int) -> dict[str, Any]:
    """By the columns of `models.RecordVerdict`, in plain values; the key of the record is `record_key`."""
    facts = one.facts
    row = {
        "record_key": facts.key,
        "unit_key": facts.unit,
        "ended_at": facts.ended,
        "client_key": facts.client_person or facts.client,
        "charged": charge(facts),
        "kept": kept(facts),
        "evidence": facts.evidence,
        "paid_on": paid_on(facts),
        "rating": facts.rating,
        "papers": marked(papers(facts)),
        "external": external_service(one, year),
        "year": one.verdicts[Measure.COUNT].year,
        "counted_with": one.verdicts[Measure.COUNT].counted_with,
        "reasons": marked(f"{m}:{reason}" for m, v in one.verdicts.items() for reason in v.reasons),
    }
    for measure, verdict in one.verdicts.items():
        row |= {f"{measure}_counts": verdict.counts, f"{measure}_value": verdict.value}
    found: dict[str, Any] = plain(row)
    return found


def marked(codes: Iterable[str]) -> str:
    """Codes as one text in which `|code|` can be looked for."""
    return "".join(f"|{code}" for code in codes) + "|"


def unmarked(text: str) -> list[str]:
    return text.strip("|").split("|") if text != "|" else []


def reasons_of(text: str, measure: Measure) -> list[Reason]:
    """The reasons of one measure out of the stored text of all."""
    lead = f"{measure}:"
    return [Reason(code.removeprefix(lead)) for code in unmarked(text) if code.startswith(lead)]


def missing(reasons: Iterable[Reason]) -> list[Reason]:
    """Those that something still to be done would cure."""
    return [reason for reason in reasons if reason in CURABLE]


def curable(groups: Iterable[tuple[str, int, int]]) -> Mapping[Reason, tuple[int, int]]:
    """(records, fen) by reason, of records that nothing but curable reasons keep from the count.

    `groups` are (stored reasons, records, fen); one record may need several things done.
    """
    found: dict[Reason, tuple[int, int]] = {}
    for text, records, fen in groups:
        reasons = reasons_of(text, Measure.COUNT)
        if reasons and missing(reasons) == reasons:
            for reason in reasons:
                before = found.get(reason, (0, 0))
                found[reason] = (before[0] + records, before[1] + fen)
    return dict(sorted(found.items()))
