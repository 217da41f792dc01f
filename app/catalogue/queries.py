"""Finding instruments: scoped, searched in Chinese and Latin, narrowed by facets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, extract, literal, literal_column, or_, select, type_coerce

from app.access import Actor, authorize, scope
from app.access.authority import may
from app.catalogue.models import Instrument, InstrumentClass, InstrumentManager, PriorityField, PublicHoliday
from app.catalogue.permissions import InstrumentPermission
from app.catalogue.rules.holidays import new_year
from app.catalogue.rules.search import Query, bigrams, like_patterns, matches, parse_query
from app.catalogue.seeds.synonyms import SYNONYMS
from app.infra.db import session
from app.kernel.money import Money
from app.organisations.models import AdmittedRole, EvaluationUnit, Organisation, OrganisationRole, OrganisationState

# Original-value lines are filters and report lines, not a bar to registering (domain.md §6).
VALUE_LINES = {"300k": Money.yuan(300_000), "500k": Money.yuan(500_000)}


def find_instrument(public_id: str, *, actor: Actor) -> Instrument:
    """Raises NotFound alike for absent and hidden ones."""
    row = session.scalars(select(Instrument).where(Instrument.public_id == public_id)).first()
    authorize(actor, InstrumentPermission.VIEW, row)
    assert row is not None  # noqa: S101  authorize() has refused None
    return row


def visible(actor: Actor) -> Select[Any, Any]:
    """(Instrument, provider) the actor may see; those of a suspended provider are not found."""
    return (
        select(Instrument, Organisation)
        .join(Organisation, Instrument.provider_id == Organisation.id)
        .where(scope(actor, InstrumentPermission.VIEW, Instrument), Organisation.state != OrganisationState.SUSPENDED)
    )


def kept_by(actor: Actor) -> Select[Any, Any, Any, Any]:
    """(Instrument, provider, class, evaluation unit) the actor may change: the provider's own list with drafts."""
    return (
        select(Instrument, Organisation, InstrumentClass, EvaluationUnit)
        .join(Organisation, Instrument.provider_id == Organisation.id)
        .outerjoin(EvaluationUnit, Instrument.evaluation_unit_id == EvaluationUnit.id)
        .outerjoin(InstrumentClass, Instrument.class_code == InstrumentClass.code)
        .where(scope(actor, InstrumentPermission.CHANGE, Instrument), Instrument.state != "hidden")
    )


def matching(words: str) -> ColumnElement[bool]:
    """Every term hits the instrument, in any of its synonyms, or names its provider; else nothing is found."""
    query, named = parse_query(words, SYNONYMS), _providers()
    hits = [_hits(Query((term,)), named) for term in query.terms]
    return and_(*hits) if hits else Instrument.id.is_(None)


def _hits(term: Query, named: Mapping[int, str]) -> ColumnElement[bool]:
    ((*ways,),) = like_patterns(term)
    own = or_(*(and_(*(Instrument.search_text.like(pattern) for pattern in way)) for way in ways))
    of = [id_ for id_, tokens in named.items() if matches(term, tokens)]
    return or_(own, Instrument.provider_id.in_(of)) if of else own


def _providers() -> Mapping[int, str]:
    """Id → search tokens of each provider's names: few beside their instruments, and renamed at any time."""
    sharing = select(AdmittedRole.organisation_id).where(AdmittedRole.role == OrganisationRole.PROVIDER)
    names = select(Organisation.id, Organisation.name, Organisation.name_en).where(Organisation.id.in_(sharing))
    return {id_: bigrams(name, name_en) for id_, name, name_en in session.execute(names)}


def in_class(code: str) -> ColumnElement[bool]:
    """A class includes the classes below it."""
    return Instrument.class_code.startswith(code, autoescape=True)


def worth_at_least(line: str) -> ColumnElement[bool]:
    return Instrument.original_value >= VALUE_LINES[line]


def worked_as(mode: str) -> ColumnElement[bool]:
    """The instrument offers this way of working; modes are kept as a JSON list of words."""
    return type_coerce(Instrument.modes, Text).contains(f'"{mode}"', autoescape=True)


def of_field(code: str) -> ColumnElement[bool]:
    """The instrument serves this priority field; kept as a JSON list of codes."""
    return type_coerce(Instrument.fields, Text).contains(f'"{code}"', autoescape=True)


def class_names() -> Mapping[str, str]:
    """Code → Chinese and English name in one text, for search."""
    rows = session.execute(select(InstrumentClass.code, InstrumentClass.name, InstrumentClass.name_en))
    return {code: f"{name} {name_en}" for code, name, name_en in rows}


def classes() -> Sequence[InstrumentClass]:
    return session.scalars(select(InstrumentClass).order_by(InstrumentClass.code)).all()


def priority_fields() -> Sequence[PriorityField]:
    return session.scalars(select(PriorityField).order_by(PriorityField.future, PriorityField.code)).all()


def reference_names(column: str) -> tuple[dict[str, str], dict[str, str]]:
    """(class code → name, priority field → name), in the given column's language, by one statement."""
    of_classes = select(literal(0), InstrumentClass.code, getattr(InstrumentClass, column), literal(False))
    of_fields = select(literal(1), PriorityField.code, getattr(PriorityField, column), PriorityField.future)
    names: tuple[dict[str, str], dict[str, str]] = ({}, {})
    for table, code, name, _future in session.execute(of_classes.union_all(of_fields).order_by(literal_column("4, 2"))):
        names[table][code] = name
    return names


def providers_of(actor: Actor) -> list[Organisation]:
    """Where this person may register instruments."""
    own = [o for o in actor.organisations() if may(actor, InstrumentPermission.CREATE, Instrument(provider_id=o))]
    rows = select(Organisation).where(Organisation.id.in_(own)).order_by(Organisation.sort_key, Organisation.id)
    return list(session.scalars(rows)) if own else []


def managers_of(instrument_id: int) -> list[int]:
    return list(
        session.scalars(select(InstrumentManager.user_id).where(InstrumentManager.instrument_id == instrument_id))
    )


def holidays() -> Select[Any]:
    """Every day that a notice names; they are no secret of anybody's."""
    return select(PublicHoliday)


def holiday(day: date) -> PublicHoliday | None:
    return session.get(PublicHoliday, day)


def holiday_years() -> list[int]:
    """The years that any known day lies in, newest first."""
    year = extract("year", PublicHoliday.day)
    return [int(found) for found in session.scalars(select(year).distinct().order_by(year.desc()))]


def announced(years: Iterable[int]) -> set[int]:
    """Those of the years whose notice is known: it always names New Year's Day."""
    first = [new_year(year) for year in years]
    known = select(PublicHoliday.day).where(PublicHoliday.day.in_(first), PublicHoliday.off)
    return {day.year for day in session.scalars(known)} if first else set()
