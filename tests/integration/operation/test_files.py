"""Uploaded files as they lie on disk: under the digest of their content, and never longer than allowed."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.infra import files
from app.infra.db import session
from app.infra.files import StoredFile
from app.infra.transactions import transaction
from app.kernel.errors import Refused

MOST = 3 << 20


@pytest.fixture
def _three_mib(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(app.config, "MAX_UPLOAD_BYTES", MOST)
    monkeypatch.setitem(app.config, "DATA_FOLDER", str(tmp_path))


def keep(content: bytes, now: datetime) -> None:
    with transaction():
        files.store(io.BytesIO(content), name="a.pdf", media_type="application/pdf", owner_id=None, now=now)


@pytest.mark.usefixtures("_three_mib")
def test_a_file_of_the_longest_size_is_kept_under_its_digest(now: datetime) -> None:
    content = b"x" * MOST
    keep(content, now)
    keep(content, now)
    digest = hashlib.sha256(content).hexdigest()
    assert session.execute(select(StoredFile.digest, StoredFile.size)).all() == [(digest, MOST)] * 2
    assert [path for path in files.folder().rglob("*") if path.is_file()] == [files.path_of(digest)]
    assert files.path_of(digest).read_bytes() == content


@pytest.mark.usefixtures("_three_mib")
def test_one_byte_more_is_refused_and_leaves_nothing_behind(now: datetime) -> None:
    with pytest.raises(Refused) as refusal:
        keep(b"x" * (MOST + 1), now)
    assert [(one.code, one.params) for one in refusal.value.refusals] == [("file-too-large", {"limit_mib": 3})]
    assert list(files.folder().rglob("*")) == []
    assert session.scalars(select(StoredFile)).all() == []
