"""Who is assessed: evaluation units, and bodies that have none or that share or served outside of theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from app.catalogue.models import Instrument, InstrumentState
from app.catalogue.rules.words import ShareMode
from app.evaluation.rules.basis import Unit
from app.evaluation.rules.schemes import Scheme as Rules
from app.infra.db import session
from app.ledger.queries.selection import FactsQuery, providers_outside_units
from app.organisations.models import AdmittedRole, EvaluationUnit, Organisation, OrganisationRole, OrganisationState
from app.organisations.queries import legal_persons


@dataclass(frozen=True, slots=True)
class Subject:
    """What is assessed, with the rows it stands for: its legal person and, where it is one, its evaluation unit."""

    unit: Unit
    provider_id: int
    evaluation_unit_id: int | None


def subjects(scheme: Rules, query: FactsQuery) -> list[Subject]:
    """Evaluation units, and bodies that have none or that share or served outside of theirs; of eligible kinds only."""
    persons = legal_persons()
    bodies = _bodies(persons)
    opened = _opened(persons)
    found = [
        Subject(Unit(unit.public_id, unit.kind.value, opened.get((persons[unit.organisation_id], unit.id), 0)),
              persons[unit.organisation_id], unit.id)
        for unit in session.scalars(select(EvaluationUnit)) if persons[unit.organisation_id] in bodies
    ]  # fmt: skip
    divided = {subject.provider_id for subject in found}
    outside = {persons[id_] for id_ in session.scalars(providers_outside_units(query))}
    found += [
        Subject(Unit(body.public_id, body.kind.value, opened.get((id_, None), 0)), id_, None)
        for id_, body in bodies.items()
        if id_ not in divided or (id_, None) in opened or id_ in outside
    ]
    return [subject for subject in found if scheme.admits(subject.unit.kind)]


def _bodies(persons: Mapping[int, int]) -> dict[int, Organisation]:
    """The legal persons of all verified providers."""
    sharing = select(AdmittedRole.organisation_id).where(AdmittedRole.role == OrganisationRole.PROVIDER)
    verified = {
        persons[id_]
        for id_ in session.scalars(
            select(Organisation.id).where(
                Organisation.id.in_(sharing), Organisation.state == OrganisationState.VERIFIED
            )
        )
    }
    return {row.id: row for row in session.scalars(select(Organisation).where(Organisation.id.in_(sorted(verified))))}


def _opened(persons: Mapping[int, int]) -> dict[tuple[int, int | None], int]:
    """Original value (fen) on show and open to others, by legal person and unit; present at 0 where only unvalued."""
    columns = (Instrument.provider_id, Instrument.evaluation_unit_id)
    rows = session.execute(
        select(*columns, func.sum(Instrument.original_value))
        .where(Instrument.state == InstrumentState.LISTED, Instrument.share_mode == ShareMode.EXTERNAL)
        .group_by(*columns)
    )
    found: defaultdict[tuple[int, int | None], int] = defaultdict(int)
    for provider, unit, worth in rows:
        found[persons[provider], unit] += worth.fen if worth is not None else 0
    return dict(found)
