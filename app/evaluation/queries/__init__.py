"""Reading schemes, rounds and results, and what a round is computed from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased

from app.access import Actor, authorize, scope
from app.catalogue.models import Instrument, InstrumentState
from app.catalogue.rules.words import ShareMode
from app.evaluation.models import Computation, Result, Round, RoundState, Scheme
from app.evaluation.permissions import ResultPermission
from app.evaluation.rules.basis import Unit
from app.evaluation.rules.schemes import Scheme as Rules
from app.infra.db import session
from app.kernel.errors import NotFound, refuse
from app.ledger.queries.selection import FactsQuery, providers_outside_units
from app.ledger.rules.years import CutOffs
from app.organisations.models import AdmittedRole, EvaluationUnit, Organisation, OrganisationRole, OrganisationState
from app.organisations.queries import legal_persons


@dataclass(frozen=True, slots=True)
class Place:
    """A unit with the rows it stands for: its legal person and, where it is one, its evaluation unit."""

    unit: Unit
    provider_id: int
    evaluation_unit_id: int | None


def places(scheme: Rules, query: FactsQuery) -> list[Place]:
    """Evaluation units, and bodies that have none or that share or served outside of theirs; of eligible kinds only."""
    persons = legal_persons()
    bodies = _bodies(persons)
    opened = _opened(persons)
    found = [
        Place(Unit(unit.public_id, unit.kind.value, opened.get((persons[unit.organisation_id], unit.id), 0)),
              persons[unit.organisation_id], unit.id)
        for unit in session.scalars(select(EvaluationUnit)) if persons[unit.organisation_id] in bodies
    ]  # fmt: skip
    divided = {place.provider_id for place in found}
    outside = {persons[id_] for id_ in session.scalars(providers_outside_units(query))}
    found += [
        Place(Unit(body.public_id, body.kind.value, opened.get((id_, None), 0)), id_, None)
        for id_, body in bodies.items()
        if id_ not in divided or (id_, None) in opened or id_ in outside
    ]
    return [place for place in found if scheme.admits(place.unit.kind)]


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


def cut_offs(round_: Round) -> CutOffs:
    """This round's own day, and for other years those of the rounds under the same scheme."""
    own = select(Scheme.code).where(Scheme.id == round_.scheme_id).scalar_subquery()
    rows = session.execute(
        select(Round.year, Round.cut_off).join(Scheme).where(Scheme.code == own).order_by(Scheme.edition)
    )
    return CutOffs({**{row.year: row.cut_off for row in rows}, round_.year: round_.cut_off})


def latest() -> Select[Any]:
    """Ids of the newest computation of each round."""
    return select(func.max(Computation.id)).group_by(Computation.round_id)


Last = aliased(Computation)


def rounds() -> Select[Any, Any, Any]:
    """(Round, Scheme, newest Computation or None)."""
    return (
        select(Round, Scheme, Last)
        .join(Scheme, Round.scheme_id == Scheme.id)
        .outerjoin(Last, (Last.round_id == Round.id) & Last.id.in_(latest()))
    )


def find_round(public_id: str) -> Any:
    """The same for one round; the endpoint has asked for permission to see all of them."""
    found = session.execute(rounds().where(Round.public_id == public_id)).first()
    if found is None:
        raise NotFound("round")
    return found


def year_before(round_: Round) -> int | None:
    """The newest computation of the round a year earlier under the same scheme, in whatever edition."""
    code = select(Scheme.code).where(Scheme.id == round_.scheme_id).scalar_subquery()
    return session.scalar(
        select(func.max(Computation.id))
        .join(Round, Computation.round_id == Round.id)
        .join(Scheme, Round.scheme_id == Scheme.id)
        .where(Round.year == round_.year - 1, Scheme.code == code)
    )


Earlier = aliased(Result, name="earlier")


def ranking(computation_id: int | None, earlier_id: int | None = None) -> Select[Any, Any, Any, Any]:
    """(Result, Organisation, EvaluationUnit or None, score in the earlier computation or None) of one computation."""
    return (
        select(Result, Organisation, EvaluationUnit, Earlier.score)
        .join(Organisation, Result.provider_id == Organisation.id)
        .outerjoin(EvaluationUnit, Result.evaluation_unit_id == EvaluationUnit.id)
        .outerjoin(Earlier, and_(Earlier.unit_key == Result.unit_key, Earlier.computation_id == earlier_id))
        .where(Result.computation_id == computation_id)
    )


def results() -> Select[Any, Any, Any, Any, Any, Any]:
    """(Result, Organisation, EvaluationUnit or None, Computation, Round, Scheme), all computations."""
    return (
        select(Result, Organisation, EvaluationUnit, Computation, Round, Scheme)
        .join(Organisation, Result.provider_id == Organisation.id)
        .outerjoin(EvaluationUnit, Result.evaluation_unit_id == EvaluationUnit.id)
        .join(Computation, Result.computation_id == Computation.id)
        .join(Round, Computation.round_id == Round.id)
        .join(Scheme, Round.scheme_id == Scheme.id)
    )


def results_visible(actor: Actor) -> Select[Any, Any, Any, Any, Any, Any]:
    """The newest result of each unit and round that the actor may see."""
    return results().where(Computation.id.in_(latest()), scope(actor, ResultPermission.VIEW, Result))


def find_result(public_id: str, *, actor: Actor) -> Any:
    """One row of `results`; raises NotFound alike for absent and foreign ones."""
    found = session.execute(results().where(Result.public_id == public_id)).first()
    if found is None:
        raise NotFound("result")
    authorize(actor, ResultPermission.VIEW, found[0])
    return found


def newest_scheme(code: str) -> Scheme:
    row = session.scalars(select(Scheme).where(Scheme.code == code).order_by(Scheme.edition.desc()).limit(1)).first()
    if row is None:
        raise refuse("scheme-unknown", "scheme", scheme=code)
    return row


def unfinished(today: date) -> list[Round]:
    """Rounds to be computed: those whose year has begun and that have had no final run."""
    waiting = (
        select(Round).where(Round.state != RoundState.FINAL, Round.year <= today.year).order_by(Round.year, Round.id)
    )
    return list(session.scalars(waiting))
