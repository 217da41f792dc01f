"""Behind the endpoints: every service refuses a stranger by itself, whatever its endpoint has asked before."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.access import NOBODY, Actor, Role
from app.accounts.models import User
from app.accounts.rules.addresses import Address, AddressKind
from app.accounts.services import profile as own
from app.billing import services as billing
from app.billing.rules import MarkKind
from app.booking.models import OccupationKind
from app.booking.services import approval, blocks, cancellation, components, guests
from app.booking.services import settings as opening
from app.booking.services.check import BookingRequest
from app.booking.services.move import NewTime, move, preview_move
from app.booking.services.request import request_booking
from app.catalogue.models import Instrument, InstrumentState
from app.catalogue.rules.holidays import Notice
from app.catalogue.services import holidays, imports, instruments
from app.evaluation.services import acts, rounds
from app.infra.db import session
from app.infra.transactions import transaction
from app.kernel.errors import Forbidden, NotFound, Stale
from app.kernel.money import Money
from app.ledger.services import checks, history
from app.organisations.models import Kind, Organisation, RelationBasis
from app.organisations.services import applying, members, people, profile, relations, suspension
from app.pricing import services as pricing
from app.pricing.rules import ClientClass
from app.usage import services as usage
from tests.access.conftest import Scene
from tests.factories.actors import acting

DAY = date(2026, 12, 24)
HOUR = timedelta(hours=1)
RULES = dict.fromkeys(opening.RULES, 30)


class Asked:
    """What a verb is asked about: ours, by somebody of another house."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.world = scene, scene.world
        self.now: datetime = scene.world.now
        self.start = self.now + 20 * HOUR

    def id(self, kind: str) -> str:
        return next(iter(self.world.place(f"{kind}.own").values()))

    def organisation(self) -> Organisation:
        return session.scalars(select(Organisation).where(Organisation.public_id == self.id("organisation"))).one()

    def instrument(self) -> Instrument:
        return session.scalars(select(Instrument).where(Instrument.public_id == self.id("instrument"))).one()

    def table(self) -> Any:
        return io.BytesIO(b"Number,Name\nN-1,Balance\n")


Verb = Callable[[Asked, dict[str, Any]], Any]
UNIT = profile.Unit("North", Kind.UNIVERSITY, "", "")
OFFER = members.Offer(Address(AddressKind.EMAIL, "new@example.org"), Role.ADMINISTRATOR, None)
SAID = relations.Statement("91110114MA0000010X", RelationBasis.OTHER, None, DAY, None)
STRUCTURE = suspension.Structure(Kind.ENTERPRISE, None, None, None)
WORDS: dict[str, Any] = {"address_of": str, "role_name": "", "language": "en"}

VERBS: dict[str, Verb] = {
    "request": lambda a, by: request_booking(
        BookingRequest(a.id("instrument"), a.world.refs["firm"], a.start, a.start + HOUR, "x"), **by
    ),
    "approve": lambda a, by: approval.approve(a.id("requested"), **by),
    "decline": lambda a, by: approval.decline(a.id("requested"), "No", **by),
    "cancel": lambda a, by: cancellation.cancel(a.id("booking"), "No", **by),
    "invite": lambda a, by: guests.invite(a.id("booking"), a.world.refs["approver"], **by),
    "uninvite": lambda a, by: guests.uninvite(a.id("guest"), int(a.world.place("guest.own")["guest"]), **by),
    "move": lambda a, by: move(a.id("booking"), NewTime(a.start, a.start + HOUR), **by),
    "preview move": lambda a, by: preview_move(a.id("booking"), NewTime(a.start, a.start + HOUR), **by),
    "block": lambda a, by: blocks.block(a.id("instrument"), a.start, a.start + HOUR, OccupationKind.STAFF, **by),
    "unblock": lambda a, by: blocks.unblock(
        a.id("block"), int(a.world.place("block.own")["occupation"]), **by
    ),
    "join": lambda a, by: components.join(a.id("instrument"), a.world.refs["line.own"], 1, **by),
    "leave": lambda a, by: components.leave(a.id("instrument"), **by),
    "rules": lambda a, by: opening.change_rules(a.id("instrument"), RULES, [()] * 7, version=None, **by),
    "exception": lambda a, by: opening.set_exception(a.id("instrument"), DAY, (), "", **by),
    "no exception": lambda a, by: opening.drop_exception(a.id("instrument"), DAY, **by),
    "start": lambda a, by: usage.start(a.id("due"), **by),
    "stop": lambda a, by: usage.stop(a.id("running"), **by),
    "confirm": lambda a, by: usage.confirm(a.id("ended"), 5, **by),
    "mark": lambda a, by: billing.mark(a.id("charge"), MarkKind.INVOICED, Money(1), a.now.date(), "1", **by),
    "price": lambda a, by: pricing.list_price(
        a.instrument(), pricing.NewPrice(ClientClass.FIRM, Money(1), date(2027, 1, 1)), **by
    ),
    "withdraw price": lambda a, by: pricing.withdraw_price(a.instrument(), a.world.place("price.own")["price"], **by),
    "register": lambda a, by: instruments.create(a.organisation(), {"name": "x", "inner_id": "x"}, **by),
    "describe": lambda a, by: instruments.change(a.id("instrument"), {"name": "x"}, version=None, **by),
    "suspend": lambda a, by: instruments.move(a.id("instrument"), InstrumentState.SUSPENDED, **by),
    "managers": lambda a, by: instruments.set_managers(a.id("instrument"), [], **by),
    "upload": lambda a, by: imports.upload(a.organisation(), a.table(), "x.csv", **by),
    "map": lambda a, by: imports.set_mapping(a.id("import"), {"columns": {}}, version=None, actor=by["actor"]),
    "check": lambda a, by: imports.check(a.id("import"), **by),
    "apply": lambda a, by: imports.apply(a.id("checked-import"), **by),
    "discard": lambda a, by: imports.discard(a.id("import"), **by),
    "upload history": lambda a, by: history.upload(a.organisation(), a.table(), "x.csv", **by),
    "map history": lambda a, by: history.set_mapping(a.id("history"), {"columns": {}}, version=None, actor=by["actor"]),
    "check history": lambda a, by: history.check(a.id("history"), **by),
    "discard history": lambda a, by: history.discard(a.id("history"), **by),
    "apply history": lambda a, by: history.apply(a.id("checked"), **by),
    "attest": lambda a, by: checks.attest(a.id("past"), "x", **by),
    "verify history": lambda a, by: checks.verify(a.id("attested"), "x", **by),
    "compute": lambda a, by: rounds.ask(a.id("round"), **by),
    "close round": lambda a, by: acts.close(a.id("round"), "x", **by),
    "ask final": lambda a, by: acts.ask_final(a.id("round"), "x", "x", **by),
    "final": lambda a, by: acts.finalise(a.id("round"), "x", "x", **by),
    "rename": lambda a, by: profile.change(
        a.organisation(), profile.Profile("x", "", "", "", ""), version=None, **by
    ),
    "unit": lambda a, by: profile.add_unit(a.organisation(), UNIT, **by),
    "change unit": lambda a, by: profile.change_unit(a.id("unit"), UNIT, version=None, **by),
    "remove unit": lambda a, by: profile.remove_unit(a.id("unit"), **by),
    "invite member": lambda a, by: members.invite(a.organisation(), OFFER, **WORDS, **by),
    "withdraw": lambda a, by: members.withdraw(a.id("invitation"), **by),
    "term": lambda a, by: members.change_term(a.id("membership"), DAY, version=None, **by),
    "relate": lambda a, by: relations.record_relation(a.organisation(), SAID, **by),
    "unrelate": lambda a, by: relations.end_relation(a.id("relation"), DAY, **by),
    "proof": lambda a, by: relations.proof_of(a.id("relation"), actor=by["actor"]),
    "admit": lambda a, by: applying.verify(a.id("application"), **by),
    "take back": lambda a, by: applying.take_back(a.id("application"), **by),
    "refuse": lambda a, by: applying.decline(a.id("application"), "No", **by),
    "suspend body": lambda a, by: suspension.suspend(a.organisation(), "No", version=None, **by),
    "restructure": lambda a, by: suspension.restructure(a.organisation(), STRUCTURE, version=None, **by),
    "enter holidays": lambda a, by: holidays.enter([Notice(DAY, "x", off=True)], **by),
    "remove holiday": lambda a, by: holidays.remove(date(2026, 10, 1), **by),
    "suspend person": lambda a, by: people.suspend(a.id("person"), "No", **by),
}  # fmt: skip


def actor(name: str) -> Actor:
    return acting(session.scalars(select(User).where(User.name == name)).one())


# What everybody may do to their own; nobody has any.
OWN: dict[str, Verb] = {
    "own name": lambda a, by: own.change("x", "en", version=None, **by),
    "own password": lambda a, by: own.change_password("x", "y", session_id=None, **by),
    "new address": lambda a, by: own.start_address_change(OFFER.address, **by),
    "claim": lambda a, by: applying.apply(applying.Claim("x", Kind.FOREIGN, []), applying.Letter(a.table(), "x"), **by),
    "proved address": lambda a, by: own.finish_address_change(OFFER.address, "0", **by),
}


# Who may, and by which version they looked: everything people edit.
VERSIONED: dict[str, tuple[str, Callable[[Asked, dict[str, Any]], Any]]] = {
    "approve": ("manager", lambda a, by: approval.approve(a.id("requested"), **by)),
    "decline": ("manager", lambda a, by: approval.decline(a.id("requested"), "No", **by)),
    "cancel": ("researcher", lambda a, by: cancellation.cancel(a.id("booking"), **by)),
    "move": ("researcher", lambda a, by: move(a.id("booking"), NewTime(a.start, a.start + HOUR), **by)),
    "start": ("researcher", lambda a, by: usage.start(a.id("due"), **by)),
    "stop": ("researcher", lambda a, by: usage.stop(a.id("running"), **by)),
    "confirm": ("researcher", lambda a, by: usage.confirm(a.id("ended"), 5, **by)),
    "rules": ("manager", lambda a, by: opening.change_rules(a.id("instrument"), RULES, [()] * 7, **by)),
    "describe": ("manager", lambda a, by: instruments.change(a.id("instrument"), {"name": "x"}, **by)),
    "suspend": ("manager", lambda a, by: instruments.move(a.id("instrument"), InstrumentState.SUSPENDED, **by)),
    "rename": (
        "administrator",
        lambda a, by: profile.change(a.organisation(), profile.Profile("x", "", "", "", ""), **by),
    ),
    "change unit": ("administrator", lambda a, by: profile.change_unit(a.id("unit"), UNIT, **by)),
    "term": ("administrator", lambda a, by: members.change_term(a.id("membership"), DAY, **by)),
    "suspend body": ("clerk", lambda a, by: suspension.suspend(a.organisation(), "No", **by)),
    "restructure": ("clerk", lambda a, by: suspension.restructure(a.organisation(), STRUCTURE, **by)),
    "map": ("administrator", lambda a, by: imports.set_mapping(a.id("import"), {"columns": {}}, **_without_now(by))),
    "map history": (
        "administrator",
        lambda a, by: history.set_mapping(a.id("history"), {"columns": {}}, **_without_now(by)),
    ),
}


def _without_now(by: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in by.items() if name != "now"}


@pytest.mark.parametrize("rig", ["sqlite"], indirect=True, scope="module")
@pytest.mark.parametrize("verb", VERBS)
def test_a_stranger_is_refused_by_the_verb_itself(scene: Scene, verb: str) -> None:
    asked = Asked(scene)
    with pytest.raises((NotFound, Forbidden)), transaction():
        VERBS[verb](asked, {"actor": actor("stranger"), "now": asked.now})


@pytest.mark.parametrize("rig", ["sqlite"], indirect=True, scope="module")
@pytest.mark.parametrize("verb", [*VERBS, *OWN])
def test_nobody_is_refused_by_the_verb_itself(scene: Scene, verb: str) -> None:
    asked = Asked(scene)
    with pytest.raises((NotFound, Forbidden)), transaction():
        {**VERBS, **OWN}[verb](asked, {"actor": NOBODY, "now": asked.now})


@pytest.mark.parametrize("rig", ["sqlite"], indirect=True, scope="module")
@pytest.mark.parametrize("verb", VERSIONED)
def test_who_looked_at_an_older_version_is_refused(scene: Scene, verb: str) -> None:
    asked, (who, act) = Asked(scene), VERSIONED[verb]
    with pytest.raises(Stale), transaction():
        act(asked, {"version": 99, "actor": actor(who), "now": asked.now})


@pytest.mark.parametrize("rig", ["sqlite"], indirect=True, scope="module")
@pytest.mark.parametrize(
    ("verb", "who"),
    [
        ("verify history", "administrator"),  # who brought it in does not check it
        ("attest", "clerk"),  # the operator sees it and does not answer for it
        ("move", "clerk"),
        ("preview move", "clerk"),
        ("approve", "researcher"),
        ("mark", "researcher"),
        ("price", "manager"),
        ("suspend body", "administrator"),
    ],
)
def test_who_may_see_it_is_not_yet_who_may_do_it(scene: Scene, verb: str, who: str) -> None:
    asked = Asked(scene)
    with pytest.raises((Forbidden, NotFound)), transaction():
        VERBS[verb](asked, {"actor": actor(who), "now": asked.now})
