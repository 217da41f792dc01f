"""Writing the story: once, in one transaction, with a fixed seed, by whole weeks around today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from app import audit
from app.access import Role
from app.access.actor import system
from app.accounts.models import User
from app.accounts.services import consent
from app.accounts.services.passwords import hash_of
from app.audit.services import Subject
from app.catalogue.models import Calendar, Instrument, InstrumentManager, InstrumentState, OpeningSpan, ServiceMode
from app.catalogue.queries import class_names
from app.catalogue.rules.words import ShareMode
from app.catalogue.services import holidays
from app.catalogue.services.instruments import index
from app.demo import demand, use
from app.demo.actions import DemoAction
from app.demo.instruments import OWNED, THINGS, Thing
from app.demo.people import BODIES, EXTERNAL, GIVEN, PASSWORD, PEOPLE, PROVIDERS, SURNAMES, Body, code_of
from app.evaluation.rules.drafts import Draft
from app.evaluation.services import rounds, schemes
from app.infra.db import session
from app.infra.jobs import DEMO, claim, done
from app.infra.sorting import sort_key
from app.kernel.civil import at, civil_day, civil_year
from app.kernel.money import ZERO, Money
from app.organisations.models import (
    AdmittedRole,
    EvaluationUnit,
    Kind,
    Membership,
    Organisation,
    OrganisationName,
    OrganisationRole,
    OrganisationState,
    RelatedParty,
    RelationBasis,
)
from app.pricing.models import PriceList
from app.pricing.rules import ClientClass

SEED = 20260421  # the day the measures came into force
ACTOR = system("demo")
BACK = timedelta(weeks=78)
NEW_FIRMS = 44

# What each class pays of the firm's price.
SHARES = {
    ClientClass.OWN_UNIT: Decimal("0.3"),
    ClientClass.ACADEMIC: Decimal("0.7"),
    ClientClass.FIRM: Decimal(1),
    ClientClass.SMALL_FIRM: Decimal("0.8"),
    ClientClass.TEAM: Decimal("0.6"),
    ClientClass.OTHER: Decimal("1.2"),
}


def loaded() -> bool:
    return done(*DEMO)


def load(*, now: datetime) -> dict[str, int]:
    """Write everything; the counts of what was written. The mark keeps production from serving it."""
    holidays.seed(now=now)
    random = Random(SEED)
    monday = civil_day(now) - timedelta(days=civil_day(now).weekday())
    born = at(monday - BACK - timedelta(weeks=2))
    bodies = _bodies(born)
    people = _people(bodies, random, born=born, now=now)
    instruments = _instruments(bodies, people, random, born=born)
    counts = use.write(bodies, people, instruments, random, monday=monday, now=now)
    demand.write(bodies, instruments, random, now=now)
    claim(*DEMO, now=now)
    counts |= {"organisations": len(bodies), "instruments": len(instruments)}
    audit.record(DemoAction.LOADED, Subject("demo", str(SEED)), actor=ACTOR, now=now, after=counts)
    return counts


def _bodies(born: datetime) -> dict[str, Organisation]:
    rows = {body.key: _body(body, number, born) for number, body in enumerate(BODIES, start=1)}
    for number in range(NEW_FIRMS):
        body = Body(
            f"new{number}", f"新昌{number + 1:02d}号科技有限公司", "", Kind.SMALL_ENTERPRISE, (OrganisationRole.CLIENT,)
        )
        rows[body.key] = _body(body, 100 + number, born)
    session.add_all(rows.values())
    session.flush()
    named = {body.key: body for body in BODIES}
    for key, row in rows.items():
        first = civil_day(born)
        session.add(OrganisationName(organisation_id=row.id, name=row.name, valid_from=first))
        roles = named[key].roles if key in named else (OrganisationRole.CLIENT,)
        session.add_all(AdmittedRole(organisation_id=row.id, role=role, since=first) for role in roles)
        units = named[key].units if key in named else ()
        session.add_all(EvaluationUnit(organisation_id=row.id, name=unit, kind=row.kind) for unit in units)
    _relate(rows["grid"], rows["gridt"], civil_day(born))
    session.flush()
    return rows


def _body(body: Body, number: int, born: datetime) -> Organisation:
    return Organisation(
        uscc=code_of(number) if body.coded else None,
        name=body.name,
        name_en=body.name_en,
        sort_key=sort_key(body.name),
        kind=body.kind,
        state=OrganisationState.VERIFIED,
        town=body.town,
        created_at=born,
    )


def _relate(parent: Organisation, child: Organisation, since: date) -> None:
    one, other = sorted((parent.id, child.id))
    basis = RelationBasis.PARENT_AND_CHILD
    session.add(RelatedParty(one_id=one, other_id=other, basis=basis, share=Decimal(1), valid_from=since))


def _people(bodies: Mapping[str, Organisation], random: Random, *, born: datetime, now: datetime) -> dict[str, User]:
    """The named sign-ins, and one nameless user and manager for every other body."""
    secret = hash_of(PASSWORD)
    known = {person.key: _user(person.key, person.name, secret, born) for person in PEOPLE}
    roles: list[tuple[User, str, Role]] = [(known[p.key], p.body, role) for p in PEOPLE for role in p.roles]
    for key in (*PROVIDERS, *EXTERNAL):
        user = _user(f"user-{key}", random.choice(SURNAMES) + random.choice(GIVEN), secret, born)
        manager = _user(f"staff-{key}", random.choice(SURNAMES) + random.choice(GIVEN), secret, born)
        known[f"user-{key}"], known[f"staff-{key}"] = user, manager
        roles.append((user, key, Role.MEMBER))
        if key in PROVIDERS:
            roles += [(manager, key, Role.INSTRUMENT_MANAGER), (manager, key, Role.ADMINISTRATOR)]
    session.add_all(known.values())
    session.flush()
    first = civil_day(born)
    for user, key, role in roles:
        session.add(Membership(user_id=user.id, organisation_id=bodies[key].id, role=role, starts_on=first))
    session.flush()
    for person in PEOPLE:
        consent.give(known[person.key].id, actor=ACTOR, now=now)
    return known


def _user(key: str, name: str, secret: str, born: datetime) -> User:
    return User(name=name, email=f"{key}@demo.invalid", password_hash=secret, email_verified_at=born, created_at=born)


def _instruments(
    bodies: Mapping[str, Organisation], people: Mapping[str, User], random: Random, *, born: datetime
) -> list[Instrument]:
    classes, rows = class_names(), []
    units = {unit.name: unit.id for unit in session.query(EvaluationUnit)}
    for key, owned in OWNED.items():
        for number, code in enumerate(owned.split(), start=1):
            row = _instrument(bodies[key], THINGS[code], f"{key.upper()}-{number:03d}", random, born)
            if key == "ybu":
                row.evaluation_unit_id = units["沙河校区" if number % 3 else "南口校区"]
            index(row, classes)
            rows.append(row)
    session.add_all(rows)
    session.flush()
    for row in rows:
        _open(row, random)
        _price(row, born)
        key = next(k for k, body in bodies.items() if body.id == row.provider_id)
        keepers = {people[f"staff-{key}"].id, *([people["manager"].id] if key == "ybu" else [])}
        session.add_all(InstrumentManager(instrument_id=row.id, user_id=keeper) for keeper in keepers)
    session.flush()
    return rows


def _instrument(provider: Organisation, thing: Thing, inner_id: str, random: Random, born: datetime) -> Instrument:
    calendar = Calendar(places=thing.places)
    session.add(calendar)
    session.flush()
    return Instrument(
        **_terms(thing),
        provider_id=provider.id,
        calendar_id=calendar.id,
        places=thing.places,
        asset_kind=thing.kind,
        inner_id=inner_id,
        name=thing.name,
        name_en=thing.name_en,
        class_code=thing.code,
        maker=thing.maker,
        model=thing.model,
        original_value=Money.yuan(thing.wan * 10_000),
        began_on=date(random.randint(2014, 2024), random.randint(1, 12), 1),
        functions=thing.functions,
        technical="",
        owning_unit="分析测试中心" if thing.wan > 150 else "",
        town=provider.town,
        address=f"{provider.town}科教路{random.randint(1, 99)}号",
        contact="设备服务组",
        phone=f"010-6970{random.randint(1000, 9999)}",
        modes=[ServiceMode.SELF_OPERATED.value, ServiceMode.ASSISTED.value],
        fields=random.sample(["medicine", "energy", "manufacturing", "digital", "synthetic-biology"], 2),
        share_mode=ShareMode.EXTERNAL,
        state=InstrumentState.LISTED,
        created_at=born,
    )


def _terms(thing: Thing) -> dict[str, Any]:
    """How it is booked, and what customs ask of it: the dearer, the stricter."""
    return {
        "grid_minutes": 30,
        "min_minutes": 60 if thing.wan < 600 else 120,
        "max_minutes": 480 if thing.wan < 600 else 1440,
        "cancel_hours": 24,
        "needs_approval": thing.wan >= 700,
        "customs_supervised": thing.wan >= 3000,
        "customs_declaration": "010120221000123456" if thing.wan >= 3000 else "",
    }


def _open(row: Instrument, random: Random) -> None:
    hours = random.choice([(8, 18), (8, 20), (9, 21)])
    days = 7 if random.random() < 0.3 else 5
    session.add_all(
        OpeningSpan(instrument_id=row.id, weekday=day, opens=hours[0] * 60, closes=hours[1] * 60) for day in range(days)
    )


def _price(row: Instrument, born: datetime) -> None:
    thing = next(t for t in THINGS.values() if t.name == row.name)
    for client_class, share in SHARES.items():
        session.add(
            PriceList(
                instrument_id=row.id,
                provider_id=row.provider_id,
                client_class=client_class,
                hourly=Money.yuan(thing.hourly).times(share),
                start_up=Money.yuan(100) if thing.wan > 500 else ZERO,
                minimum=ZERO,
                valid_from=civil_day(born),
                valid_until=None,
                created_at=born,
            )
        )


def evaluate(*, now: datetime) -> None:
    """The first scheme as a demonstration edition, valid for the invented years: the last one and the running one."""
    this = civil_year(now)
    scheme = schemes.publish(_demonstration(this - 1, this), actor=ACTOR, now=now)
    for year in (this - 1, this):
        opened = rounds.open_round(scheme, year, date(year + 1, 3, 31), actor=ACTOR, now=now)
        rounds.compute_round(opened, actor=ACTOR, now=now)


def _demonstration(first: int, last: int) -> Draft:
    draft = schemes.read(schemes.SEED)
    return replace(
        draft,
        title=f"【演示】{draft.title}",
        title_en=f"[Demonstration] {draft.title_en}",
        valid_from=date(first, 1, 1),
        valid_until=date(last, 12, 31),
        published_on=date(first, 1, 1),
    )
