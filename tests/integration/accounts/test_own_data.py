"""A person's own page: the password, the addresses and the language are changed by nobody else, and by no mistake."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.exceptions import Unauthorized

from app.accounts.models import ApiToken, User
from app.accounts.services import profile
from app.accounts.services.passwords import fits
from app.accounts.views.login import present_session
from app.audit.models import AuditEntry
from app.infra.db import session
from app.infra.outbox import Channel, OutboxMessage
from app.infra.transactions import transaction
from tests.factories.cast import Cast
from tests.factories.organisations import user
from tests.factories.pages import send
from tests.factories.signing_in import signed_in
from tests.integration.accounts.test_entry import PASSWORD, last_code, sign_up

OTHER = "a wholly new secret"


def stored() -> User:
    session.rollback()
    return session.scalars(select(User).order_by(User.id)).all()[0]


def test_a_new_password_needs_the_old_one(app: Flask, client: FlaskClient) -> None:
    sign_up(client)
    guessed = send(client, "/account/password", old_password="not the old one", password=OTHER)
    assert (guessed.status_code, "当前密码不正确" in guessed.text) == (422, True)
    assert fits(stored().password_hash, PASSWORD)
    there = signed_in(app, stored())
    assert send(client, "/account/password", old_password=PASSWORD, password=OTHER).location == "/account"
    assert fits(stored().password_hash, OTHER)
    assert client.get("/account").status_code == 200
    assert there.get("/account").location.startswith("/sign-in"), "other sign-ins end"
    told = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    assert told is not None
    assert told.address == "li.hua@example.org"


@pytest.mark.parametrize("code", ["wrong", ""])
def test_an_address_is_not_replaced_without_its_code(client: FlaskClient, code: str) -> None:
    sign_up(client)
    send(client, "/account/address", address="new@example.org")
    answer = send(client, "/account/address/confirm", code=code)
    assert (answer.status_code, "n***@example.org" in answer.text) == (422, True)
    assert stored().email == "li.hua@example.org"


def test_an_address_that_another_proved_meanwhile_is_not_taken_over(client: FlaskClient) -> None:
    sign_up(client)
    send(client, "/account/address", address="new@example.org")
    with transaction():
        user("new")
    assert send(client, "/account/address/confirm", code=last_code()).status_code == 422
    assert stored().email == "li.hua@example.org"


def test_an_address_that_cannot_be_read_is_refused_with_what_was_typed(client: FlaskClient) -> None:
    sign_up(client)
    answer = send(client, "/account/address", address="no address")
    assert (answer.status_code, 'value="no address"' in answer.text) == (422, True)


def test_the_language_in_force_chosen_again_changes_nothing(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.researcher)
    known = session.scalar(select(func.count()).select_from(AuditEntry))
    for language, entries in (("zh_CN", 0), ("en", 1), ("en", 1)):
        assert send(client, "/language", language=language).status_code == 302
        session.rollback()
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == (known or 0) + entries


def test_a_token_without_rights_is_not_made_and_its_name_stays(app: Flask, cast: Cast) -> None:
    answer = send(signed_in(app, cast.researcher), "/account/tokens", name="Notebook", days="30")
    assert (answer.status_code, 'value="Notebook"' in answer.text) == (422, True)
    assert session.scalar(select(func.count()).select_from(ApiToken)) == 0


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ({}, (Channel.MAIL, "known@example.org")),
        ({"mobile": "13800138000"}, (Channel.MAIL, "known@example.org")),
        ({"mobile": "13800138000", "email": None}, (Channel.SMS, "13800138000")),
        ({"mobile": "13800138000", "email_verified_at": None}, (Channel.SMS, "13800138000")),
        ({"email_verified_at": None}, (Channel.MAIL, "known@example.org")),
    ],
)
def test_a_person_is_told_where_an_address_is_proved(
    app: Flask, known: dict[str, str | None], told: tuple[Channel, str]
) -> None:
    with transaction():
        reached = profile.recipient_of(user("known", **known))
    assert (reached.channel, reached.address) == told


def test_a_page_that_asks_who_sits_there_is_not_shown_to_nobody(app: Flask) -> None:
    with app.test_request_context("/terms"), pytest.raises(Unauthorized):
        present_session()
