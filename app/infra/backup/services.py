"""The two acts: make a backup beside running writers, and restore one into an empty place."""

from __future__ import annotations

import os
import re
import shutil
from datetime import datetime
from pathlib import Path
from types import ModuleType

from sqlalchemy import URL, inspect, text

from app.infra import files, readiness
from app.infra.backup import manifest, postgresql, sqlite
from app.infra.backup.manifest import Failure, Manifest, Watch
from app.infra.db import Base, db
from app.infra.settings import setting

STAMP = "%Y%m%dT%H%M%SZ"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_ENGINES: dict[str, ModuleType] = {"sqlite": sqlite, "postgresql": postgresql}


def make(into: Path, *, now: datetime, watch: Watch) -> tuple[Path, str]:
    """Write a new folder in `into` and return it with the digest of its manifest.

    The database is copied first: files are written before the rows that name them, and never
    deleted, so every row of the copy finds its file.
    """
    made = into / f"backup-{now:{STAMP}}"
    draft = made.with_suffix(".partial")
    if made.exists():
        raise Failure(f"{made} exists already")
    draft.mkdir(parents=True)
    draft.chmod(0o700)
    engine = _ENGINES[_url().get_backend_name()]
    found = engine.dump(_url(), draft, _tables(), watch)
    contents = {engine.FILE: manifest.digest(draft / engine.FILE)}
    contents |= _copy_files(files.folder(), draft / "files", watch)
    if missing := set(found.files) - set(contents.values()):
        raise Failure(f"{len(missing)} uploaded files are missing from {files.folder()}, first {min(missing)}")
    stamp, version = now.isoformat(), setting("VERSION")
    digest = manifest.write(draft, Manifest(stamp, version, _url().get_backend_name(), found, contents))
    draft.rename(made)
    return made, digest


def restore(folder: Path, *, watch: Watch) -> Manifest:
    """Bring everything of the backup back, having checked it whole first, and compare what arrived."""
    kept = manifest.read(folder)
    if kept.engine != _url().get_backend_name():
        raise Failure(f"the backup is of {kept.engine}, DATABASE_URL names {_url().get_backend_name()}")
    if kept.facts.revision not in readiness.heads():
        raise Failure(
            f"the backup is of version {kept.version} (schema {kept.facts.revision}), this program has "
            f"{', '.join(readiness.heads())}: restore it with that version, then upgrade"
        )
    manifest.check(folder, kept, watch)
    engine = _ENGINES[kept.engine]
    db.engine.dispose()
    engine.load(_url(), folder, watch)
    _copy_files(folder / "files", files.folder(), watch)
    if engine.facts(_url(), sorted(kept.facts.tables)) != kept.facts:
        raise Failure("what was restored differs from what the manifest says")
    return kept


def is_empty() -> bool:
    """Whether nobody and nothing would be lost here: no people, no audit, no files."""
    if any(_digests(files.folder())):
        return False
    with db.engine.connect() as connection:
        present = set(inspect(connection).get_table_names())
        counted = [f'SELECT 1 FROM "{table}" LIMIT 1' for table in ("users", "audit_entries") if table in present]  # noqa: S608
        return not any(connection.execute(text(statement)).first() for statement in counted)


def _url() -> URL:
    return db.engine.url


def _tables() -> list[str]:
    return sorted(Base.metadata.tables)


def _digests(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("??/*") if _DIGEST.fullmatch(path.name))


def _copy_files(source: Path, target: Path, watch: Watch) -> dict[str, str]:
    """Copy what is kept under its digest, never trusting the name; path inside the backup → digest."""
    found = _digests(source)
    for number, path in enumerate(found, start=1):
        if manifest.digest(path) != path.name:
            raise Failure(f"the uploaded file {path.name} was altered on disk")
        place = target / path.name[:2] / path.name
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = place.with_suffix(".partial")
        shutil.copyfile(path, draft)
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.rename(place)
        watch("Uploaded files", number, len(found))
    return {f"files/{path.name[:2]}/{path.name}": path.name for path in found}
