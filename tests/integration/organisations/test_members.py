"""Members: invited, joined, ended; an organisation always keeps an administrator."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.access import Role
from app.accounts.models import User
from app.accounts.rules.addresses import Address, AddressKind
from app.infra.db import session
from app.infra.outbox import OutboxMessage
from app.infra.transactions import transaction
from app.kernel.civil import civil_day
from app.kernel.errors import Refused
from app.organisations import queries
from app.organisations.models import Invitation, Membership, Organisation
from app.organisations.services import members
from tests.conftest import Clock
from tests.factories.actors import acting
from tests.factories.cast import Cast
from tests.factories.organisations import member, user
from tests.factories.pages import blamed, send
from tests.factories.signing_in import signed_in


def members_page(of: Organisation) -> str:
    return f"/organisations/{of.public_id}/members"


def link() -> str:
    session.rollback()
    message = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    found = re.search(r"/join/[\w-]+", message.whole(message.body) if message else "")
    assert found
    return found[0]


def term_page(who: User, role: Role) -> str:
    session.rollback()
    held = session.scalars(select(Membership).where(Membership.user_id == who.id, Membership.role == role)).one()
    return f"/memberships/{held.public_id}"


@pytest.fixture
def newcomer(cast: Cast) -> User:
    with transaction():
        return user("newcomer")


def test_an_invitation_is_accepted_once_by_the_person_invited(app: Flask, cast: Cast, newcomer: User) -> None:
    administrator = signed_in(app, cast.administrator)
    invited = {"address": "Newcomer@example.org", "role": "finance"}
    assert send(administrator, members_page(cast.university), **invited).status_code == 302
    assert send(signed_in(app, cast.stranger), link()).status_code == 422, "sent to another address"
    client = signed_in(app, newcomer)
    assert "University One" in client.get(link()).text
    assert send(client, link()).location == "/organisations/mine"
    assert send(client, link()).status_code == 404, "used up"
    today = civil_day(cast.university.created_at)
    assert queries.roles_of(newcomer.id, today=today.replace(month=11, day=18)) == {(Role.FINANCE, cast.university.id)}


def test_an_invitation_ends_by_itself_and_can_be_withdrawn(
    app: Flask, cast: Cast, newcomer: User, clock: Clock
) -> None:
    administrator, client = signed_in(app, cast.administrator), signed_in(app, newcomer)
    send(administrator, members_page(cast.university), address="newcomer@example.org", role="member")
    row = session.scalars(select(Invitation)).one()
    assert send(administrator, f"/invitations/{row.public_id}/withdraw").status_code == 302
    assert client.get(link()).status_code == 404
    send(administrator, members_page(cast.university), address="newcomer@example.org", role="member")
    clock.move(days=14)
    assert signed_in(app, newcomer).get(link()).status_code == 404


def test_only_roles_of_the_bodys_roles_are_offered(app: Flask, cast: Cast) -> None:
    administrator = signed_in(app, cast.administrator)
    smuggled = {"address": "x@example.org", "role": "scheme-manager"}
    assert send(administrator, members_page(cast.university), **smuggled).status_code == 422


@pytest.mark.parametrize("address", ["newcomer", "newcomer@", "12800138000"])
def test_an_invitation_needs_an_address_that_can_be_reached(app: Flask, cast: Cast, address: str) -> None:
    answer = send(signed_in(app, cast.administrator), members_page(cast.university), address=address, role="finance")
    assert (answer.status_code, blamed(answer)) == (422, ["address"])
    assert f'value="{address}"' in answer.text
    assert session.scalars(select(Invitation)).all() == []


def test_a_role_without_a_part_is_not_offered_by_the_verb_either(cast: Cast, now: datetime) -> None:
    offer = members.Offer(Address(AddressKind.EMAIL, "x@example.org"), Role.SCHEME_MANAGER, None)
    words: dict[str, Any] = {"address_of": str, "role_name": "", "language": "en"}
    with pytest.raises(Refused, match="role-not-offered"), transaction():
        members.invite(cast.university, offer, **words, actor=acting(cast.administrator), now=now)


def test_a_role_is_not_held_twice(app: Flask, cast: Cast, newcomer: User) -> None:
    administrator, client, links = signed_in(app, cast.administrator), signed_in(app, newcomer), []
    for _ in range(2):
        send(administrator, members_page(cast.university), address="newcomer@example.org", role="finance")
        links.append(link())
    first, second = (send(client, one) for one in links)
    assert (first.status_code, second.status_code, "您在该单位已有此角色" in second.text) == (302, 422, True)
    session.rollback()
    assert len(session.scalars(select(Membership).where(Membership.user_id == newcomer.id)).all()) == 1
    open_ones = select(Invitation).where(Invitation.accepted_at.is_(None))
    assert len(session.scalars(open_ones).all()) == 1, "the other one is not used up"


def test_members_of_another_body_are_as_good_as_absent(app: Flask, cast: Cast) -> None:
    stranger = signed_in(app, cast.stranger)
    foreign, absent = members_page(cast.university), "/organisations/0190b5a0-0000-7000-8000-000000000000/members"
    assert stranger.get(foreign).status_code == stranger.get(absent).status_code == 404
    assert stranger.get(members_page(cast.other_university)).status_code == 200


def test_the_last_administrator_stays(app: Flask, cast: Cast, clock: Clock) -> None:
    administrator = signed_in(app, cast.administrator)
    page, today = term_page(cast.administrator, Role.ADMINISTRATOR), civil_day(clock())
    assert send(administrator, page, version=1, ends_on=today.isoformat()).status_code == 422
    with transaction():
        deputy = member(user("deputy"), cast.university, Role.ADMINISTRATOR)
    assert send(administrator, page, version=1, ends_on=today.isoformat()).status_code == 302
    session.rollback()
    assert queries.roles_of(cast.administrator.id, today=today) == frozenset()
    theirs = term_page(deputy, Role.ADMINISTRATOR)
    later = (today + timedelta(days=30)).isoformat()
    assert send(signed_in(app, deputy), theirs, version=1, ends_on=later).status_code == 422, "not in a month either"


def test_without_the_rule_the_last_administrator_would_go(
    app: Flask, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control for the test above."""
    monkeypatch.setattr("app.organisations.rules.leaves_nobody", lambda *_others, **_when: False)
    page, today = term_page(cast.administrator, Role.ADMINISTRATOR), civil_day(clock()).isoformat()
    assert send(signed_in(app, cast.administrator), page, version=1, ends_on=today).status_code == 302


def test_a_stale_change_is_refused(app: Flask, cast: Cast, clock: Clock) -> None:
    administrator, page = signed_in(app, cast.administrator), term_page(cast.manager, Role.INSTRUMENT_MANAGER)
    later = (civil_day(clock()) + timedelta(days=30)).isoformat()
    assert send(administrator, page, version=1, ends_on=later).status_code == 302
    assert send(administrator, page, version=1, ends_on="").status_code == 409


def test_a_role_ends_on_its_day_in_beijing(app: Flask, cast: Cast, clock: Clock) -> None:
    administrator, page = signed_in(app, cast.administrator), term_page(cast.manager, Role.INSTRUMENT_MANAGER)
    tomorrow = civil_day(clock()) + timedelta(days=1)
    send(administrator, page, version=1, ends_on=tomorrow.isoformat())
    session.rollback()
    assert queries.roles_of(cast.manager.id, today=civil_day(clock()))
    clock.move(hours=15)  # 16:00 UTC is midnight in Beijing
    assert queries.roles_of(cast.manager.id, today=civil_day(clock())) == frozenset()


def test_the_three_administrators_are_three_people(app: Flask, cast: Cast) -> None:
    with transaction():
        member(user("head"), cast.operator, Role.ADMINISTRATOR)
        head = session.scalars(select(User).where(User.name == "head")).one()
    invited = {"address": "auditor@example.org", "role": "security-administrator"}
    assert send(signed_in(app, head), members_page(cast.operator), **invited).status_code == 302
    assert send(signed_in(app, cast.auditor), link()).status_code == 422


def test_acting_for_one_organisation_leaves_the_others_aside(app: Flask, cast: Cast) -> None:
    with transaction():
        both = member(member(user("both"), cast.firm, Role.MEMBER), cast.university, Role.ADMINISTRATOR)
    client = signed_in(app, both)
    edit = f"/organisations/{cast.university.public_id}/edit"
    assert client.get(edit).status_code == 200
    assert send(client, "/acting-organisation", organisation=cast.firm.public_id).status_code == 302
    assert client.get(edit).status_code == 403
    foreign = send(client, "/acting-organisation", organisation=cast.other_firm.public_id)
    assert foreign.status_code == 404
    send(client, "/acting-organisation", organisation="")
    assert client.get(edit).status_code == 200
