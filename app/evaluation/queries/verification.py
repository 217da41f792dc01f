"""Verifying what people see: a computation done again from its frozen basis, row by row beside what is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import func, select

from app.audit.models import AuditEntry
from app.evaluation.models import Computation, RecordVerdict, Result, Round, RoundAct, Scheme
from app.evaluation.queries.billing_check import Difference, billing_and_ledger
from app.evaluation.queries.computing import Again, Computed, score_again, spooled, takings_of, unspooled
from app.evaluation.queries.verdict_rows import Rows
from app.evaluation.rules.drafts import scheme_digest
from app.evaluation.rules.states import RoundState
from app.evaluation.rules.taking import Taking
from app.infra.db import session
from app.infra.spool import Spool
from app.kernel.canonical import plain
from app.kernel.errors import Refused

MOST = 1000
"""Rows that are named one by one; whoever changed more is found by these."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What differs of a computation, and what it takes of each record."""

    differences: list[Difference]
    takings: Spool


def differences(computation: Computation) -> list[Difference]:
    return verified(computation).differences


def verified(computation: Computation) -> Verified:
    """Everything in which what is stored of a computation differs from what its inputs come to."""
    round_ = session.get_one(Round, computation.round_id)
    scheme = session.get_one(Scheme, round_.scheme_id)
    found = [*_scheme(scheme), *_acts(round_), *_audit(computation, round_), *billing_and_ledger(round_.year)]
    takings, rows = Spool(), Rows(round_.year)

    def take(one: Taking) -> None:
        takings.put(one.record, spooled(one))

    try:
        again = score_again(Computed(computation, round_, scheme), take, rows.take)
    except (Refused, AttributeError, LookupError, TypeError, ValueError) as error:
        said = f"cannot be computed: {type(error).__name__} {error}"
        return Verified([*found, Difference("computation", "inputs", computation.input_digest, said)], takings)
    found += [*_digests(computation, again, rows), *_results(computation, again[2])]
    if computation.final:
        found += islice(_takings(round_, takings), MOST)
    if computation.verdicts:
        found += islice(_verdicts(computation, rows), MOST)
    return Verified(found, takings)


def _compared(subject: str, stored: Mapping[str, Any], computed: Mapping[str, Any]) -> Iterator[Difference]:
    for name in sorted({*stored, *computed}):
        ours, theirs = plain(stored.get(name)), plain(computed.get(name))
        if ours != theirs:
            yield Difference(subject, name, str(ours), str(theirs))


def _scheme(scheme: Scheme) -> Iterator[Difference]:
    digest = scheme_digest(scheme.code, scheme.document, scheme.validity)
    yield from _compared(
        f"scheme {scheme.code}, edition {scheme.edition}", {"digest": scheme.digest}, {"digest": digest}
    )


def _acts(round_: Round) -> Iterator[Difference]:
    """A final round shows the computation that was made final, and none came after it."""
    newest = session.scalar(select(func.max(Computation.id)).where(Computation.round_id == round_.id))
    final = select(RoundAct.computation_id).where(RoundAct.round_id == round_.id, RoundAct.state == RoundState.FINAL)
    for made_final in session.scalars(final):
        yield from _compared("round", {"computation": newest}, {"computation": made_final})


def _audit(computation: Computation, round_: Round) -> Iterator[Difference]:
    """The entry that was made when it was written: by its id, or by its digests where entries had no id yet."""
    entries = select(AuditEntry.after).where(
        AuditEntry.subject_kind == "rounds",
        AuditEntry.subject_id == round_.public_id,
        AuditEntry.action == "round.computed",
    )
    said = {"input": computation.input_digest, "result": computation.result_digest, "records": computation.records}
    own = computation.public_id
    told = [entry for entry in session.scalars(entries) if entry.get("computation", own) == own]
    if not any(said.items() <= entry.items() for entry in told):
        audited = {name: told[-1].get(name) for name in said} if told else dict.fromkeys(said, "no such entry")
        yield from _compared("audit entry", said, audited)


def _digests(computation: Computation, again: Again, rows: Rows) -> Iterator[Difference]:
    stored: dict[str, Any] = {"input_digest": computation.input_digest, "result_digest": computation.result_digest}
    computed: dict[str, Any] = {"input_digest": again[0], "result_digest": again[1]}
    if computation.form > 1:  # before, judgements were not handed on one by one
        stored |= {"records": computation.records, "verdicts": computation.verdicts}
        computed |= {"records": rows.number, "verdicts": rows.number if computation.verdicts else 0}
    yield from _compared("computation", stored, computed)


def _takings(round_: Round, takings: Spool) -> Iterator[Difference]:
    """What is stored of what the final round took, against what it takes."""
    stored = {one.record: _taking_document(one) for one in takings_of(round_)}
    for key, row in takings:
        yield from _compared(f"record {key}", stored.pop(key, {}), _taking_document(unspooled(key, row)))
    for key, surplus in sorted(stored.items()):
        yield from _compared(f"record {key}", surplus, {})


def _taking_document(one: Taking) -> dict[str, Any]:
    values = {f"took {measure}": value for measure, value in one.values.items()}
    return {**values, "outcome": one.outcome, "as of": one.as_of, "judged by": one.judged_by, "late": one.late}


def _results(computation: Computation, again: Sequence[Mapping[str, Any]]) -> Iterator[Difference]:
    """Every stored row against the document that was computed for its unit; rows too many or too few included."""
    stored = session.scalars(select(Result).where(Result.computation_id == computation.id))
    rows = {row.unit_key: _result_document(row) for row in stored}
    documents = {document["unit"]: _flat(document) for document in again}
    for key in sorted({*rows, *documents}):
        yield from _compared(f"unit {key}", rows.get(key, {}), documents.get(key, {}))


def _result_document(row: Result) -> dict[str, Any]:
    score = None if row.score is None else f"{row.score:.2f}"
    document = {"unit": row.unit_key, "group": row.group, "score": score, "grade": row.grade, "rank": row.rank}
    return {**_flat({**document, "parts": row.parts}), "assessable": row.assessable}


def _flat(document: Mapping[str, Any]) -> dict[str, Any]:
    parts = {f"{p['code']} {name}": value for p in document["parts"] for name, value in p.items()}
    rest = {name: value for name, value in document.items() if name != "parts"}
    return {**rest, **parts, "assessable": document["score"] is not None}


def _verdicts(computation: Computation, rows: Rows) -> Iterator[Difference]:
    """Both in order of the key of the record, side by side."""
    stored = session.execute(select(RecordVerdict).where(RecordVerdict.computation_id == computation.id))
    columns = [column.key for column in RecordVerdict.__table__.columns if column.key not in ("id", "computation_id")]
    kept = {row.record_key: {name: getattr(row, name) for name in columns} for row in stored.scalars()}
    for row in rows.stored():
        yield from _compared(f"record {row['record_key']}", kept.pop(row["record_key"], {}), row)
    for key, surplus in sorted(kept.items()):
        yield from _compared(f"record {key}", surplus, {})
