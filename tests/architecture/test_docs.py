"""What docs/ says of the code is what the code says."""

from __future__ import annotations

import re
from pathlib import Path

from tools.dictionary import FILE, dictionary

ROOT = Path(__file__).parents[2]


def test_the_data_dictionary_is_current() -> None:
    assert FILE.read_text() == dictionary()


def test_documents_name_files_that_exist() -> None:
    named = re.compile(r"`((?:app|tests|tools|docs)/[\w./-]+)`")
    missing = [
        (page.name, path)
        for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for path in named.findall(page.read_text())
        if not (ROOT / path).exists() and not (ROOT / f"{path}.py").exists()
    ]
    assert missing == []
