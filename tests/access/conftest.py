"""One built world per module; it is brought back after every request that may have changed it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text

from app.audit.models import AuditHead
from app.infra.db import Base, db, session
from tests.access.world import World, build
from tests.conftest import Clock, Rig


class Scene:
    """The application with the world in it, and a way back to how it was."""

    def __init__(self, rig: Rig) -> None:
        self.rig, self.app = rig, rig.app
        self.kept = rig.folder / f"{rig.worker}-access.db"
        self._build()

    def _build(self) -> None:
        self.rig.replace()
        clock = Clock()
        self.app.extensions["clock"] = clock
        self.world: World = build(self.app, clock)
        self.entries_before = self.entries()
        if self.rig.server is None:
            self._close()
            with sqlite3.connect(self.rig.mine) as raw:
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            shutil.copyfile(self.rig.mine, self.kept)

    def restore(self) -> None:
        self._close()
        if self.rig.server is not None:
            self._build()
            return
        for rest in ("-wal", "-shm"):
            Path(f"{self.rig.mine}{rest}").unlink(missing_ok=True)
        shutil.copyfile(self.kept, self.rig.mine)

    def _close(self) -> None:
        session.expunge_all()
        session.remove()
        db.engine.dispose()

    def entries(self) -> int:
        """How long the audit chain is."""
        session.rollback()
        return session.scalars(select(AuditHead.length)).one()

    def rows(self) -> list[int]:
        """How many rows every table has."""
        counts = " UNION ALL ".join(f"SELECT count(*) AS n FROM {name}" for name in sorted(Base.metadata.tables))
        found = [int(n) for (n,) in session.execute(text(counts))]
        session.rollback()
        return found


@pytest.fixture(scope="module")
def scene(rig: Rig) -> Iterator[Scene]:
    with rig.app.app_context():
        scene = Scene(rig)
        yield scene
        session.remove()
        db.engine.dispose()
