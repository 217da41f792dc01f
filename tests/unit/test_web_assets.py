"""Built browser files by name; what is missing is told where it is asked for, not by a page that looks wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask

from app.web.assets import Manifest


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    (tmp_path / "manifest.json").write_text(json.dumps({"files": {"icons.svg": "icons-1.svg"}, "icons": ["check"]}))
    return Manifest(tmp_path)


def test_files_that_are_not_built_are_told_with_what_builds_them(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="make setup"):
        Manifest(tmp_path)


def test_only_icons_of_the_sprite_are_drawn(manifest: Manifest) -> None:
    with Flask(__name__).test_request_context():
        assert '<use href="/static/icons-1.svg#check"/>' in manifest.icon("check")
        with pytest.raises(LookupError, match=r"icons\.txt"):
            manifest.icon("chekc")
