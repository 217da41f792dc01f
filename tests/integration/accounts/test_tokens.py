"""Tokens of programs: shown once, no wider than asked, dead when revoked, past their day or without a person."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.access import NOBODY, scope
from app.access.permissions import SCOPES
from app.accounts.models import ApiToken, UserState
from app.accounts.services import tokens
from app.booking.models import Booking
from app.booking.permissions import BookingPermission
from app.infra.db import session
from app.infra.transactions import transaction
from app.kernel.errors import Refused
from app.ledger.models import ServiceRecord
from app.ledger.permissions import RecordPermission
from tests.conftest import Clock
from tests.factories.actors import acting
from tests.factories.cast import Cast
from tests.factories.pages import blamed, send
from tests.factories.records import record
from tests.factories.signing_in import signed_in, signed_in_english
from tests.factories.tokens import bearer
from tests.integration.booking.test_request import book

DAY = timedelta(days=1)
OWN = "/api/v1/bookings"


def made_on_the_page(app: Flask, cast: Cast) -> tuple[dict[str, str], ApiToken]:
    client = signed_in(app, cast.researcher)
    assert send(client, "/account/tokens", name="Notebook", scopes="booking:read", days="30").status_code == 302
    shown = client.get("/account/tokens").text
    found = re.search(r"isp_[\w-]{20,}", shown)
    assert found
    assert found[0] not in client.get("/account/tokens").text
    row = session.scalars(select(ApiToken)).one()
    assert found[0] not in str(vars(row))
    return {"Authorization": f"Bearer {found[0]}"}, row


def test_a_token_is_shown_once_and_dies_when_it_is_revoked(app: Flask, cast: Cast) -> None:
    auth, row = made_on_the_page(app, cast)
    assert app.test_client().get(OWN, headers=auth).status_code == 200
    revoke = f"/account/tokens/{row.public_id}/revoke"
    assert send(signed_in(app, cast.colleague), revoke).status_code == 404
    assert app.test_client().get(OWN, headers=auth).status_code == 200
    assert send(signed_in(app, cast.researcher), revoke).status_code == 302
    assert app.test_client().get(OWN, headers=auth).status_code == 401


def test_a_token_dies_on_its_day_and_with_its_person(app: Flask, cast: Cast, now: datetime, clock: Clock) -> None:
    auth = bearer(cast.researcher, now=now)
    clock.move(days=30, seconds=-1)
    assert app.test_client().get(OWN, headers=auth).status_code == 200
    clock.move(seconds=1)
    assert app.test_client().get(OWN, headers=auth).status_code == 401
    later = bearer(cast.researcher, now=clock())
    with transaction():
        cast.researcher.state = UserState.SUSPENDED
    assert app.test_client().get(OWN, headers=later).status_code == 401


def test_a_token_does_nothing_outside_of_its_scopes(app: Flask, cast: Cast, now: datetime) -> None:
    narrow = bearer(cast.researcher, "record:read", now=now)
    assert app.test_client().get(OWN, headers=narrow).status_code == 403
    assert app.test_client().get("/api/v1/records", headers=narrow).status_code == 200


def test_a_token_lists_nothing_outside_of_its_scopes_whatever_the_door_asked(cast: Cast, now: datetime) -> None:
    book(cast, now)
    owner = acting(cast.researcher)
    seen = []
    for scopes in (None, {"booking:read"}, {"record:read"}):
        by = replace(owner, scopes=None if scopes is None else frozenset(scopes))
        seen.append(len(session.scalars(select(Booking).where(scope(by, BookingPermission.VIEW, Booking))).all()))
    assert seen == [1, 1, 0]


def test_what_has_no_owner_is_not_nobodys_own(cast: Cast) -> None:
    with transaction():
        record(cast.microscope, cast.firm, user_id=None)
    mine = scope(NOBODY, RecordPermission.VIEW, ServiceRecord)
    assert session.scalars(select(ServiceRecord).where(mine)).all() == []


@pytest.mark.parametrize(
    ("scopes", "life", "code"),
    [
        ((), DAY, "token-scopes"),
        ((*SCOPES, "everything"), DAY, "token-scopes"),
        (SCOPES, timedelta(0), "token-life"),
        (SCOPES, 365 * DAY + timedelta(seconds=1), "token-life"),
    ],
)
def test_a_token_without_bounds_is_refused(
    cast: Cast, now: datetime, scopes: tuple[str, ...], life: timedelta, code: str
) -> None:
    who = cast.researcher
    with pytest.raises(Refused, match=code), transaction():
        tokens.create("Notebook", scopes, life, user_id=who.id, actor=acting(who), now=now)


def test_its_owner_sees_where_a_token_was_used_last(app: Flask, cast: Cast, now: datetime) -> None:
    auth, client = bearer(cast.researcher, now=now), app.test_client()
    for place in ("203.0.113.7", "198.51.100.4"):
        client.get(OWN, headers=auth, environ_overrides={"REMOTE_ADDR": place})
    page = signed_in_english(app, cast.researcher).get("/account/tokens").text
    assert "198.51.100.4" in page
    assert "198.51.100.4" not in signed_in_english(app, cast.colleague).get("/account/tokens").text


def test_only_what_could_ever_be_used_is_offered(app: Flask, cast: Cast) -> None:
    for person, offered in ((cast.researcher, False), (cast.administrator, True)):
        client = signed_in_english(app, person)
        page = client.get("/account/tokens").text
        found = [f'value="{scope}"' in page for scope in ("booking:read", "instrument:write", "result:read")]
        assert found == [True, offered, offered], person.name
    wanted = {"name": "scores", "days": "30", "scopes": "result:read"}
    refused = send(signed_in_english(app, cast.researcher), "/account/tokens", **wanted)
    assert (refused.status_code, blamed(refused)) == (422, ["scopes"])
