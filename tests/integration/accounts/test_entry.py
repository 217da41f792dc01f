"""Signing up, proving an address, signing in, finding back in: on both engines."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.models import Consent, SignInSession, ThrottleCounter, User
from app.accounts.rules import limits
from app.accounts.services import passwords
from app.infra.db import session
from app.infra.outbox import OutboxMessage
from tests.conftest import Clock
from tests.factories.pages import send

PASSWORD = "correct horse battery staple"
NEW = {"name": "Li Hua", "address": "Li.Hua@Example.org", "password": PASSWORD, "agree": "y"}


def last_code() -> str:
    session.rollback()
    message = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    assert message is not None
    found = re.search(r"\d{6}", message.whole(message.body))
    assert found
    return found[0]


def sign_up(client: FlaskClient, **other: str) -> None:
    assert send(client, "/sign-up", **{**NEW, **other}).location.startswith("/verify")
    assert send(client, "/verify", code=last_code()).location == "/desk"


def test_a_new_person_proves_the_address_and_is_signed_in(client: FlaskClient) -> None:
    sign_up(client)
    user = session.scalars(select(User)).one()
    assert (user.email, user.name, user.email_verified_at is not None) == ("li.hua@example.org", "Li Hua", True)
    assert "$argon2id$" in user.password_hash
    assert session.scalar(select(func.count()).select_from(Consent)) == 2
    assert "Li Hua" in client.get("/account").text


def test_a_mobile_number_serves_as_well(client: FlaskClient) -> None:
    assert send(client, "/sign-up", **{**NEW, "address": "+86 138-0013-8000"}).location == "/verify?next=/"
    assert "138****8000" in client.get("/verify").text
    assert send(client, "/verify", code=last_code()).location == "/desk"
    assert session.scalars(select(User)).one().mobile == "13800138000"


def test_the_token_is_stored_hashed_only(client: FlaskClient) -> None:
    sign_up(client)
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    assert token not in session.scalars(select(SignInSession.token_hash)).all()


def test_signing_up_does_not_tell_who_has_an_account(app: Flask, client: FlaskClient) -> None:
    sign_up(client)
    second = app.test_client()
    answer = send(second, "/sign-up", **{**NEW, "name": "Mallory", "password": "another very long one"})
    assert answer.location.startswith("/verify")
    assert "l***@example.org" in second.get("/verify").text
    assert send(second, "/verify", code="000000").status_code == 422
    assert session.scalars(select(User.name)).all() == ["Li Hua"]


def test_who_signs_up_with_a_strangers_address_never_gets_the_strangers_proof(app: Flask, client: FlaskClient) -> None:
    send(client, "/sign-up", **NEW)
    hers = {"address": NEW["address"], "password": "the password of mallory"}
    send(app.test_client(), "/sign-up", **{**NEW, **hers})
    assert send(client, "/verify", code=last_code()).status_code == 422
    assert send(app.test_client(), "/sign-in", **hers).status_code == 422
    sign_up(client)
    assert send(app.test_client(), "/sign-in", address=NEW["address"], password=PASSWORD).status_code == 302


def test_a_campus_behind_one_address_still_gets_in(app: Flask, client: FlaskClient) -> None:
    """Only wrong guesses count for good."""
    sign_up(client)
    for _ in range(3):
        send(app.test_client(), "/sign-in", address=NEW["address"], password=PASSWORD)
    kept = select(ThrottleCounter.count).where(ThrottleCounter.key.startswith("sign-in"))
    assert session.scalars(kept).all() == [0, 0]


def test_signing_in_and_out(app: Flask, client: FlaskClient) -> None:
    sign_up(client)
    other = app.test_client()
    page = "/sign-in?next=/account/sessions"
    assert send(other, page, address="li.hua@example.org", password=PASSWORD).location == "/account/sessions"
    assert other.get("/account").status_code == 200
    send(other, "/sign-out")
    assert other.get("/account").location.startswith("/sign-in")


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:x"])
def test_signing_in_never_leads_off_the_site(app: Flask, client: FlaskClient, target: str) -> None:
    sign_up(client)
    answer = send(app.test_client(), "/sign-in", address=NEW["address"], password=PASSWORD, next=target)
    assert answer.location == "/desk"


def test_an_unproved_address_does_not_sign_in(app: Flask, client: FlaskClient) -> None:
    send(client, "/sign-up", **NEW)
    assert send(app.test_client(), "/sign-in", address=NEW["address"], password=PASSWORD).status_code == 422


def test_wrong_passwords_are_throttled_per_account_and_the_window_ends(
    app: Flask, client: FlaskClient, clock: Clock
) -> None:
    sign_up(client)
    guesser = app.test_client()
    for _ in range(limits.SIGN_IN_PLACE.most):
        assert send(guesser, "/sign-in", address=NEW["address"], password="wrong").status_code == 422
    refused = send(guesser, "/sign-in", address=NEW["address"], password=PASSWORD)
    assert refused.status_code == 429
    clock.move(minutes=16)
    assert send(guesser, "/sign-in", address=NEW["address"], password=PASSWORD).status_code == 302


def test_without_the_throttle_the_sixth_guess_would_be_heard(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: it is the counter, and nothing else, that stops the guesser."""
    sign_up(client)
    monkeypatch.setattr("app.accounts.services.throttle.take", lambda *_args, **_named: None)
    guesser = app.test_client()
    for _ in range(limits.SIGN_IN_PLACE.most):
        send(guesser, "/sign-in", address=NEW["address"], password="wrong")
    assert send(guesser, "/sign-in", address=NEW["address"], password=PASSWORD).status_code == 302


def test_another_code_is_sent_on_request_until_the_address_is_proved(client: FlaskClient) -> None:
    assert send(client, "/verify/again").location == "/verify?next=/", "nobody waits: nothing is sent"
    send(client, "/sign-up", **NEW)
    first = last_code()
    assert send(client, "/verify/again", next="/bookings").location == "/verify?next=/bookings"
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 2
    second = last_code()
    assert first == second or send(client, "/verify", code=first).status_code == 422
    assert send(client, "/verify", code=second).location == "/desk"
    send(client, "/forgot-password", address=NEW["address"])
    sent = session.scalar(select(func.count()).select_from(OutboxMessage))
    send(client, "/verify/again")
    session.rollback()
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == sent, "there is nothing left to prove"


def test_codes_are_not_asked_for_without_end(client: FlaskClient) -> None:
    send(client, "/sign-up", **NEW)
    answers = [send(client, "/verify/again") for _ in range(limits.CODE_ACCOUNT.most)]
    assert [answer.status_code for answer in answers] == [302] * (limits.CODE_ACCOUNT.most - 1) + [429]
    assert answers[-1].headers["Retry-After"] == str(int(limits.CODE_ACCOUNT.window.total_seconds()))


def test_the_messages_are_open_on_a_demo_machine_only(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever could read the codes could sign in as anybody."""
    send(client, "/sign-up", **NEW)
    closed = app.test_client().get("/demo/outbox")
    assert (closed.status_code, last_code() in closed.text) == (404, False)
    monkeypatch.setitem(app.config, "DEMO", True)
    assert last_code() in app.test_client().get("/demo/outbox").text


def test_a_hash_of_weaker_days_is_made_anew_at_the_next_sign_in(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_up(client)
    before = session.scalars(select(User.password_hash)).one()
    monkeypatch.setitem(app.config, "ARGON2_TIME_COST", app.config["ARGON2_TIME_COST"] + 1)
    known = {"address": NEW["address"], "password": PASSWORD}
    assert send(app.test_client(), "/sign-in", **known).status_code == 302
    session.rollback()
    after = session.scalars(select(User.password_hash)).one()
    assert (after != before, passwords.is_outdated(after)) == (True, False)
    assert send(app.test_client(), "/sign-in", **known).status_code == 302
    session.rollback()
    assert session.scalars(select(User.password_hash)).one() == after


def test_a_code_dies_after_five_wrong_tries(client: FlaskClient) -> None:
    send(client, "/sign-up", **NEW)
    code = last_code()
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(limits.CODE_TRIES):
        assert send(client, "/verify", code=wrong).status_code == 422
    assert send(client, "/verify", code=code).status_code == 422


def test_a_code_dies_after_its_minutes(client: FlaskClient, clock: Clock) -> None:
    send(client, "/sign-up", **NEW)
    clock.move(minutes=15)
    assert send(client, "/verify", code=last_code()).status_code == 422


def test_a_forgotten_password_is_reset_and_every_session_ends(app: Flask, client: FlaskClient) -> None:
    sign_up(client)
    other = app.test_client()
    assert send(other, "/forgot-password", address=NEW["address"]).location == "/reset-password"
    assert send(other, "/reset-password", code=last_code(), password="a wholly new secret").location == "/sign-in"
    assert client.get("/account").location.startswith("/sign-in")
    assert send(other, "/sign-in", address=NEW["address"], password=PASSWORD).status_code == 422
    assert send(other, "/sign-in", address=NEW["address"], password="a wholly new secret").status_code == 302


def test_an_unknown_address_gets_the_same_answer(client: FlaskClient) -> None:
    assert send(client, "/forgot-password", address="nobody@example.org").location == "/reset-password"
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 0


def test_idle_and_old_sessions_end_by_themselves(client: FlaskClient, clock: Clock) -> None:
    sign_up(client)
    for _ in range(35):
        clock.move(minutes=20)
        assert client.get("/account").status_code == 200
    clock.move(minutes=20)
    assert client.get("/account").status_code == 302, "twelve hours are over, however busy"
    again = client.application.test_client()
    send(again, "/sign-in", address=NEW["address"], password=PASSWORD)
    clock.move(minutes=30)
    assert again.get("/account").status_code == 302


def test_a_new_version_of_the_terms_is_asked_before_going_on(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_up(client)
    monkeypatch.setattr("app.accounts.rules.documents.CURRENT", {"terms": "2027-01", "privacy": "2026-11"})
    assert client.get("/account").location == "/consent?next=/account"
    assert send(client, "/consent", next="/account").status_code == 422
    assert send(client, "/consent", agree="y", next="/account").location == "/account"
    assert client.get("/account").status_code == 200


def test_a_replaced_address_is_told_that_it_was_replaced(client: FlaskClient) -> None:
    """Whoever sits at a session that was left open cannot take the account away in silence."""
    sign_up(client)
    assert send(client, "/account/address", address="new@example.org").location == "/account/address/confirm"
    assert send(client, "/account/address/confirm", code=last_code()).location == "/account"
    told = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    assert told is not None
    assert told.address == "li.hua@example.org"
    assert not re.search(r"\d{6}", told.body)


def test_a_reset_code_works_once_and_for_its_minutes(app: Flask, client: FlaskClient, clock: Clock) -> None:
    sign_up(client)
    other, third = app.test_client(), app.test_client()
    for guest in (other, third):
        send(guest, "/forgot-password", address=NEW["address"])
    code = last_code()
    assert send(other, "/reset-password", code=code, password="a wholly new secret").status_code == 302
    assert send(third, "/reset-password", code=code, password="another new secret").status_code == 422
    send(other, "/forgot-password", address=NEW["address"])
    clock.move(minutes=15)
    assert send(other, "/reset-password", code=last_code(), password="another new secret").status_code == 422
    assert send(client, "/sign-in", address=NEW["address"], password="a wholly new secret").status_code == 302


def test_an_unknown_account_costs_as_many_hashes_as_a_known_one(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the time an answer takes would tell who has an account here."""
    known = passwords.hash_of("right")
    passwords.fits(None, "first")  # what unknown accounts are held against is made once
    work: list[str] = []

    def watched(name: str) -> Callable[..., Any]:
        real = getattr(PasswordHasher, name)

        def noted(*given: Any) -> Any:
            work.append(name)
            return real(*given)

        return noted

    for name in ("hash", "verify"):
        monkeypatch.setattr(PasswordHasher, name, watched(name))
    for stored in (known, None):
        work.clear()
        assert not passwords.fits(stored, "wrong")
        assert work == ["verify"]
