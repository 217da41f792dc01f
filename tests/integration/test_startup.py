"""Production refuses to serve on settings or data that must never meet the public."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from flask import Flask, request
from werkzeug.test import Client

from app.factory import create_app
from app.infra import jobs
from app.infra.db import db, session
from app.infra.transactions import transaction
from app.startup import Misconfigured

SECRET = "e0c1d5b8a7f2493e8d6b4f1a2c3e5d7f9081b2c3"
SOUND: dict[str, Any] = {
    "SECRET_KEY": SECRET,
    "TRUSTED_HOSTS": ["platform.example.org"],
    "DATA_FOLDER": tempfile.gettempdir(),
    "SQLALCHEMY_DATABASE_URI": "postgresql+psycopg://nobody@/nowhere?host=/nonexistent",
}


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """Production takes the root logger over; the other tests want it back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


def start(**settings: Any) -> Flask:
    return create_app("production", **{**SOUND, **settings})


def test_sound_settings_start() -> None:
    start()


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": SECRET[:31]}, "SECRET_KEY is missing or shorter than 32"),
        ({"SECRET_KEY": "passwordpassword" * 3}, "SECRET_KEY can be guessed"),
        ({"SECRET_KEY": "development-only-not-a-secret" * 2}, "SECRET_KEY can be guessed"),
        ({"DEBUG": True}, "debug"),
        ({"TESTING": True}, "testing"),
        ({"DEMO": True}, "DEMO"),
        ({"TRUSTED_HOSTS": None}, "TRUSTED_HOSTS"),
        ({"SQLALCHEMY_DATABASE_URI": "sqlite:////tmp/platform.db"}, "DATABASE_URL"),
        ({"SMTP_URL": "smtp://mail.example.org"}, "MAIL_FROM"),
        ({"SMTP_URL": "mail.example.org", "MAIL_FROM": "a@example.org"}, "SMTP_URL must read"),
        ({"SMTP_URL": "smtp://mail.example.org:x", "MAIL_FROM": "a@example.org"}, "SMTP_URL must read"),
        ({"DATA_FOLDER": ""}, "DATA_FOLDER must be"),
        ({"DATA_FOLDER": "/proc/nowhere"}, "DATA_FOLDER cannot be used"),
        ({"SQLALCHEMY_DATABASE_URI": "nonsense"}, "DATABASE_URL must begin"),
        ({"SQLALCHEMY_DATABASE_URI": "mysql://a/b"}, "DATABASE_URL must begin"),
        ({"TRUSTED_PROXIES": "one"}, "TRUSTED_PROXIES"),
    ],
)
def test_each_unsafe_setting_is_refused_by_name(settings: dict[str, Any], named: str) -> None:
    with pytest.raises(Misconfigured, match=named):
        start(**settings)


def test_an_unknown_environment_is_refused_by_name() -> None:
    with pytest.raises(Misconfigured, match="APP_ENV is 'prod'"):
        create_app("prod")


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(Misconfigured) as refusal:
        start(SECRET_KEY="", TRUSTED_HOSTS=None, DEMO=True)
    assert all(name in str(refusal.value) for name in ("SECRET_KEY", "TRUSTED_HOSTS", "DEMO"))


def test_a_database_with_demo_data_is_refused(app: Flask, now: datetime) -> None:
    here = {"SQLALCHEMY_DATABASE_URI": app.config["SQLALCHEMY_DATABASE_URI"], "ALLOW_SQLITE": True}
    start(**here)
    with transaction():
        jobs.claim(*jobs.DEMO, now=now)
    with pytest.raises(Misconfigured, match="demo data"):
        start(**here)


@pytest.mark.parametrize("rig", ["sqlite"], indirect=True)  # the tests' server belongs to whoever runs them: a fault
def test_config_check_says_when_everything_is_as_production_needs_it(app: Flask) -> None:
    here = {"SQLALCHEMY_DATABASE_URI": app.config["SQLALCHEMY_DATABASE_URI"], "ALLOW_SQLITE": True}
    ready = start(**here)
    with ready.app_context():
        done = ready.test_cli_runner().invoke(args=["config", "check"])
        session.remove()
        db.engine.dispose()
    assert (done.exit_code, done.output) == (0, "Everything is as production needs it.\n")


@pytest.mark.parametrize(("proxies", "seen"), [(0, "10.0.0.9"), (1, "203.0.113.7"), (2, "198.51.100.1")])
def test_only_so_many_proxies_are_believed(proxies: int, seen: str) -> None:
    app = start(TRUSTED_PROXIES=proxies)
    addresses: list[str | None] = []
    app.before_request_funcs.setdefault(None, []).insert(0, lambda: addresses.append(request.remote_addr))
    headers = {"X-Forwarded-For": "198.51.100.1, 203.0.113.7", "Host": "platform.example.org"}
    Client(app).get("/healthz", headers=headers, environ_overrides={"REMOTE_ADDR": "10.0.0.9"})
    assert addresses == [seen]
