"""`/healthz` and `/readyz`: what a supervisor and a load balancer are told."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.factory import create_app
from app.infra import jobs
from app.infra.db import db, session
from app.infra.transactions import transaction
from tests.conftest import Rig
from tests.rig.postgres import DURABLE, running


def faults(client: FlaskClient) -> tuple[int, set[str]]:
    answer = client.get("/readyz")
    return answer.status_code, set(answer.get_json()["faults"])


def test_the_process_is_up_even_without_its_database() -> None:
    client = create_app("testing", SQLALCHEMY_DATABASE_URI="sqlite:////nonexistent/platform.db").test_client()
    assert client.get("/healthz").get_json() == {"status": "up"}
    assert faults(client) == (503, {"database-unreachable"})


def test_ready_as_promised_and_postgres_without_fsync_is_not(client: FlaskClient, rig: Rig) -> None:
    """The tests' own PostgreSQL risks what a crash of the machine would take, and is told so."""
    risky = {"postgresql-fsync", "postgresql-synchronous_commit", "postgresql-full_page_writes"}
    assert faults(client) == ((503, risky) if rig.server else (200, set()))


def test_ready_on_a_durable_postgres_once_migrated() -> None:
    with running(DURABLE) as server:
        app = create_app("testing", SQLALCHEMY_DATABASE_URI=server.create("durable"))
        client = app.test_client()
        assert faults(client) == (503, {"migrations-not-at-head"})
        assert app.test_cli_runner().invoke(args=["db", "upgrade"]).exit_code == 0
        assert faults(client) == (200, set())
        with app.app_context():
            db.engine.dispose()


def test_an_older_schema_is_not_ready(client: FlaskClient) -> None:
    with transaction():
        session.execute(text("UPDATE alembic_version SET version_num = '0001_people'"))
    assert "migrations-not-at-head" in faults(client)[1]


def test_demo_data_outside_a_demo_is_not_ready(app: Flask, client: FlaskClient, now: datetime) -> None:
    with transaction():
        jobs.claim(*jobs.DEMO, now=now)
    assert "demo-data" in faults(client)[1]
