"""Uploaded files, kept under the digest of their content."""

from __future__ import annotations

import hashlib
import os
import tempfile
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from flask import current_app
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, PublicId, session
from app.kernel.errors import refuse

_CHUNK = 1 << 20


class StoredFile(PublicId, Base):
    """What was uploaded, by whom; several rows may share one content."""

    __tablename__ = "stored_files"

    digest: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]


def folder() -> Path:
    return Path(current_app.config["DATA_FOLDER"]) / "files"


def path_of(digest: str) -> Path:
    return folder() / digest[:2] / digest


def store(content: BinaryIO, *, name: str, media_type: str, owner_id: int | None, now: datetime) -> StoredFile:
    """Write the content to disk, synced, then note it; refused when larger than MAX_UPLOAD_BYTES.

    A roll-back leaves at most an unreferenced file, never a reference without its file.
    """
    digest, size = _write(content, limit=current_app.config["MAX_UPLOAD_BYTES"])
    row = StoredFile(
        digest=digest, size=size, name=_plain(name), media_type=media_type, owner_id=owner_id, created_at=now
    )
    session.add(row)
    session.flush()
    return row


def _plain(name: str) -> str:
    """The name as a list can show and a header can carry it."""
    return "".join(c for c in Path(name).name if c.isprintable())[:200]


def _write(content: BinaryIO, *, limit: int) -> tuple[str, int]:
    folder().mkdir(parents=True, exist_ok=True)
    sha, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=folder(), delete=False) as draft:
        try:
            while chunk := content.read(_CHUNK):
                size += len(chunk)
                if size > limit:
                    raise refuse("file-too-large", limit_mib=limit >> 20)
                sha.update(chunk)
                draft.write(chunk)
            draft.flush()
            os.fsync(draft.fileno())
        except BaseException:
            Path(draft.name).unlink()
            raise
    target = path_of(sha.hexdigest())
    target.parent.mkdir(exist_ok=True)
    Path(draft.name).replace(target)
    _sync(target.parent)
    return sha.hexdigest(), size


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
