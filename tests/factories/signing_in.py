"""A browser signed in as somebody, by a real session row."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from app.access import Actor
from app.accounts.models import User
from app.accounts.services import consent, sessions
from app.infra.clock import now
from app.infra.transactions import transaction


def signed_in(app: Flask, user: User) -> FlaskClient:
    """Agreed to the documents in force, and with the cookie that signing in would have set."""
    with transaction():
        consent.give(user.id, actor=Actor(user_id=user.id), now=now())
        token = sessions.begin(user, address="127.0.0.1", agent="test", now=now())
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    return client


def signed_in_english(app: Flask, user: User) -> FlaskClient:
    client = signed_in(app, user)
    client.set_cookie("language", "en")
    return client
