"""Forms as pages send them."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from flask import session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse


def csrf_token(client: FlaskClient) -> str:
    """The token that any page opened with this cookie would carry."""
    app = client.application
    with app.app_context(), client.session_transaction() as cookie, app.test_request_context():
        session.update(cookie)
        token: str = generate_csrf()
        cookie["csrf_token"] = session["csrf_token"]
    return token


def send(client: FlaskClient, path: str, /, **fields: Any) -> TestResponse:
    """Post a form with the page's token and a fresh key against double sending."""
    return client.post(path, data={"csrf_token": csrf_token(client), "idempotency_key": uuid4().hex, **fields})


def blamed(answer: TestResponse) -> list[str]:
    """The fields of a refused form that have a sentence below them."""
    return re.findall(r'id="([\w-]+)-error"', answer.text)
