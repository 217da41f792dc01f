"""Down to the rows: what a computation read, judged again from what was frozen with it and the dated ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.catalogue.models import Instrument
from app.evaluation.models import Computation, Result, Round, Scheme
from app.evaluation.queries.computing import Computed, TakenBefore, query_of, score_again
from app.evaluation.rules.basis import read_basis
from app.evaluation.rules.indicators.completeness import external_service
from app.evaluation.rules.rounds import context
from app.evaluation.rules.schemes import read_scheme
from app.infra.db import session
from app.kernel.money import Money
from app.kernel.names import Names
from app.ledger.models import ServiceRecord
from app.ledger.queries.facts import readings
from app.ledger.rules.amounts import charge
from app.ledger.rules.exclusions import Measure, Reason
from app.ledger.rules.facts import ServiceFacts
from app.ledger.rules.verdicts import Judgement, Verdict, judge
from app.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class Judged:
    """One record under one measure, with the names a reader needs."""

    facts: ServiceFacts
    verdict: Verdict
    number: str
    instrument: Names
    client: Names
    leader: str = ""  # number of the record that stands for this split order

    @property
    def ended(self) -> datetime:
        return self.facts.ended


@dataclass(frozen=True, slots=True)
class Missing:
    """What one thing still to be done would bring: services and what was charged for them."""

    reason: Reason
    records: int
    charged: Money


@dataclass(frozen=True, slots=True)
class Year:
    """The records of one unit that concern a year, as they counted, and the bodies they are of."""

    judged: Sequence[Judgement]
    provider_ids: Sequence[int]


def year_of(result: Result, computation: Computation, round_: Round, scheme: Scheme) -> Year:
    basis = read_basis(computation.basis)
    graph = basis.graph
    providers = sorted(id_ for id_ in graph.bodies if graph.person_id(id_, None) == result.provider_id)
    query = query_of(round_, basis, computation.as_of, providers)
    found = readings(query, graph, TakenBefore(basis).of)
    judged = judge(found, context(read_scheme(scheme.document), basis, year=round_.year))
    own = sorted(
        (one for one in judged if one.facts.unit == result.unit_key), key=lambda one: (one.facts.ended, one.facts.key)
    )
    return Year(own, providers)


def holds(computation: Computation, round_: Round, scheme: Scheme) -> bool:
    """Whether a computation comes out byte for byte if done again from what was frozen with it."""
    again = score_again(Computed(computation, round_, scheme))
    return again[:2] == (computation.input_digest, computation.result_digest)


def rows(year: Year, measure: Measure) -> list[Judged]:
    """Every judged record under one measure, the newest first."""
    names = _names(year)

    def told(facts: ServiceFacts, verdict: Verdict) -> Judged:
        leader = names[verdict.counted_with][0] if verdict.counted_with else ""
        return Judged(facts, verdict, *names[facts.key], leader)

    return [told(one.facts, one.verdicts[measure]) for one in reversed(year.judged)]


def external(year: Year, number: int) -> list[Judged]:
    """The records whose evidence is asked for, whether they count or not, the newest first."""
    looked_at = {one.facts.key for one in year.judged if external_service(one, number)}
    return [row for row in rows(year, Measure.COUNT) if row.facts.key in looked_at]


@dataclass(frozen=True, slots=True)
class OfClient:
    """What counts of one legal person: records, and what it was charged for them."""

    names: Names
    records: int
    charged: Money


def by_client(found: Sequence[Judged]) -> list[OfClient]:
    """Counted records by the body that counts as the client, the most first: branches stand under their head."""
    counted = [row.facts for row in found if row.verdict.counts]
    records = Counter(one.client_person or one.client for one in counted)
    charged: Counter[str] = Counter()
    for one in counted:
        charged[one.client_person or one.client] += charge(one)
    called = select(Organisation.public_id, Organisation.name, Organisation.name_en)
    bodies = session.execute(called.where(Organisation.public_id.in_(sorted(records))))
    names = {body.public_id: Names(body.name, body.name_en) for body in bodies}
    told = [OfClient(names[key], number, Money(charged[key])) for key, number in records.items()]
    return sorted(told, key=lambda one: (-one.records, -one.charged.fen, one.names))


def _names(year: Year) -> dict[str, tuple[str, Names, Names]]:
    """(record number, instrument, client) by record."""
    if not year.judged:
        return {}
    ends = [one.facts.ended for one in year.judged]
    called = (Instrument.name, Instrument.name_en, Organisation.name, Organisation.name_en)
    found: Any = session.execute(
        select(ServiceRecord.public_id, ServiceRecord.source_key, *called)
        .join(Instrument, Instrument.id == ServiceRecord.instrument_id)
        .join(Organisation, Organisation.id == ServiceRecord.client_id)
        .where(ServiceRecord.provider_id.in_(year.provider_ids), ServiceRecord.ends_at.between(min(ends), max(ends)))
        .execution_options(yield_per=2000)
    )
    known: dict[Names, Names] = {}  # a year has many records of few instruments and clients
    return {
        key: (number, *(known.setdefault(both, both) for both in (Names(*names[:2]), Names(*names[2:]))))
        for key, number, *names in found
    }


def missing(judged: Sequence[Judgement]) -> list[Missing]:
    """Records that nothing but curable reasons keep from counting, summed by reason; one may need several."""
    records: Counter[Reason] = Counter()
    charged: Counter[Reason] = Counter()
    for one in judged:
        verdict = one.verdicts[Measure.COUNT]
        if verdict.reasons and verdict.missing == verdict.reasons:
            for reason in verdict.reasons:
                records[reason] += 1
                charged[reason] += charge(one.facts)
    return [Missing(reason, number, Money(charged[reason])) for reason, number in sorted(records.items())]


def tally(judged: Sequence[Judgement], measure: Measure) -> tuple[int, int]:
    """(counted, not counted) under one measure."""
    counted = sum(one.verdicts[measure].counts for one in judged)
    return counted, len(judged) - counted
