"""The platform under test on both engines: every test starts from a freshly migrated database."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from app.factory import create_app
from app.infra.db import db, session
from app.infra.transactions import transaction
from tests.factories.cast import Cast, gather
from tests.rig.once import once
from tests.rig.postgres import Server

ENGINES = ("sqlite", "postgresql")

# A Wednesday morning in Beijing, in term and in no holiday.
START = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)


class Clock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.instant = START

    def __call__(self) -> datetime:
        return self.instant

    def move(self, **by: float) -> datetime:
        self.instant += timedelta(**by)
        return self.instant


class Visitor(FlaskClient):
    """Each request in a context of its own, as on a server: nothing of one is remembered in the next."""

    def open(self, *args: Any, **options: Any) -> Any:
        session.rollback()  # so that the test's next look sees what the request did
        options.setdefault("buffered", True)  # the whole answer, its file closed
        with self.application.app_context():
            return super().open(*args, **options)


class Rig:
    """One application per engine and worker; the database behind it is replaced before each test."""

    def __init__(self, engine: str, folder: Path, worker: str, server: Server | None) -> None:
        self.folder, self.worker, self.server = folder, worker, server
        self.template = folder / "template.db"
        self.mine = folder / f"{worker}.db"
        url = server.url(worker) if server else f"sqlite:///{self.mine}"
        once(folder, f"template-{engine}", self._migrate_template)
        self.replace()
        self.app = create_app("testing", SQLALCHEMY_DATABASE_URI=url, DATA_FOLDER=str(folder / f"{worker}-{engine}"))
        self.app.test_client_class = Visitor

    def _migrate_template(self) -> None:
        url = self.server.create("template_migrated") if self.server else f"sqlite:///{self.template}"
        app = create_app("testing", SQLALCHEMY_DATABASE_URI=url)
        with app.app_context():
            upgrade()
            db.engine.dispose()

    def replace(self) -> None:
        if self.server:
            self.server.renew(self.worker, template="template_migrated")
            return
        for rest in ("-wal", "-shm"):
            Path(f"{self.mine}{rest}").unlink(missing_ok=True)
        shutil.copyfile(self.template, self.mine)


@pytest.fixture(scope="session")
def worker(worker_id: str) -> str:
    return f"w_{worker_id}"


@pytest.fixture(scope="session", params=ENGINES)
def rig(request: pytest.FixtureRequest, session_folder: Path, worker: str) -> Iterator[Rig]:
    server = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    rig = Rig(request.param, session_folder, worker, server)
    yield rig
    with rig.app.app_context():
        db.engine.dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(rig: Rig, clock: Clock) -> Iterator[Flask]:
    """An application context on an empty, migrated database of each engine in turn."""
    rig.replace()
    rig.app.extensions["clock"] = clock
    with rig.app.app_context():
        yield rig.app
        session.remove()
        db.engine.dispose()


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The people every page is asked about, with their organisations and instruments."""
    with transaction():
        return gather()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def now(clock: Clock) -> datetime:
    return clock()
