"""Registering and changing instruments and facilities."""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from app import audit
from app.access import Actor, authorize
from app.catalogue.actions import InstrumentAction
from app.catalogue.events import PlacesChanging
from app.catalogue.models import Calendar, Instrument, InstrumentManager, InstrumentState, OpeningSpan
from app.catalogue.permissions import InstrumentPermission
from app.catalogue.queries import class_names, find_instrument, priority_fields
from app.catalogue.rules import contact
from app.catalogue.rules.national import CUSTOMS_DECLARATION, missing_for_listing
from app.catalogue.rules.search import bigrams
from app.infra import events
from app.infra.db import session
from app.infra.locks import locked, require_version
from app.infra.sorting import sort_key
from app.kernel.civil import civil_day
from app.kernel.errors import Refusal, Refused, refuse, refuse_all
from app.organisations.models import AdmittedRole, Organisation, OrganisationRole
from app.organisations.queries import people_of, units_of

OFFICE_HOURS = tuple((weekday, 8 * 60, 18 * 60) for weekday in range(5))

# Personal data and long descriptions stay out of the audit; that they changed is enough.
_UNTOLD = frozenset({"contact", "phone", "email", "technical", "functions", "service_content", "achievements"})

MOVES: Mapping[InstrumentState, frozenset[InstrumentState]] = {
    InstrumentState.DRAFT: frozenset({InstrumentState.LISTED, InstrumentState.RETIRED}),
    InstrumentState.LISTED: frozenset({InstrumentState.SUSPENDED, InstrumentState.RETIRED}),
    InstrumentState.SUSPENDED: frozenset({InstrumentState.LISTED, InstrumentState.RETIRED}),
    InstrumentState.RETIRED: frozenset(),
}


def create(provider: Organisation, values: Mapping[str, Any], *, actor: Actor, now: datetime) -> Instrument:
    """Register a draft with a calendar of its own, open in office hours until somebody says otherwise.

    Raises Refused `inner-id-taken` when the provider already uses the number, `no-such-unit` when
    `evaluation_unit`, a public id or empty, is none of its evaluation units.
    """
    authorize(actor, InstrumentPermission.CREATE, Instrument(provider_id=provider.id))
    require_part(provider)
    _require_free(provider.id, values.get("inner_id", ""), None)
    values, classes = _placed(provider.id, values), class_names()
    _require_known(values, classes)
    calendar = Calendar(places=values.get("places", 1))
    session.add(calendar)
    session.flush()
    row = Instrument(provider_id=provider.id, calendar_id=calendar.id, created_at=now, sort_key="", **values)
    _require_declared(row)
    index(row, classes)
    session.add(row)
    session.flush()
    session.add_all(OpeningSpan(instrument_id=row.id, weekday=d, opens=o, closes=c) for d, o, c in OFFICE_HOURS)
    session.flush()
    audit.record(InstrumentAction.CREATED, row, actor=actor, now=now, after=_audited({"name": row.name, **values}))
    return row


def change(
    public_id: str, values: Mapping[str, Any], *, version: int | None, actor: Actor, now: datetime
) -> Instrument:
    """Change what is described; raises Stale when somebody else was quicker, and Refused as `create`."""
    row = for_change(public_id, version, actor=actor)
    if values.get("inner_id", row.inner_id) != row.inner_id:
        _require_free(row.provider_id, values["inner_id"], row.id)
    if values.get("places", row.places) != row.places:
        _change_places(row, values["places"], now=now)
    values, classes = _placed(row.provider_id, values), class_names()
    _require_known(values, classes)
    before, after = audit.changes(row, **values)
    _require_declared(row)
    if row.state is InstrumentState.LISTED:
        _require_complete(row)
    index(row, classes)
    session.flush()
    if after:
        audit.record(
            InstrumentAction.CHANGED, row, actor=actor, now=now, before=_audited(before), after=_audited(after)
        )
    return row


def _change_places(row: Instrument, places: int, *, now: datetime) -> None:
    """A part is one place of another calendar, whatever it is told; everything else brings its calendar along."""
    if row.component_place is not None:
        raise refuse("places-of-a-component", "places")
    calendar = session.scalars(locked(select(Calendar).where(Calendar.id == row.calendar_id))).one()
    events.publish(PlacesChanging(row, places, now))
    calendar.places = places


def move(
    public_id: str, state: InstrumentState, *, version: int | None = None, actor: Actor, now: datetime
) -> Instrument:
    """List, suspend, list again or retire. Listing needs name, class, provider and share mode."""
    row = for_change(public_id, version, actor=actor)
    if state not in MOVES[row.state]:
        raise refuse("wrong-instrument-state", state=row.state, wanted=state)
    if state is InstrumentState.LISTED:
        _require_complete(row)
    before, after = audit.changes(row, state=state)
    session.flush()
    audit.record(InstrumentAction.STATE_CHANGED, row, actor=actor, now=now, before=before, after=after)
    return row


def set_managers(public_id: str, user_ids: Collection[int], *, actor: Actor, now: datetime) -> None:
    """Who keeps the instrument's calendar; each holds a role at the provider today."""
    row = for_change(public_id, actor=actor)
    if not set(user_ids) <= set(people_of(row.provider_id, today=civil_day(now))):
        raise refuse("not-of-the-provider", "managers")
    known = select(InstrumentManager.user_id).where(InstrumentManager.instrument_id == row.id)
    before = sorted(session.scalars(known))
    session.execute(delete(InstrumentManager).where(InstrumentManager.instrument_id == row.id))
    session.add_all(InstrumentManager(instrument_id=row.id, user_id=user_id) for user_id in sorted(set(user_ids)))
    session.flush()
    after = {"managers": sorted(set(user_ids))}
    audit.record(InstrumentAction.MANAGERS_CHANGED, row, actor=actor, now=now, before={"managers": before}, after=after)


def index(row: Instrument, classes: Mapping[str, str]) -> None:
    """Fill what lists are sorted by and searched in; a new row has no defaults before it is flushed."""
    row.sort_key = sort_key(row.name)
    named = classes.get(row.class_code or "")
    texts = (row.name, row.name_en, row.maker, row.model, named, row.owning_unit, row.town, (row.functions or "")[:300])
    row.search_text = bigrams(*(text or "" for text in texts))


def for_change(public_id: str, version: int | None = None, *, actor: Actor) -> Instrument:
    """The row, locked, for who may change it; raises Stale when another version is asked for."""
    row = find_instrument(public_id, actor=actor)
    authorize(actor, InstrumentPermission.CHANGE, row)
    session.scalars(locked(select(Instrument).where(Instrument.id == row.id))).one()
    require_version(row, version)
    return row


def require_part(provider: Organisation) -> None:
    """Whoever has not been admitted as a provider has nothing on show, one by one or by whole lists."""
    held = select(AdmittedRole.id).where(
        AdmittedRole.organisation_id == provider.id, AdmittedRole.role == OrganisationRole.PROVIDER
    )
    if session.scalar(held) is None:
        raise refuse("not-a-provider", "provider")


def _require_free(provider_id: int, inner_id: str, own_id: int | None) -> None:
    taken = select(Instrument.id).where(Instrument.provider_id == provider_id, Instrument.inner_id == inner_id)
    found = session.scalar(taken)
    if found is not None and found != own_id:
        raise refuse("inner-id-taken", "inner_id", inner_id=inner_id)


def _placed(provider_id: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with the row of the evaluation unit for its public id; services already done stay where they are."""
    placed = {name: _each_once(value) for name, value in values.items()}
    if "evaluation_unit" not in placed:
        return placed
    asked = placed.pop("evaluation_unit")
    units = {unit.public_id: unit.id for unit in units_of(provider_id)} if asked else {}
    if asked and asked not in units:
        raise refuse("no-such-unit", "evaluation_unit")
    return {**placed, "evaluation_unit_id": units[asked] if asked else None}


def _each_once(value: Any) -> Any:
    """A way of working or a field named a thousand times is named."""
    return list(dict.fromkeys(value)) if isinstance(value, list) else value


def _require_known(values: Mapping[str, Any], classes: Container[str]) -> None:
    refuse_all(contact.faults(values))
    if (code := values.get("class_code")) is not None and code not in classes:
        raise refuse("no-such-class", "class_code", asked=code)
    known = {field.code for field in priority_fields()} if values.get("fields") else set()
    if strange := [code for code in values.get("fields", ()) if code not in known]:
        raise refuse("no-such-priority-field", "fields", asked=strange)


def _require_declared(row: Instrument) -> None:
    if row.customs_supervised and len(row.customs_declaration or "") != CUSTOMS_DECLARATION:
        raise refuse("customs-declaration", "customs_declaration", length=CUSTOMS_DECLARATION)


def _require_complete(row: Instrument) -> None:
    missing = missing_for_listing(row)
    if missing:
        raise Refused(*(Refusal("needed-for-listing", {"name": name}, name) for name in missing))


def _audited(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: "changed" if name in _UNTOLD else value for name, value in values.items()}
