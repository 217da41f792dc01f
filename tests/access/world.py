"""One object of every kind, ours and theirs, and everybody signed in."""

from __future__ import annotations

import io
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select, update

from app.access import Role
from app.accounts.models import ApiToken, SignInSession, User
from app.accounts.queries import hashed
from app.accounts.services import passwords
from app.billing.models import Charge
from app.booking.models import Booking, BookingGuest, OccupationKind
from app.booking.services import blocks
from app.booking.services.check import BookingRequest
from app.booking.services.request import request_booking
from app.catalogue.models import ImportRun, ImportState, Instrument, InstrumentState
from app.catalogue.services import holidays, imports
from app.infra import files
from app.infra.clock import system_clock
from app.infra.db import session
from app.infra.transactions import transaction
from app.ledger.models import ServiceRecord
from app.ledger.rules.history.checking import RowFate
from app.ledger.rules.history.rows import REQUIRED
from app.ledger.services import checks, history
from app.organisations.models import (
    EvaluationUnit,
    Invitation,
    Kind,
    Membership,
    Organisation,
    OrganisationRole,
)
from app.organisations.services import applying
from app.pricing.rules import ClientClass
from app.usage import services as usage
from tests.access.year import computed
from tests.factories.actors import acting
from tests.factories.cast import Cast, gather
from tests.factories.instruments import instrument, price
from tests.factories.organisations import related
from tests.factories.pages import csrf_token
from tests.factories.pictures import photograph
from tests.factories.signing_in import signed_in
from tests.factories.tokens import bearer

ABSENT = "01890000-0000-7000-8000-000000000000"
HOUR = timedelta(hours=1)
ROLES = ("visitor", *(field.name for field in fields(Cast) if field.type == "User"))
PASSWORD = "what everybody here types"
PICTURE = photograph()
TABLE = b"Number,Name,Model\nN-1,Balance,B2\n"

# who books, for whom, on which instrument, and on which that asks for approval
Party = tuple[User, Organisation, Instrument, Instrument]

# hours after the beginning: (from, started, stopped) of one booking of each state
STAGES = {
    "ended": (1, True, True),
    "running": (4, True, False),
    "due": (6, False, False),
    "booking": (60, False, False),
}
NOW = 6
# past use that somebody brings in, and how far it has come; the last one is attested besides
HISTORIES = {
    "history": ImportState.UPLOADED,
    "checked": ImportState.CHECKED,
    "past": ImportState.COMPLETE,
    "attested": ImportState.COMPLETE,
}


@dataclass(frozen=True)
class Visit:
    """What a browser or program of this person sends along."""

    cookie: str
    csrf: str
    bearer: dict[str, str]


@dataclass
class World:
    cast: Cast
    visits: dict[str, Visit]
    objects: dict[str, dict[str, str]]  # "booking.own" → path values
    refs: dict[str, Any]  # what bodies name, whatever becomes of the session
    now: datetime

    def place(self, label: str) -> dict[str, str]:
        """The values of a path for an object; an absent one has the shape of ours."""
        kind, _, whose = label.partition(".")
        if whose != "absent":
            return self.objects[label]
        return {name: _absent(value) for name, value in self.objects[f"{kind}.own"].items()}


def _absent(value: str) -> str:
    return "999999" if value.isdigit() else ABSENT if len(value) == 36 else "absent"


def build(app: Flask, clock: Any) -> World:
    began = clock()
    with transaction():
        cast = gather()
        _give_passwords(cast)
        endpoints = _instruments(cast)
    world = World(cast, {}, {}, _refs(cast), began + NOW * HOUR)
    for whose, party in endpoints.items():
        _bookings(world, whose, party, began)
    with transaction():
        holidays.seed(now=began)
        _rows(world, began)
    with transaction():
        _uploads(world, began)
    clock.instant = world.now
    world.objects |= computed(cast, world.now)
    _sign_in(app, world)
    return world


def _refs(cast: Cast) -> dict[str, Any]:
    named = {name: getattr(cast, name).public_id for name in ("firm", "other_firm", "microscope", "other_microscope")}
    return {
        **named,
        "uscc": cast.operator.uscc,
        "manager": cast.manager.id,
        "approver": cast.approver.id,
        "rival": cast.rival.id,
    }


def _give_passwords(cast: Cast) -> None:
    """One hash for all: making it is slow on purpose."""
    hashed_once = passwords.hash_of(PASSWORD)
    for role in ROLES[1:]:
        getattr(cast, role).password_hash = hashed_once


def _instruments(cast: Cast) -> dict[str, Party]:
    second = instrument(cast.university, "Second", cast.manager)
    careful = instrument(cast.university, "Careful", cast.manager, needs_approval=True)
    far = instrument(cast.other_university, "Far", needs_approval=True)
    for each in (second, careful, far):
        price(each, 100, ClientClass.FIRM)
    return {
        "own": (cast.researcher, cast.firm, cast.microscope, careful),
        "colleague": (cast.colleague, cast.firm, second, careful),
        "other": (cast.rival, cast.other_firm, cast.other_microscope, far),
    }


def _bookings(world: World, whose: str, party: Party, began: datetime) -> None:
    who, client, on, careful = party

    def book(of: Instrument, hour: int) -> Booking:
        start = began + hour * HOUR
        wish = BookingRequest(of.public_id, client.public_id, start, start + HOUR, "Fracture surface")
        with transaction():
            return request_booking(wish, actor=acting(who), now=began)

    for stage, (hour, started, stopped) in STAGES.items():
        row = book(on, hour)
        world.objects[f"{stage}.{whose}"] = {"booking": row.public_id}
        if started:
            with transaction():
                usage.start(row.public_id, actor=acting(who), now=row.starts_at)
        if stopped:
            with transaction():
                usage.stop(row.public_id, actor=acting(who), now=row.ends_at)
            charge = session.scalars(select(Charge).where(Charge.booking_id == row.id)).one()
            record = session.scalars(select(ServiceRecord).where(ServiceRecord.booking_id == row.id)).one()
            world.objects[f"charge.{whose}"] = {"charge": charge.public_id}
            world.objects[f"record.{whose}"] = {"record": record.public_id}
    world.objects[f"requested.{whose}"] = {"booking": book(careful, 70).public_id}
    along = {"own": world.cast.colleague, "colleague": world.cast.researcher, "other": world.cast.stranger}[whose]
    coming = world.objects[f"booking.{whose}"]
    with transaction():
        booked = session.scalars(select(Booking).where(Booking.public_id == coming["booking"])).one()
        session.add(BookingGuest(booking_id=booked.id, user_id=along.id, invited_at=began))
    world.objects[f"guest.{whose}"] = {**coming, "guest": str(along.id)}


def _rows(world: World, began: datetime) -> None:
    cast, objects = world.cast, world.objects
    sides = {
        "own": (cast.university, cast.microscope, cast.firm, cast.finance, cast.researcher),
        "other": (cast.other_university, cast.other_microscope, cast.other_firm, cast.stranger, cast.rival),
    }
    for whose, (provider, on, client, staff, invited) in sides.items():
        objects[f"person.{whose}"] = {"person": invited.public_id}
        objects[f"organisation.{whose}"] = {"organisation_id": provider.public_id}
        objects[f"client.{whose}"] = {"organisation_id": client.public_id}
        objects[f"instrument.{whose}"] = {"instrument": on.public_id}
        draft = instrument(provider, "Draft", state=InstrumentState.DRAFT)
        objects[f"draft.{whose}"] = {"instrument": draft.public_id}
        _photographed(on, draft)
        line = instrument(provider, "Pilot line", places=2)
        slip = price(line, 900, valid_from=(began + 720 * HOUR).date())
        world.refs[f"line.{whose}"] = line.public_id
        objects[f"price.{whose}"] = {"instrument": line.public_id, "price": slip.public_id}
        objects[f"unit.{whose}"] = {"unit_id": _unit(provider)}
        objects[f"relation.{whose}"] = {"relation_id": _relation(provider, client)}
        objects[f"invitation.{whose}"] = {"invitation_id": _invitation(provider, invited, whose, began)}
        objects[f"secret.{whose}"] = {"secret": f"secret-{whose}"}
        held = session.scalars(
            select(Membership).where(Membership.user_id == staff.id, Membership.organisation_id == provider.id)
        ).first()
        assert held
        objects[f"membership.{whose}"] = {"membership_id": held.public_id}
    for whose, (on, who) in {
        "own": (cast.microscope, cast.manager),
        "other": (cast.other_microscope, cast.stranger),
    }.items():
        start = began + 100 * HOUR
        held_time = blocks.block(
            on.public_id, start, start + HOUR, OccupationKind.MAINTENANCE, actor=acting(who), now=began
        )
        objects[f"block.{whose}"] = {"instrument": on.public_id, "occupation": str(held_time.id)}


def _photographed(*rows: Instrument) -> None:
    """With a picture, in their first version still: that is what every visitor sends along."""
    kept = files.store(io.BytesIO(PICTURE), name="x.jpg", media_type="image/jpeg", owner_id=None, now=system_clock())
    shown = update(Instrument).where(Instrument.id.in_([row.id for row in rows]))
    session.execute(shown.values(image_file_id=kept.id))


def _unit(of: Organisation) -> str:
    row = EvaluationUnit(organisation_id=of.id, name="Campus", kind=Kind.UNIVERSITY)
    session.add(row)
    session.flush()
    return row.public_id


def _relation(one: Organisation, other: Organisation) -> str:
    proof = files.store(
        io.BytesIO(b"%PDF-1.7"), name="register.pdf", media_type="application/pdf", owner_id=None, now=system_clock()
    )
    return related(one, other, proof_file_id=proof.id).public_id


def _invitation(of: Organisation, to: User, whose: str, began: datetime) -> str:
    row = Invitation(
        organisation_id=of.id,
        address=to.email,
        role=Role.FINANCE,
        secret_hash=hashed(f"secret-{whose}"),
        created_at=began,
        expires_at=began + timedelta(days=7),
    )
    session.add(row)
    session.flush()
    return row.public_id


def _uploads(world: World, began: datetime) -> None:
    cast, objects = world.cast, world.objects
    for whose, provider, administrator, applicant in (
        ("own", cast.university, cast.administrator, cast.researcher),
        ("other", cast.other_university, cast.stranger, cast.rival),
    ):
        for kind, state in {"import": ImportState.UPLOADED, "checked-import": ImportState.CHECKED}.items():
            listed = imports.upload(provider, io.BytesIO(TABLE), "list.csv", actor=acting(administrator), now=began)
            listed.mapping = {**listed.mapping, "columns": {"inner_id": 0, "name": 1}}
            objects[f"{kind}.{whose}"] = _staged(listed, state)
        for kind, state in HISTORIES.items():
            past = history.upload(provider, io.BytesIO(TABLE), "past.csv", actor=acting(administrator), now=began)
            past.mapping = {**past.mapping, "columns": dict.fromkeys(REQUIRED, 0)}
            objects[f"{kind}.{whose}"] = _staged(past, state)
        checks.attest(past.public_id, "as listed", actor=acting(administrator), now=began)
        claim = applying.Claim(name=f"Team {whose}", kind=Kind.START_UP_TEAM, roles=(OrganisationRole.CLIENT,))
        letter = applying.Letter(io.BytesIO(b"%PDF-1.7 letter"), "letter.pdf")
        made = applying.apply(claim, letter, actor=acting(applicant), now=began)
        objects[f"application.{whose}"] = {"application_id": made.public_id}


def _staged(run: ImportRun, state: ImportState) -> dict[str, str]:
    run.state, run.report = state, _report() if state is ImportState.COMPLETE else None
    session.flush()
    return {"run": run.public_id}


def _report() -> dict[str, Any]:
    """What a complete list says of itself: nothing new, nothing refused."""
    nothing = {"rows": 0, "booked_minutes": 0, "used_minutes": 0}
    return {"fates": {fate.value: nothing for fate in RowFate}, "reasons": {}}


def _sign_in(app: Flask, world: World) -> None:
    cast, name = world.cast, app.config["SESSION_COOKIE_NAME"]
    for role in ROLES:
        who = getattr(cast, role, None)
        client = app.test_client() if who is None else signed_in(app, who)
        token = csrf_token(client)
        cookie = client.get_cookie(name)
        assert cookie
        header = {} if who is None else bearer(who, now=world.now)
        world.visits[role] = Visit(cookie.value, token, header)
    for whose, who in (("own", cast.researcher), ("other", cast.rival)):
        signed_in(app, who)
        second = select(SignInSession).where(SignInSession.user_id == who.id).order_by(SignInSession.id.desc())
        own_token = select(ApiToken).where(ApiToken.user_id == who.id)
        world.objects[f"session.{whose}"] = {"session_id": session.scalars(second).first().public_id}  # type: ignore[union-attr]
        world.objects[f"token.{whose}"] = {"token_id": session.scalars(own_token).first().public_id}  # type: ignore[union-attr]
